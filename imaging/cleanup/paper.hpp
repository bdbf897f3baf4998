// SPDX-License-Identifier: Apache-2.0
// The colour the paper has at each place of a page: a coarse grid, interpolated. Ink, seals, photos and coloured cards
// are not paper; under them the grid is filled in from around.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/image.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {

/// Paper colour on a grid of `tile` pixels of the full picture; always three channels.
class PaperMap {
 public:
  /// small: gray or rgb picture reduced by `factor`. Sheet: corners in pixels of the full picture, of a sheet that a
  /// camera saw: nothing outside is paper, and inside it paper may lie in deep shadow.
  static PaperMap estimate(const ImageView& small, std::int32_t factor, const std::optional<Quad>& sheet = {});

  /// Colour at a place of the full picture (clamped to it), 1..255 a channel.
  std::array<float, 3> at(double x, double y) const;

 private:
  std::vector<std::array<float, 3>> cells_;
  std::int32_t columns_ = 1;
  std::int32_t rows_ = 1;
  double tile_ = 1;
};

}  // namespace quay::imaging
