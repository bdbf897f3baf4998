// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "devices/document_camera/video_error.hpp"

namespace quay::document_camera {
namespace {

constexpr std::uint32_t kBuffers = 4;
constexpr std::uint32_t kLeastBuffers = 2;

v4l2_buffer buffer_of(std::uint32_t index) {
  v4l2_buffer buffer{};
  buffer.index = index;
  buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffer.memory = V4L2_MEMORY_MMAP;
  return buffer;
}

v4l2_requestbuffers request_for(std::uint32_t count) {
  v4l2_requestbuffers request{};
  request.count = count;
  request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  request.memory = V4L2_MEMORY_MMAP;
  return request;
}

/// A wish only: a camera that cannot set its pace keeps its own.
void ask_pace(const VideoNode& node, double frames_per_second) {
  v4l2_streamparm pace{};
  pace.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  pace.parm.capture.timeperframe = {1000, static_cast<std::uint32_t>(std::lround(frames_per_second * 1000))};
  [[maybe_unused]] const int number = node.ask(VIDIOC_S_PARM, &pace);
}

}  // namespace

Result<Stream> Stream::start(const VideoNode& node, const std::vector<PictureFormat>& ladder,
                             double frames_per_second) {
  Status begun = failure(Errc::device_unsupported, "stream.start", "no format was left to try");
  for (const PictureFormat& rung : ladder) {
    Stream stream(node);
    begun = stream.begin(rung, frames_per_second);
    if (begun) {
      return stream;
    }
    if (begun.error().code != Errc::camera_usb_bandwidth) {
      break;
    }
  }
  return failure(begun.error());
}

Stream::Stream(Stream&& other) noexcept
    : node_(std::exchange(other.node_, nullptr)),
      format_(other.format_),
      row_bytes_(other.row_bytes_),
      memory_(std::move(other.memory_)),
      held_(other.held_) {}

Stream::~Stream() {
  if (node_ != nullptr) {
    stop();
  }
}

/// In the order in which the driver wants it: the stream, then our maps, then its buffers. A camera that is gone
/// refuses all of it, and owns nothing any more.
void Stream::stop() {
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  [[maybe_unused]] int number = node_->ask(VIDIOC_STREAMOFF, &type);
  memory_.clear();
  v4l2_requestbuffers none = request_for(0);
  number = node_->ask(VIDIOC_REQBUFS, &none);
}

Status Stream::begin(const PictureFormat& wanted, double frames_per_second) {
  if (Status set = set_format(wanted); !set) {
    return set;
  }
  if (frames_per_second > 0) {
    ask_pace(*node_, frames_per_second);
  }
  if (Status mapped = map_buffers(); !mapped) {
    return mapped;
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return node_->tell(VIDIOC_STREAMON, &type, "VIDIOC_STREAMON");
}

Status Stream::set_format(const PictureFormat& wanted) {
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  format.fmt.pix.width = static_cast<std::uint32_t>(wanted.size.width);
  format.fmt.pix.height = static_cast<std::uint32_t>(wanted.size.height);
  format.fmt.pix.pixelformat = wanted.fourcc;
  format.fmt.pix.field = V4L2_FIELD_NONE;
  if (Status set = node_->tell(VIDIOC_S_FMT, &format, "VIDIOC_S_FMT"); !set) {
    return set;
  }
  const v4l2_pix_format& got = format.fmt.pix;
  if (got.pixelformat != wanted.fourcc) {
    return failure(Errc::device_io, "VIDIOC_S_FMT", "the driver offers a format and then gives another");
  }
  format_ = wanted;
  format_.size = {static_cast<std::int32_t>(got.width), static_cast<std::int32_t>(got.height)};
  row_bytes_ = std::max(got.bytesperline, wanted.coding == Coding::yuyv ? got.width * 2 : 0);
  return {};
}

Status Stream::map_buffers() {
  v4l2_requestbuffers request = request_for(kBuffers);
  if (Status granted = node_->tell(VIDIOC_REQBUFS, &request, "VIDIOC_REQBUFS"); !granted) {
    return granted;
  }
  if (request.count < kLeastBuffers) {
    return failure(Errc::device_no_memory, "VIDIOC_REQBUFS", fmt::format("{} buffers were granted", request.count));
  }
  for (std::uint32_t i = 0; i < request.count; ++i) {
    v4l2_buffer buffer = buffer_of(i);
    if (Status known = node_->tell(VIDIOC_QUERYBUF, &buffer, "VIDIOC_QUERYBUF"); !known) {
      return known;
    }
    auto mapped = node_->map(buffer.length, static_cast<off_t>(buffer.m.offset));
    if (!mapped) {
      return failure(mapped.error());
    }
    memory_.push_back(*std::move(mapped));
    if (Status queued = queue(i); !queued) {
      return queued;
    }
  }
  return {};
}

Status Stream::queue(std::uint32_t index) const {
  v4l2_buffer buffer = buffer_of(index);
  const int number = node_->ask(VIDIOC_QBUF, &buffer);
  return number == 0 ? Status() : Status(failure(lost(number)));
}

/// Of a stream that ran: the driver forgets a camera that was pulled out, and says EINVAL as often as ENODEV.
Error Stream::lost(int number) const {
  v4l2_capability about{};
  const int alive = node_->ask(VIDIOC_QUERYCAP, &about);
  return video_error(alive == 0 ? number : ENODEV, "VIDIOC_DQBUF");
}

Result<std::optional<RawFrame>> Stream::next(Milliseconds patience) {
  if (held_) {
    if (Status queued = queue(*std::exchange(held_, std::nullopt)); !queued) {
      return failure(queued.error());
    }
  }
  const VideoNode::Ready ready = node_->wait(patience);
  if (ready == VideoNode::Ready::nothing) {
    return std::optional<RawFrame>();
  }
  v4l2_buffer buffer = buffer_of(0);
  const int number = ready == VideoNode::Ready::frame ? node_->ask(VIDIOC_DQBUF, &buffer) : EIO;
  if (number == EAGAIN) {
    return std::optional<RawFrame>();
  }
  if (number != 0) {
    return failure(lost(number));
  }
  if (buffer.index >= memory_.size()) {
    return failure(Errc::device_io, "VIDIOC_DQBUF", fmt::format("there is no buffer {}", buffer.index));
  }
  held_ = buffer.index;
  const std::span<const std::uint8_t> all = memory_[buffer.index].bytes();
  return std::optional(RawFrame{all.first(std::min<std::size_t>(buffer.bytesused, all.size())),
                                (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0});
}

}  // namespace quay::document_camera
