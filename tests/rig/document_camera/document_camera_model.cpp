// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/document_camera_model.hpp"

#include <linux/videodev2.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tests/rig/pictures/resample.hpp"

namespace quay::rig {
namespace {

constexpr int kQuality = 88;
constexpr std::uint32_t kGrains = 3;  ///< frames of one scene that differ by their noise
constexpr std::size_t kMostDrawn = 60;
constexpr double kOutOfFocus = 0.006;
constexpr double kDarkest = 0.25;
constexpr int kHuntPeriod = 4;
constexpr int kHuntSharp = 2;
constexpr int kSmall = 640 * 480;

/// Motion JPEG leaves the typical tables out: the segments DHT (FFC4) before the scan.
Bytes without_tables(const Bytes& jpeg) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  std::size_t at = 2;
  while (at + 4 < jpeg.size() && jpeg[at + 1] != 0xDA) {
    const std::size_t length = 2 + (static_cast<std::size_t>(jpeg[at + 2]) << 8 | jpeg[at + 3]);
    if (jpeg[at + 1] != 0xC4) {
      out.insert(out.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at),
                 jpeg.begin() + static_cast<std::ptrdiff_t>(at + length));
    }
    at += length;
  }
  out.insert(out.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at), jpeg.end());
  return out;
}

/// ITU-R BT.601, limited range.
Bytes yuyv_of(const Image& rgb) {
  Bytes out;
  out.reserve(static_cast<std::size_t>(rgb.size().width) * static_cast<std::size_t>(rgb.size().height) * 2);
  const auto byte = [](double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); };
  for (std::int32_t y = 0; y < rgb.size().height; ++y) {
    const std::uint8_t* row = rgb.row(y);
    for (std::int32_t x = 0; x < rgb.size().width; ++x) {
      const double r = row[x * 3], g = row[x * 3 + 1], b = row[x * 3 + 2];
      out.push_back(byte(16 + 0.257 * r + 0.504 * g + 0.098 * b));
      out.push_back(x % 2 == 0 ? byte(128 - 0.148 * r - 0.291 * g + 0.439 * b)
                               : byte(128 + 0.439 * r - 0.368 * g - 0.071 * b));
    }
  }
  return out;
}

}  // namespace

DocumentCameraModel::DocumentCameraModel(DocumentCameraOptions options, std::vector<PaperSide> sheets)
    : options_(std::move(options)), sheets_(std::move(sheets)) {
  desk_.sheet = 0;
}

/// The desk as frame `number` shows it. With the lock held.
Desk DocumentCameraModel::seen(int number) const {
  Desk desk = desk_;
  if (wobble_) {
    desk.right += 0.03 * std::sin(number);
    desk.down += 0.03 * std::cos(1.7 * number);
  }
  if (fault_.kind == VideoFaultKind::dark_start && number < fault_.after) {
    desk.light *= kDarkest + (1 - kDarkest) * number / fault_.after;
  }
  const bool hunting = fault_.kind == VideoFaultKind::hunt && number % kHuntPeriod != kHuntSharp;
  if (hunting || fault_.kind == VideoFaultKind::blurred) {
    desk.blur = kOutOfFocus;
  }
  return desk;
}

Result<VideoFrame> DocumentCameraModel::frame(const VideoOffer& offer, int number) {
  Desk desk;
  VideoFault fault;
  {
    const std::scoped_lock lock(mutex_);
    fault = fault_;
    if (fault.kind == VideoFaultKind::freeze && number >= fault.after) {
      return VideoFrame{};
    }
    desk = seen(number);
    ++frames_;
  }
  const auto whole = coded(desk, offer, static_cast<std::uint32_t>(number) % kGrains);
  if (!whole) {
    return failure(whole.error());
  }
  VideoFrame frame{*whole, fault.kind == VideoFaultKind::damaged};
  if (fault.kind == VideoFaultKind::half_frame) {
    frame.bytes = std::make_shared<Bytes>((*whole)->begin(),
                                          (*whole)->begin() + static_cast<std::ptrdiff_t>((*whole)->size() / 2));
  } else if (fault.kind == VideoFaultKind::garbage) {
    frame.bytes = std::make_shared<Bytes>((*whole)->size(), std::uint8_t{0x55});
  }
  return frame;
}

void DocumentCameraModel::warm_up(const VideoOffer& offer) {
  const bool is_small = offer.size.width * offer.size.height <= kSmall;
  std::vector<Desk> desks;
  {
    const std::scoped_lock lock(mutex_);
    const int cycle = std::max(kHuntPeriod * static_cast<int>(kGrains), fault_.after);
    for (int number = 0; number < (is_small && !wobble_ ? cycle : 1); ++number) {
      desks.push_back(seen(number));
    }
  }
  for (std::size_t number = 0; number < desks.size(); ++number) {
    [[maybe_unused]] const auto drawn = coded(desks[number], offer, static_cast<std::uint32_t>(number) % kGrains);
  }
}

