// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/camera_model.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "tests/rig/camera/ptp_codes.hpp"
#include "tests/rig/pictures/heic.hpp"
#include "tests/rig/pictures/resample.hpp"

namespace quay::rig {
namespace {

constexpr std::uint32_t kDcim = 1;
constexpr std::uint32_t kFolder = 2;
constexpr std::int32_t kLiveWidth = 640;
constexpr int kLiveQuality = 60;
constexpr int kMark = 16;
constexpr std::size_t kHeicScenes = 2;
constexpr std::int32_t kHeicWidth = 1000;

bool is_of_shot(CameraFaultKind kind) { return kind != CameraFaultKind::none && kind < CameraFaultKind::hang; }

bool is_of_wire(CameraFaultKind kind) {
  return kind >= CameraFaultKind::hang && kind != CameraFaultKind::long_size && kind != CameraFaultKind::half_jpeg;
}

std::uint16_t refusal_of(CameraFaultKind kind) {
  switch (kind) {
    case CameraFaultKind::busy: return ptp::kDeviceBusy;
    case CameraFaultKind::error: return ptp::kGeneralError;
    case CameraFaultKind::no_focus: return ptp::kNikonOutOfFocus;
    case CameraFaultKind::store_full: return ptp::kStoreFull;
    default: return ptp::kOk;
  }
}

}  // namespace

CameraModel::CameraModel(CameraOptions options, std::vector<PaperSide> scenes)
    : options_(std::move(options)), scenes_(std::move(scenes)), room_(options_.room), battery_(options_.battery) {
  if (options_.heic) {
    code_scenes();
  }
  objects_.push_back({kDcim, 0, "DCIM", {}, {}});
  objects_.push_back({kFolder, kDcim, "100QUAY_", {}, {}});
  for (int i = 0; i < options_.old; ++i) {
    keep_picture(false);
  }
  taken_ = 0;
  room_ = options_.room;
  scene_ = 0;
}

std::vector<CardObject> CameraModel::objects() const {
  const std::scoped_lock lock(mutex_);
  return objects_;
}

std::optional<CardObject> CameraModel::object(std::uint32_t handle) const {
  const std::scoped_lock lock(mutex_);
  const auto found =
      std::find_if(objects_.begin(), objects_.end(), [&](const auto& one) { return one.handle == handle; });
  return found == objects_.end() ? std::nullopt : std::optional(*found);
}

bool CameraModel::remove(std::uint32_t handle) {
  const std::scoped_lock lock(mutex_);
  const auto gone = std::erase_if(objects_, [&](const auto& one) { return one.handle == handle && one.file; });
  room_ += static_cast<int>(gone);
  deleted_ += static_cast<int>(gone);
  return gone == 1;
}

int CameraModel::room() const {
  const std::scoped_lock lock(mutex_);
  return room_;
}

int CameraModel::battery() const {
  const std::scoped_lock lock(mutex_);
  return battery_;
}

/// With the lock held.
bool CameraModel::takes_raw() const {
  const auto set = std::find_if(settings_.begin(), settings_.end(),
                                [](const auto& one) { return one.first == ptp::kCompressionSetting; });
  return (options_.raw || options_.raw_only) && (set == settings_.end() || set->second == ptp::kRawQuality);
}

/// The first scenes as HEIC, smaller: what a phone does in hardware takes seconds here, and is done before anybody
/// waits.
void CameraModel::code_scenes() {
  scenes_.resize(std::min(scenes_.size(), kHeicScenes));
  for (PaperSide& scene : scenes_) {
    const auto picture = decode_jpeg(scene.jpeg);
    const PixelSize whole = picture ? picture->size() : PixelSize{};
    const PixelSize size{kHeicWidth, picture ? whole.height * kHeicWidth / whole.width : 0};
    const PixelBox all{0, 0, static_cast<double>(whole.width), static_cast<double>(whole.height)};
    const auto heic = picture ? encode_heic(resample(picture->view(), all, size, {}).view()) : Result<Bytes>(Bytes());
    scene.jpeg = heic.value_or(Bytes());
    scene.facts.size = size;
  }
}

/// Gives its handle. With the lock held.
std::uint32_t CameraModel::keep_picture(bool half) {
  const PaperSide& scene = scenes_[scene_ % scenes_.size()];
  auto file = std::make_shared<const Bytes>(scene.jpeg);  // of a raw one nobody looks at the bytes
  if (half) {
    file = std::make_shared<const Bytes>(file->begin(), file->begin() + static_cast<std::ptrdiff_t>(file->size() / 2));
  }
  const std::uint32_t handle = next_handle_++;
  const char* ending = options_.heic ? "HEIC" : takes_raw() ? "NEF" : "JPG";
  objects_.push_back({handle, kFolder, fmt::format("QUAY{:04}.{}", handle, ending), std::move(file), scene.facts.size});
  ++scene_;
  ++taken_;
  --room_;
  view_.reset();
  return handle;
}

std::uint16_t CameraModel::shoot() {
  std::vector<CameraEvent> events;
  std::function<void(CameraEvent)> tell;
  Milliseconds pace{0};
  {
    const std::scoped_lock lock(mutex_);
    const bool half = fault_.kind == CameraFaultKind::half_jpeg;
    const CameraFaultKind fault = spend(is_of_shot(fault_.kind) || half);
    if (const std::uint16_t refused = refusal_of(fault); refused != ptp::kOk) {
      return refused;
    }
    if (room_ <= 0) {
      return ptp::kStoreFull;
    }
    if (fault == CameraFaultKind::full_on_shot) {
      events.push_back({ptp::kStoreFullEvent, 0x00010001});
    } else {
      if (fault != CameraFaultKind::no_object) {
        events.push_back({ptp::kObjectAdded, keep_picture(half)});
      }
      if (fault != CameraFaultKind::no_complete) {
        events.push_back({ptp::kCaptureComplete, 0});
      }
    }
    pace = pace_;
    if (hold_) {
      held_.insert(held_.end(), events.begin(), events.end());
    } else {
      tell = tell_;
    }
  }
  std::this_thread::sleep_for(pace);
  for (const CameraEvent& event : events) {
    if (tell) {
      tell(event);
    }
  }
  return ptp::kOk;
}

void CameraModel::press() { shoot(); }

void CameraModel::start_live_view(bool on) {
  const std::scoped_lock lock(mutex_);
  live_ = on;
}

bool CameraModel::in_live_view() const {
  const std::scoped_lock lock(mutex_);
  return live_;
}

std::optional<Bytes> CameraModel::live_frame() {
  const std::scoped_lock lock(mutex_);
  if (!live_) {
    return std::nullopt;
  }
  if (!view_) {
    const auto scene = decode_jpeg(scenes_[scene_ % scenes_.size()].jpeg);
    if (!scene) {
      return std::nullopt;
    }
    const std::int32_t height = scene->size().height * kLiveWidth / scene->size().width;
    const PixelBox all{0, 0, static_cast<double>(scene->size().width), static_cast<double>(scene->size().height)};
    view_ = resample(scene->view(), all, {kLiveWidth, height}, {});
  }
  Image frame = *view_;
  const std::int32_t left = frames_++ * kMark % (kLiveWidth - kMark);
  const std::size_t channels = frame.format() == PixelFormat::rgb ? 3 : 1;
  for (std::int32_t y = 0; y < kMark; ++y) {
    std::fill_n(frame.row(y) + channels * static_cast<std::size_t>(left), channels * kMark, std::uint8_t{0});
  }
  auto jpeg = encode_jpeg(frame.view(), kLiveQuality);
  return jpeg ? std::optional(*std::move(jpeg)) : std::nullopt;
}

std::uint32_t CameraModel::setting(std::uint16_t property, std::uint32_t otherwise) const {
  const std::scoped_lock lock(mutex_);
  const auto found =
      std::find_if(settings_.begin(), settings_.end(), [&](const auto& one) { return one.first == property; });
  return found == settings_.end() ? otherwise : found->second;
}

void CameraModel::set(std::uint16_t property, std::uint32_t value) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(settings_, [&](const auto& one) { return one.first == property; });
  settings_.emplace_back(property, value);
}

