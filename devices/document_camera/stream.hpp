// SPDX-License-Identifier: Apache-2.0
// A running stream of frames into memory shared with the driver (V4L2_MEMORY_MMAP). Stops when it goes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "devices/document_camera/picture_format.hpp"

namespace quay::document_camera {

/// A frame as the driver gave it, borrowed until the stream's next call.
struct RawFrame {
  std::span<const std::uint8_t> bytes;
  bool damaged = false;  ///< the driver says that it is not whole
};

class Stream {
 public:
  /// Starts with the first format of `ladder` for which there is bandwidth. `frames_per_second`: asked of the camera,
  /// 0: as it likes. Borrows `node`. Errors: camera_usb_bandwidth when the last rung is too high as well; device_busy,
  /// device_absent, device_io, device_unsupported.
  static Result<Stream> start(const VideoNode& node, const std::vector<PictureFormat>& ladder,
                              double frames_per_second);

  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&&) = delete;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  /// What the driver settled on, which need not be what was asked.
  const PictureFormat& format() const { return format_; }
  std::uint32_t row_bytes() const { return row_bytes_; }

  /// The next frame, waited for at most so long; nothing when none came. Errors: device_absent when the camera is gone,
  /// device_io.
  Result<std::optional<RawFrame>> next(Milliseconds patience);

 private:
  explicit Stream(const VideoNode& node) : node_(&node) {}

  Status begin(const PictureFormat& wanted, double frames_per_second);
  Status set_format(const PictureFormat& wanted);
  Status map_buffers();
  Status queue(std::uint32_t index) const;
  Error lost(int number) const;
  void stop();

  const VideoNode* node_;  ///< null: moved from
  PictureFormat format_;
  std::uint32_t row_bytes_ = 0;
  std::vector<FrameMemory> memory_;
  std::optional<std::uint32_t> held_;  ///< the buffer whose frame is lent out
};

}  // namespace quay::document_camera
