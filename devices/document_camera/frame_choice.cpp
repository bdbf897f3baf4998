// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/frame_choice.hpp"

#include <cmath>

namespace quay::document_camera {

/// True once the light stays as it is, or the patience is over.
bool FrameChoice::settle(const Look& look, SteadyClock::time_point now) {
  began_ = began_.value_or(now);
  const bool same = last_light_ && std::abs(look.light - *last_light_) <= limits_.steady_share * *last_light_;
  steady_ = same ? steady_ + 1 : 1;
  last_light_ = look.light;
  return steady_ >= limits_.steady_frames || now - *began_ >= limits_.settling;
}

FrameChoice::Verdict FrameChoice::judge(const Look& look, SteadyClock::time_point now) {
  if (!settled_) {
    if (!settle(look, now)) {
      return Verdict::settling;
    }
    settled_ = now;
  }
  ++seen_;
  if (look.sharpness <= sharpest_) {
    return Verdict::pass;
  }
  sharpest_ = look.sharpness;
  return Verdict::keep;
}

bool FrameChoice::done(SteadyClock::time_point now) const {
  return settled_ && (seen_ >= limits_.candidates || now - *settled_ >= limits_.choosing);
}

}  // namespace quay::document_camera
