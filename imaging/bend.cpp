// SPDX-License-Identifier: Apache-2.0
#include "imaging/bend.hpp"

#include <algorithm>
#include <cmath>

#include "imaging/cleanup/perspective.hpp"

namespace quay::imaging {

Bend::Bend(const Quad& corners, const std::array<Side, 4>& sides)
    : corners_(corners), sides_(sides), from_unit_(unit_square_to(corners)), to_unit_(inverse(from_unit_)) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& p = corners[i];
    const Point& q = corners[(i + 1) % 4];
    const double side = length(p, q);
    inwards_[i] = {-(q.y - p.y) / side, (q.x - p.x) / side};
  }
}

double Bend::bulge(std::size_t side, double part) const {
  const double at = std::clamp(part, 0.0, 1.0) * (kKnots - 1);
  const auto knot = std::min(static_cast<std::size_t>(at), kKnots - 2);
  const double rest = at - static_cast<double>(knot);
  const Side& knots = sides_[side];
  return knots[knot] * (1 - rest) + knots[knot + 1] * rest;
}

Point Bend::apply(Point flat) const {
  const Point unit = to_unit_.apply(flat);
  const double u = std::clamp(unit.x, 0.0, 1.0), v = std::clamp(unit.y, 0.0, 1.0);
  // A camera does not see halves as halves: the place on each side is looked for where the side was measured.
  const std::array<Point, 4> on_sides{from_unit_.apply({u, 0}), from_unit_.apply({1, v}), from_unit_.apply({u, 1}),
                                      from_unit_.apply({0, v})};
  const std::array<double, 4> weights{1 - v, u, v, 1 - u};
  for (std::size_t i = 0; i < 4; ++i) {
    const double part = length(corners_[i], on_sides[i]) / length(corners_[i], corners_[(i + 1) % 4]);
    const double by = weights[i] * bulge(i, part);
    flat.x += inwards_[i].x * by;
    flat.y += inwards_[i].y * by;
  }
  return flat;
}

double Bend::largest() const {
  double most = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double side = length(corners_[i], corners_[(i + 1) % 4]);
    for (const double knot : sides_[i]) {
      most = std::max(most, std::abs(knot) / side);
    }
  }
  return most;
}

}  // namespace quay::imaging
