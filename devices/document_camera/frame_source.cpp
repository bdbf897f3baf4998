// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/frame_source.hpp"

#include <algorithm>

namespace quay::document_camera {
namespace {

constexpr Milliseconds kLook{100};
/// A camera that was asleep needs seconds to its first frame; one that streams and stops has lost itself.
constexpr Milliseconds kFirstFrame{5'000};
constexpr Milliseconds kNextFrame{3'000};
constexpr int kMostDropped = 60;

}  // namespace

Result<RawFrame> FrameSource::next() {
  const Deadline until = deadline_in(begun_ ? kNextFrame : kFirstFrame);
  while (!job_.cancelled() && SteadyClock::now() < until) {
    const auto frame = stream_.next(kLook);
    if (!frame) {
      return failure(frame.error());
    }
    if (*frame) {
      begun_ = true;
      return **frame;
    }
  }
  return failure(job_.cancelled()
                     ? job_.cancelled_error("camera.frame")
                     : make_error(Errc::device_timeout, "camera.frame", "the camera streams and gives no frame"));
}

Status FrameSource::drop(const Error& why) { return ++dropped_ < kMostDropped ? Status() : Status(failure(why)); }

}  // namespace quay::document_camera