void CameraModel::aim(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  scene_ = index;
  view_.reset();
}

void CameraModel::set_room(int pictures) {
  const std::scoped_lock lock(mutex_);
  room_ = pictures;
}

void CameraModel::set_pace(Milliseconds pace) {
  const std::scoped_lock lock(mutex_);
  pace_ = pace;
}

void CameraModel::hold(bool on) {
  std::vector<CameraEvent> events;
  std::function<void(CameraEvent)> tell;
  {
    const std::scoped_lock lock(mutex_);
    hold_ = on;
    if (!on) {
      events.swap(held_);
      tell = tell_;
    }
  }
  for (const CameraEvent& event : events) {
    if (tell) {
      tell(event);
    }
  }
}

void CameraModel::set_battery(int percent) {
  const std::scoped_lock lock(mutex_);
  battery_ = percent;
}

std::uint16_t CameraModel::storages(std::vector<std::uint32_t>& visible) const {
  const std::scoped_lock lock(mutex_);
  visible = visible_storages(options_.phone, access_, ptp::kCard);
  return access_ == PhoneAccess::denied ? ptp::kAccessDenied : ptp::kOk;
}

void CameraModel::set_access(PhoneAccess access) {
  std::function<void(CameraEvent)> tell;
  {
    const std::scoped_lock lock(mutex_);
    access_ = access;
    tell = access == PhoneAccess::open ? tell_ : std::function<void(CameraEvent)>();
  }
  if (tell) {
    tell({ptp::kStoreAdded, ptp::kCard});
  }
}

