// SPDX-License-Identifier: Apache-2.0
// What an overhead camera sees: a sheet on a desk, a hand perhaps, in a certain light. Draws; decides nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "base/image.hpp"

namespace quay::rig {

/// Lengths are shares of the frame's height.
struct Desk {
  std::optional<std::size_t> sheet;  ///< which; nothing: the bare desk
  double right = 0;                  ///< of the middle
  double down = 0;
  double turn_deg = 0;
  double height = 0.86;  ///< of the sheet
  bool hand = false;     ///< lies on its lower right corner
  double light = 1;
  double blur = 0;  ///< of the lens

  auto operator<=>(const Desk&) const = default;
};

/// The frame. `sheet`: the page image, rgb, that desk.sheet names; ignored without one. Every `grain` has another
/// noise.
Image draw_desk(const Desk& desk, const Image& sheet, PixelSize size, std::uint32_t grain);

}  // namespace quay::rig
