// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/video_session.hpp"

#include <linux/videodev2.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

namespace quay::rig {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint32_t kMostBuffers = 8;

/// The argument as its struct, which is written back when it goes.
template <class T>
class Argument {
 public:
  explicit Argument(std::span<std::uint8_t> bytes) : bytes_(bytes) {
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
  }
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  ~Argument() { std::memcpy(bytes_.data(), &value, std::min(sizeof value, bytes_.size())); }

  T value{};

 private:
  std::span<std::uint8_t> bytes_;
};

VideoOperation operation_of(unsigned long request) {
  switch (request) {
    case VIDIOC_QUERYCAP: return VideoOperation::querycap;
    case VIDIOC_S_FMT: return VideoOperation::s_fmt;
    case VIDIOC_REQBUFS: return VideoOperation::reqbufs;
    case VIDIOC_STREAMON: return VideoOperation::streamon;
    case VIDIOC_STREAMOFF: return VideoOperation::streamoff;
    case VIDIOC_DQBUF: return VideoOperation::dqbuf;
    default: return VideoOperation::none;
  }
}

std::uint32_t fourcc_of(VideoCoding coding) {
  return coding == VideoCoding::mjpg ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
}

std::size_t picture_bytes(const VideoOffer& offer) {
  return static_cast<std::size_t>(offer.size.width) * static_cast<std::size_t>(offer.size.height) * 2;
}

void query_capabilities(const DocumentCameraModel& camera, std::span<std::uint8_t> bytes) {
  Argument<v4l2_capability> argument(bytes);
  v4l2_capability& about = argument.value;
  std::strcpy(reinterpret_cast<char*>(about.driver), "uvcvideo");
  std::strncpy(reinterpret_cast<char*>(about.card), camera.options().card.c_str(), sizeof about.card - 1);
  std::strcpy(reinterpret_cast<char*>(about.bus_info), "usb-sim-1");
  about.device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT;
  about.capabilities = about.device_caps | V4L2_CAP_DEVICE_CAPS | V4L2_CAP_META_CAPTURE;
}

struct Dial {
  std::uint32_t id;
  std::uint32_t type;
  std::int32_t least, most, step, preset;
};
constexpr Dial kDials[] = {
    {V4L2_CID_FOCUS_AUTO, V4L2_CTRL_TYPE_BOOLEAN, 0, 1, 1, 1},
    {V4L2_CID_FOCUS_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, 0, 250, 5, 0},
    {V4L2_CID_EXPOSURE_AUTO, V4L2_CTRL_TYPE_MENU, 0, 3, 1, 3},
    {V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CTRL_TYPE_INTEGER, 3, 2047, 1, 250},
    {V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CTRL_TYPE_MENU, 0, 2, 1, 2},
};

const Dial* dial_of(const DocumentCameraModel& camera, std::uint32_t id) {
  const auto* found =
      std::find_if(std::begin(kDials), std::end(kDials), [id](const Dial& dial) { return dial.id == id; });
  const bool there = found != std::end(kDials) && (camera.options().dials || id == V4L2_CID_POWER_LINE_FREQUENCY);
  return there ? found : nullptr;
}

}  // namespace

VideoSession::~VideoSession() {
  stop();
  camera_.disown(this);
  if (start_of_memory_ != nullptr) {
    ::munmap(start_of_memory_, buffer_bytes_ * buffers_);
  }
}

int VideoSession::carry_out(unsigned long request, std::span<std::uint8_t> argument) {
  const VideoFault fault = camera_.fault();
  const VideoOperation operation = operation_of(request);
  const bool is_time = sequence_ >= static_cast<std::uint32_t>(std::max(fault.after, 0));
  if (fault.kind == VideoFaultKind::hang && is_time && operation != VideoOperation::none &&
      fault.operation == operation) {
    return kHangs;
  }
  if (fault.kind == VideoFaultKind::pull && is_time) {
    camera_.pull();
  }
  if (camera_.gone()) {
    return ENODEV;
  }
  switch (request) {
    case VIDIOC_QUERYCAP: query_capabilities(camera_, argument); return 0;
    case VIDIOC_ENUM_FMT: return query_format(argument);
    case VIDIOC_ENUM_FRAMESIZES: return query_size(argument);
    case VIDIOC_S_FMT: return set_format(argument);
    case VIDIOC_S_PARM: return 0;
    case VIDIOC_REQBUFS: return request_buffers(argument);
    case VIDIOC_QUERYBUF: return query_buffer(argument);
    case VIDIOC_QBUF: return queue_buffer(argument);
    case VIDIOC_DQBUF: return take_buffer(argument);
    case VIDIOC_STREAMON: return start();
    case VIDIOC_STREAMOFF: return stop();
    case VIDIOC_QUERYCTRL: return query_control(argument);
    case VIDIOC_G_CTRL: return get_control(argument);
    case VIDIOC_S_CTRL: return set_control(argument);
    default: return ENOTTY;
  }
}

