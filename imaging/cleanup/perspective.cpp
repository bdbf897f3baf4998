// SPDX-License-Identifier: Apache-2.0
#include "imaging/cleanup/perspective.hpp"

#include <algorithm>
#include <cmath>

namespace quay::imaging {
namespace {

double ratio_of_sides(const Quad& q) {
  return (length(q[0], q[1]) + length(q[3], q[2])) / (length(q[0], q[3]) + length(q[1], q[2]));
}

}  // namespace

Transform unit_square_to(const Quad& q) {
  const double sum_x = q[0].x - q[1].x + q[2].x - q[3].x;
  const double sum_y = q[0].y - q[1].y + q[2].y - q[3].y;
  const double dx1 = q[1].x - q[2].x, dx2 = q[3].x - q[2].x;
  const double dy1 = q[1].y - q[2].y, dy2 = q[3].y - q[2].y;
  const double d = dx1 * dy2 - dx2 * dy1;
  const double g = (sum_x * dy2 - dx2 * sum_y) / d;
  const double h = (dx1 * sum_y - sum_x * dy1) / d;
  return {{q[1].x - q[0].x + g * q[1].x, q[3].x - q[0].x + h * q[3].x, q[0].x, q[1].y - q[0].y + g * q[1].y,
           q[3].y - q[0].y + h * q[3].y, q[0].y, g, h, 1}};
}

SheetProportion sheet_proportion(const Quad& quad, PixelSize picture) {
  // The columns of the map, seen from the middle of the picture, are the sheet's two directions in space once the third
  // coordinate is the focal length: they stand at right angles, which tells that length (Zhang, He 2007).
  const double cx = (picture.width - 1) / 2.0, cy = (picture.height - 1) / 2.0;
  const Transform map = Transform::translation(-cx, -cy) * unit_square_to(quad);
  const auto& m = map.m;
  constexpr double kNearlyFlat = 0.04;
  const double flat = ratio_of_sides(quad);
  if (std::abs(m[6]) < kNearlyFlat || std::abs(m[7]) < kNearlyFlat) {
    return {flat, flat};
  }
  const double focal_squared = -(m[0] * m[1] + m[3] * m[4]) / (m[6] * m[7]);
  const double shortest = 0.4 * std::max(picture.width, picture.height);
  if (focal_squared < shortest * shortest) {
    return {flat, flat};
  }
  const double across = (m[0] * m[0] + m[3] * m[3]) / focal_squared + m[6] * m[6];
  const double down = (m[1] * m[1] + m[4] * m[4]) / focal_squared + m[7] * m[7];
  return {flat, std::sqrt(across / down)};
}

}  // namespace quay::imaging