Result<std::shared_ptr<const Bytes>> DocumentCameraModel::coded(const Desk& desk, const VideoOffer& offer,
                                                                std::uint32_t grain) {
  const FrameKey key{desk, offer.coding, offer.size.width, offer.size.height, grain};
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = drawn_.find(key); found != drawn_.end()) {
      return found->second;
    }
  }
  auto made = draw(desk, offer, grain);
  if (made) {
    const std::scoped_lock lock(mutex_);
    if (drawn_.size() >= kMostDrawn) {
      drawn_.clear();
    }
    drawn_.emplace(key, *made);
  }
  return made;
}

Result<std::shared_ptr<const Image>> DocumentCameraModel::page(std::size_t sheet) {
  const std::size_t index = sheet % sheets_.size();
  const std::scoped_lock lock(mutex_);
  if (const auto found = pages_.find(index); found != pages_.end()) {
    return found->second;
  }
  const auto decoded = decode_jpeg(sheets_[index].jpeg);
  if (!decoded) {
    return failure(decoded.error());
  }
  return pages_.emplace(index, std::make_shared<const Image>(to_rgb(decoded->view()))).first->second;
}

Result<std::shared_ptr<const Bytes>> DocumentCameraModel::draw(const Desk& desk, const VideoOffer& offer,
                                                               std::uint32_t grain) {
  auto sheet = page(desk.sheet.value_or(0));
  if (!sheet) {
    return failure(sheet.error());
  }
  const Image frame = draw_desk(desk, **sheet, offer.size, grain);
  if (offer.coding == VideoCoding::yuyv) {
    return std::make_shared<const Bytes>(yuyv_of(frame));
  }
  auto jpeg = encode_jpeg(frame.view(), kQuality);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  return std::make_shared<const Bytes>(options_.tables ? *std::move(jpeg) : without_tables(*jpeg));
}

std::int32_t DocumentCameraModel::control(std::uint32_t id, std::int32_t otherwise) const {
  const std::scoped_lock lock(mutex_);
  const auto found = controls_.find(id);
  return found == controls_.end() ? otherwise : found->second;
}

void DocumentCameraModel::set_control(std::uint32_t id, std::int32_t value) {
  const std::scoped_lock lock(mutex_);
  controls_[id] = value;
}

bool DocumentCameraModel::own(const void* session) {
  const std::scoped_lock lock(mutex_);
  if (fault_.kind == VideoFaultKind::busy || (owner_ != nullptr && owner_ != session)) {
    return false;
  }
  owner_ = session;
  return true;
}

void DocumentCameraModel::disown(const void* session) {
  const std::scoped_lock lock(mutex_);
  owner_ = owner_ == session ? nullptr : owner_;
}

void DocumentCameraModel::lose_owner() {
  const std::scoped_lock lock(mutex_);
  owner_ = nullptr;
}

void DocumentCameraModel::pull() {
  const std::scoped_lock lock(mutex_);
  gone_ = true;
}

bool DocumentCameraModel::gone() const {
  const std::scoped_lock lock(mutex_);
  return gone_;
}

void DocumentCameraModel::stream_started(PixelSize size) {
  const std::scoped_lock lock(mutex_);
  size_ = size;
  ++streams_;
  ++streaming_;
}

void DocumentCameraModel::stream_stopped() {
  const std::scoped_lock lock(mutex_);
  --streaming_;
}

Desk DocumentCameraModel::desk() const {
  const std::scoped_lock lock(mutex_);
  return desk_;
}

void DocumentCameraModel::set_desk(const Desk& desk) {
  const std::scoped_lock lock(mutex_);
  desk_ = desk;
}

void DocumentCameraModel::set_wobble(bool on) {
  const std::scoped_lock lock(mutex_);
  wobble_ = on;
}

VideoFault DocumentCameraModel::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

void DocumentCameraModel::set_fault(const VideoFault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  gone_ = false;
}

std::string DocumentCameraModel::status_line() const {
  const std::int32_t hertz = control(V4L2_CID_POWER_LINE_FREQUENCY, -1);
  const std::int32_t focus = control(V4L2_CID_FOCUS_ABSOLUTE, -1);
  const std::int32_t exposure = control(V4L2_CID_EXPOSURE_ABSOLUTE, -1);
  const std::int32_t auto_focus = control(V4L2_CID_FOCUS_AUTO, -1);
  const std::int32_t auto_exposure = control(V4L2_CID_EXPOSURE_AUTO, -1);
  const std::scoped_lock lock(mutex_);
  return fmt::format(
      "frames={} streams={} streaming={} size={}x{} hertz={} focus={} exposure={} auto-focus={} "
      "auto-exposure={}",
      frames_, streams_, streaming_, size_.width, size_.height, hertz, focus, exposure, auto_focus, auto_exposure);
}

}  // namespace quay::rig
