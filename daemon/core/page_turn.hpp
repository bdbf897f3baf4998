// SPDX-License-Identifier: Apache-2.0
// When the sheet before a camera is captured by itself: once it lies still and is good, and never twice. Along the
// table in the .cpp; pure, times and looks come in as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "protocol/client/camera.hpp"

namespace quay::daemon::core {

/// What was seen on one frame. The looks are tiny gray pictures of equal size; the sheet's is empty without a sheet.
struct Sight {
  std::string look;
  std::string sheet;
  bool good = false;  ///< nothing is wrong with the picture of the sheet
};

/// What a sight means for the sheet that lies there.
enum class SheetEvent : std::uint8_t {
  absent,  ///< no sheet
  moved,   ///< something moves
  poor,    ///< a new sheet lies still, but its picture would not do
  good,    ///< a new sheet lies still
  steady,  ///< it has been so for long enough
  known,   ///< the sheet that was captured last
  count_
};

/// The next state. From `settling` to `taken` by `steady` is the capture.
protocol::PageTurn step(protocol::PageTurn state, SheetEvent event);

/// How alike two looks are: 1 the same, 0 nothing in common. Light and exposure do not matter.
double likeness(std::string_view a, std::string_view b);
/// Mean difference of two looks of one scene, 0 to 255, light evened out.
double motion(std::string_view a, std::string_view b);

class PageWatch {
 public:
  /// True: capture now. A sight that comes much later than the one before it came counts as the first of a new view.
  bool see(const Sight& sight, SteadyClock::time_point now);

  /// A capture of what lies there was made, or tried, whoever asked: it is not made again.
  void note_taken() { taken_ = last_ ? last_->sheet : std::string(); }

  /// Nothing came of it: what lies there is captured when it lies still.
  void note_not_taken() { taken_.clear(); }

  protocol::PageTurn state() const { return state_; }

 private:
  SheetEvent judge(const Sight& sight, SteadyClock::time_point now);

  protocol::PageTurn state_ = protocol::PageTurn::empty;
  std::optional<Sight> last_;
  SteadyClock::time_point last_at_{};
  SteadyClock::duration gap_{};  ///< between the last two
  std::optional<SteadyClock::time_point> still_since_;
  int still_sights_ = 0;
  std::string taken_;  ///< look of the sheet that was captured last
};

}  // namespace quay::daemon::core
