// SPDX-License-Identifier: Apache-2.0
// What may still come of a job that is over: a camera tells of a picture seconds after its shutter went, also when
// nobody waits for it any more. Such a picture is nobody's, and never the next job's (decision 0038).
#pragma once

#include <algorithm>

#include "base/clock.hpp"
#include "devices/camera/picture_check.hpp"

namespace quay::camera {

/// From the shutter to the file: exposure, focus and the writing of a large file.
inline constexpr Milliseconds kDevelop{30'000};
/// From a raw file, from "capture complete" or from a hand at the button to the picture: Nikon 1 says them in this
/// order.
inline constexpr Milliseconds kAfterComplete{2'000};

class LatePicture {
 public:
  /// The shutter went, and nobody waits: one picture comes, by `until` or never.
  void expect_one(Deadline until) {
    until_ = std::max(until_, until);
    one_ = true;
  }
  /// One may come, by `until`.
  void beware(Deadline until) { until_ = std::max(until_, until); }

  /// A file was told of while nobody waited for one.
  void heard(FileKind kind) {
    if (one_ && kind == FileKind::picture) {
      *this = {};
    } else if (kind == FileKind::raw) {
      until_ = std::min(until_, deadline_in(kAfterComplete));
    }
  }

  bool is_due() const { return SteadyClock::now() < until_; }

 private:
  Deadline until_{};
  bool one_ = false;
};

}  // namespace quay::camera