int VideoSession::query_format(std::span<std::uint8_t> bytes) const {
  Argument<v4l2_fmtdesc> argument(bytes);
  std::vector<VideoCoding> codings;
  for (const VideoOffer& offer : camera_.options().offers) {
    if (std::find(codings.begin(), codings.end(), offer.coding) == codings.end()) {
      codings.push_back(offer.coding);
    }
  }
  if (argument.value.index >= codings.size() || argument.value.type != V4L2_BUF_TYPE_VIDEO_CAPTURE) {
    return EINVAL;
  }
  argument.value.pixelformat = fourcc_of(codings[argument.value.index]);
  argument.value.flags = argument.value.pixelformat == V4L2_PIX_FMT_MJPEG ? V4L2_FMT_FLAG_COMPRESSED : 0;
  return 0;
}

int VideoSession::query_size(std::span<std::uint8_t> bytes) const {
  Argument<v4l2_frmsizeenum> argument(bytes);
  std::vector<PixelSize> sizes;
  for (const VideoOffer& offer : camera_.options().offers) {
    if (fourcc_of(offer.coding) == argument.value.pixel_format) {
      sizes.push_back(offer.size);
    }
  }
  if (argument.value.index >= sizes.size()) {
    return EINVAL;
  }
  argument.value.type = V4L2_FRMSIZE_TYPE_DISCRETE;
  argument.value.discrete = {static_cast<std::uint32_t>(sizes[argument.value.index].width),
                             static_cast<std::uint32_t>(sizes[argument.value.index].height)};
  return 0;
}

/// As uvcvideo: the nearest that it has, and EBUSY while any file has buffers.
int VideoSession::set_format(std::span<std::uint8_t> bytes) {
  if (buffers_ > 0 || !camera_.own(this)) {
    return EBUSY;
  }
  Argument<v4l2_format> argument(bytes);
  v4l2_pix_format& pixels = argument.value.fmt.pix;
  const auto distance = [&](const VideoOffer& offer) {
    const std::int64_t wide = offer.size.width - std::int64_t{pixels.width};
    const std::int64_t high = offer.size.height - std::int64_t{pixels.height};
    const bool other = fourcc_of(offer.coding) != pixels.pixelformat;
    return std::abs(wide) + std::abs(high) + (other ? 1'000'000 : 0);
  };
  const auto& offers = camera_.options().offers;
  format_ = *std::min_element(offers.begin(), offers.end(),
                              [&](const VideoOffer& a, const VideoOffer& b) { return distance(a) < distance(b); });
  if (camera_.fault().kind == VideoFaultKind::other_size) {
    format_.size = {format_.size.width / 2, format_.size.height / 2};
  }
  pixels.width = static_cast<std::uint32_t>(format_.size.width);
  pixels.height = static_cast<std::uint32_t>(format_.size.height);
  pixels.pixelformat = fourcc_of(format_.coding);
  pixels.bytesperline = format_.coding == VideoCoding::yuyv ? pixels.width * 2 : 0;
  pixels.sizeimage = static_cast<std::uint32_t>(picture_bytes(format_));
  return 0;
}

int VideoSession::request_buffers(std::span<std::uint8_t> bytes) {
  Argument<v4l2_requestbuffers> argument(bytes);
  if (argument.value.count > 0 && !camera_.own(this)) {
    return EBUSY;
  }
  if (streaming_) {
    return EBUSY;
  }
  if (start_of_memory_ != nullptr) {
    ::munmap(start_of_memory_, buffer_bytes_ * buffers_);
    start_of_memory_ = nullptr;
    memory_.reset();
  }
  const std::scoped_lock lock(mutex_);
  queued_.clear();
  done_.clear();
  buffers_ = std::min(argument.value.count, kMostBuffers);
  argument.value.count = buffers_;
  if (buffers_ == 0) {
    camera_.disown(this);
    return 0;
  }
  buffer_bytes_ = (picture_bytes(format_) + kPage - 1) / kPage * kPage;
  memory_.reset(::memfd_create("video", MFD_CLOEXEC));
  if (::ftruncate(memory_.get(), static_cast<off_t>(buffer_bytes_ * buffers_)) != 0) {
    return ENOMEM;
  }
  void* start = ::mmap(nullptr, buffer_bytes_ * buffers_, PROT_READ | PROT_WRITE, MAP_SHARED, memory_.get(), 0);
  start_of_memory_ = start == MAP_FAILED ? nullptr : static_cast<std::uint8_t*>(start);
  return start_of_memory_ == nullptr ? ENOMEM : 0;
}

