// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/video_node.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "devices/document_camera/video_error.hpp"

namespace quay::document_camera {

FrameMemory::FrameMemory(FrameMemory&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), length_(std::exchange(other.length_, 0)) {}

FrameMemory& FrameMemory::operator=(FrameMemory&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(length_, other.length_);
  return *this;
}

FrameMemory::~FrameMemory() {
  if (start_ != nullptr) {
    ::munmap(start_, length_);
  }
}

Result<VideoNode> VideoNode::open(const std::filesystem::path& path) {
  // Without O_NONBLOCK a driver that has no frame would hold VIDIOC_DQBUF for ever, whatever poll said.
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!fd) {
    return failure(video_error(errno, "open"));
  }
  VideoNode node(std::move(fd));
  if (const int number = node.ask(VIDIOC_QUERYCAP, &node.about_); number != 0) {
    return failure(video_error(number, "VIDIOC_QUERYCAP"));
  }
  const bool by_node = (node.about_.capabilities & V4L2_CAP_DEVICE_CAPS) != 0;
  const std::uint32_t can = by_node ? node.about_.device_caps : node.about_.capabilities;
  if ((can & V4L2_CAP_VIDEO_CAPTURE) == 0 || (can & V4L2_CAP_STREAMING) == 0) {
    return failure(Errc::device_unsupported, "VIDIOC_QUERYCAP", "the node streams no pictures");
  }
  return node;
}

int VideoNode::ask(unsigned long request, void* argument) const {
  int done = 0;
  do {
    done = ::ioctl(fd_.get(), request, argument);
  } while (done != 0 && errno == EINTR);
  return done == 0 ? 0 : errno;
}

Status VideoNode::tell(unsigned long request, void* argument, const char* name) const {
  const int number = ask(request, argument);
  return number == 0 ? Status() : Status(failure(video_error(number, name)));
}

Result<FrameMemory> VideoNode::map(std::size_t length, off_t offset) const {
  void* start = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, fd_.get(), offset);
  if (start == MAP_FAILED) {
    return failure(video_error(errno, "mmap"));
  }
  return FrameMemory(start, length);
}

VideoNode::Ready VideoNode::wait(Milliseconds patience) const {
  pollfd watched{fd_.get(), POLLIN, 0};
  const int ready = ::poll(&watched, 1, static_cast<int>(patience.count()));
  if (ready <= 0) {
    return Ready::nothing;
  }
  return (watched.revents & POLLIN) != 0 ? Ready::frame : Ready::broken;
}

}  // namespace quay::document_camera
