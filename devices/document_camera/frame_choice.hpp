// SPDX-License-Identifier: Apache-2.0
// Which frame of a stream becomes the picture: waits until the camera has settled its exposure, then takes the sharpest
// of a few. Pure: looks and times come in as values.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "devices/document_camera/pixels.hpp"

namespace quay::document_camera {

struct ChoiceLimits {
  int steady_frames = 3;         ///< in a row of the same light, before the choice begins
  double steady_share = 0.02;    ///< so much may the light of two frames differ
  Milliseconds settling{3'000};  ///< a camera that never settles is taken as it is after this
  int candidates = 5;            ///< frames to choose from
  Milliseconds choosing{1'500};  ///< a slow camera gives fewer of them
};

class FrameChoice {
 public:
  explicit FrameChoice(const ChoiceLimits& limits = {}) : limits_(limits) {}

  enum class Verdict : std::uint8_t {
    settling,  ///< the frame is of no use
    keep,      ///< the best so far: keep it in the place of the one before
    pass,      ///< a better one is kept
  };

  /// Judges the next whole frame, taken in at `now`.
  Verdict judge(const Look& look, SteadyClock::time_point now);

  /// No more frames are needed.
  bool done(SteadyClock::time_point now) const;

 private:
  bool settle(const Look& look, SteadyClock::time_point now);

  ChoiceLimits limits_;
  std::optional<SteadyClock::time_point> began_;
  std::optional<SteadyClock::time_point> settled_;
  std::optional<double> last_light_;
  int steady_ = 0;
  int seen_ = 0;
  double sharpest_ = -1;
};

}  // namespace quay::document_camera