int VideoSession::query_buffer(std::span<std::uint8_t> bytes) const {
  Argument<v4l2_buffer> argument(bytes);
  if (argument.value.index >= buffers_) {
    return EINVAL;
  }
  argument.value.length = static_cast<std::uint32_t>(buffer_bytes_);
  argument.value.m.offset = static_cast<std::uint32_t>(argument.value.index * buffer_bytes_);
  return 0;
}

int VideoSession::queue_buffer(std::span<std::uint8_t> bytes) {
  const Argument<v4l2_buffer> argument(bytes);
  const std::scoped_lock lock(mutex_);
  if (argument.value.index >= buffers_ ||
      std::find(queued_.begin(), queued_.end(), argument.value.index) != queued_.end()) {
    return EINVAL;
  }
  queued_.push_back(argument.value.index);
  changed_.notify_all();
  return 0;
}

int VideoSession::take_buffer(std::span<std::uint8_t> bytes) {
  Argument<v4l2_buffer> argument(bytes);
  const std::scoped_lock lock(mutex_);
  if (!streaming_) {
    return EINVAL;
  }
  if (done_.empty()) {
    return EAGAIN;
  }
  std::uint64_t one = 0;
  [[maybe_unused]] const ssize_t counted = ::read(frames_, &one, sizeof one);
  argument.value.index = done_.front().index;
  argument.value.bytesused = done_.front().bytes;
  argument.value.flags = done_.front().damaged ? V4L2_BUF_FLAG_ERROR : 0;
  argument.value.sequence = sequence_++;
  done_.pop_front();
  return 0;
}

int VideoSession::start() {
  const VideoFault fault = camera_.fault();
  if (buffers_ == 0) {
    return EINVAL;
  }
  if (fault.kind == VideoFaultKind::no_space && format_.size.width * format_.size.height > fault.above) {
    return ENOSPC;
  }
  if (!streaming_) {
    camera_.warm_up(format_);
    streaming_ = true;
    camera_.stream_started(format_.size);
    pump_ = std::thread([this] { pump(); });
  }
  return 0;
}

int VideoSession::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (!streaming_) {
      return 0;
    }
    streaming_ = false;
    changed_.notify_all();
  }
  pump_.join();
  camera_.stream_stopped();
  for (; !done_.empty(); done_.pop_front()) {
    std::uint64_t one = 0;
    [[maybe_unused]] const ssize_t counted = ::read(frames_, &one, sizeof one);
  }
  queued_.clear();
  return 0;
}

/// The camera: a frame for each tick, lost when no buffer waits for it.
void VideoSession::pump() {
  const auto tick = std::chrono::nanoseconds(std::chrono::seconds(1)) / camera_.options().frames_per_second;
  for (int number = 0;; ++number) {
    const Deadline next = SteadyClock::now() + tick;
    const auto frame = camera_.frame(format_, number);
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, next, [this] { return !streaming_; });
    if (!streaming_) {
      return;
    }
    if (frame && frame->bytes && !queued_.empty()) {
      fill(*frame);
    }
  }
}

/// With the lock held.
void VideoSession::fill(const VideoFrame& frame) {
  const std::uint32_t index = queued_.front();
  queued_.pop_front();
  const std::size_t bytes = std::min(frame.bytes->size(), buffer_bytes_);
  std::memcpy(start_of_memory_ + index * buffer_bytes_, frame.bytes->data(), bytes);
  done_.push_back({index, static_cast<std::uint32_t>(bytes), frame.damaged});
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t counted = ::write(frames_, &one, sizeof one);
}

int VideoSession::query_control(std::span<std::uint8_t> bytes) const {
  Argument<v4l2_queryctrl> argument(bytes);
  const Dial* dial = dial_of(camera_, argument.value.id);
  if (dial == nullptr) {
    return EINVAL;
  }
  argument.value.type = dial->type;
  argument.value.minimum = dial->least;
  argument.value.maximum = dial->most;
  argument.value.step = dial->step;
  argument.value.default_value = dial->preset;
  return 0;
}

int VideoSession::get_control(std::span<std::uint8_t> bytes) const {
  Argument<v4l2_control> argument(bytes);
  const Dial* dial = dial_of(camera_, argument.value.id);
  if (dial == nullptr) {
    return EINVAL;
  }
  argument.value.value = camera_.control(dial->id, dial->preset);
  return 0;
}

int VideoSession::set_control(std::span<std::uint8_t> bytes) {
  const Argument<v4l2_control> argument(bytes);
  const Dial* dial = dial_of(camera_, argument.value.id);
  if (dial == nullptr) {
    return EINVAL;
  }
  if (argument.value.value < dial->least || argument.value.value > dial->most) {
    return ERANGE;
  }
  camera_.set_control(argument.value.id, argument.value.value);
  return 0;
}

}  // namespace quay::rig