void CameraModel::set_fault(const CameraFault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  operations_ = 0;
  matched_ = 0;
}

void CameraModel::set_tell(std::function<void(CameraEvent)> tell) {
  const std::scoped_lock lock(mutex_);
  tell_ = std::move(tell);
}

/// The fault when `strikes`, counted. With the lock held.
CameraFaultKind CameraModel::spend(bool strikes) {
  if (!strikes) {
    return CameraFaultKind::none;
  }
  const CameraFaultKind kind = fault_.kind;
  if (fault_.times > 0 && --fault_.times == 0) {
    fault_ = {};
  }
  return kind;
}

CameraFaultKind CameraModel::strike(std::uint16_t operation) {
  const std::scoped_lock lock(mutex_);
  ++operations_;
  writes_ += is_write(operation) ? 1 : 0;
  const bool matches = fault_.operation == 0 || fault_.operation == operation;
  const bool here = matches && ++matched_ >= fault_.at;
  const bool of_size = fault_.kind == CameraFaultKind::long_size && operation == ptp::kGetObjectInfo;
  return spend((is_of_wire(fault_.kind) && here) || of_size);
}

void CameraModel::session_opened() {
  const std::scoped_lock lock(mutex_);
  ++sessions_;
}

std::string CameraModel::status_line() const {
  const std::scoped_lock lock(mutex_);
  const auto pictures =
      std::count_if(objects_.begin(), objects_.end(), [](const auto& one) { return one.file != nullptr; });
  const auto iso = std::find_if(settings_.begin(), settings_.end(),
                                [](const auto& one) { return one.first == ptp::kExposureIndex; });
  return fmt::format(
      "pictures={} taken={} deleted={} sessions={} live={} frames={} battery={} room={} operations={} "
      "writes={} iso={}",
      pictures, taken_, deleted_, sessions_, live_ ? 1 : 0, frames_, battery_, room_, operations_, writes_,
      iso == settings_.end() ? ptp::kFirstIso : iso->second);
}

}  // namespace quay::rig
