// SPDX-License-Identifier: Apache-2.0
// Frames of a running stream as long as the job wants them, with limits for a camera that gives none, or none that is
// whole.
#pragma once

#include "devices/document_camera/stream.hpp"
#include "devices/worker/job.hpp"

namespace quay::document_camera {

class FrameSource {
 public:
  /// Borrows both.
  FrameSource(Stream& stream, const worker::Job& job) : stream_(stream), job_(job) {}

  /// The next frame, borrowed until the next call. Errors: device_timeout when the camera gives none, scan_cancelled,
  /// those of Stream::next.
  Result<RawFrame> next();

  /// The last frame was of no use, for the reason `why`. Errors: `why`, when it has been so for too many in a row.
  Status drop(const Error& why);

  /// The last frame was good.
  void keep() { dropped_ = 0; }

 private:
  Stream& stream_;
  const worker::Job& job_;
  bool begun_ = false;
  int dropped_ = 0;
};

}  // namespace quay::document_camera
