// SPDX-License-Identifier: Apache-2.0
// One open V4L2 node: the handful of system calls, each with its error. Everything a document camera is asked goes
// through here; tests/rig/document_camera answers these calls in the kernel's place.
#pragma once

#include <linux/videodev2.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::document_camera {

/// Memory that the driver fills; unmapped when it goes.
class FrameMemory {
 public:
  FrameMemory(void* start, std::size_t length) : start_(start), length_(length) {}
  FrameMemory(FrameMemory&& other) noexcept;
  FrameMemory& operator=(FrameMemory&& other) noexcept;
  FrameMemory(const FrameMemory&) = delete;
  FrameMemory& operator=(const FrameMemory&) = delete;
  ~FrameMemory();

  std::span<const std::uint8_t> bytes() const { return {static_cast<const std::uint8_t*>(start_), length_}; }

 private:
  void* start_;
  std::size_t length_;
};

class VideoNode {
 public:
  /// Opens a node that captures and streams. Errors: device_absent, device_access_denied, device_busy, device_io;
  /// device_unsupported for a node that gives no pictures (a UVC camera has one for metadata, too).
  static Result<VideoNode> open(const std::filesystem::path& path);

  /// What VIDIOC_QUERYCAP said.
  const v4l2_capability& about() const { return about_; }

  /// ioctl(2), begun again after a signal. 0, or the errno.
  int ask(unsigned long request, void* argument) const;
  /// The same as a Status; `name` is the request's. Errors: those of video_error().
  Status tell(unsigned long request, void* argument, const char* name) const;

  Result<FrameMemory> map(std::size_t length, off_t offset) const;

  enum class Ready : std::uint8_t { frame, nothing, broken };
  /// Waits for a frame, at most so long. `broken`: the stream has ended or the camera is gone (POLLERR, POLLHUP).
  Ready wait(Milliseconds patience) const;

 private:
  explicit VideoNode(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  v4l2_capability about_{};
};

}  // namespace quay::document_camera
