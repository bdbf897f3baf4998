// SPDX-License-Identifier: Apache-2.0
// Points and projective 3x3 maps between pixel grids. Pixel coordinates: (0, 0) is the centre of the top left pixel,
// x runs right, y runs down. Pure arithmetic, no pixels.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace quay::imaging {

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

inline double length(Point from, Point to) { return std::hypot(to.x - from.x, to.y - from.y); }

/// Corners in the order top left, top right, bottom right, bottom left.
using Quad = std::array<Point, 4>;

inline double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }

/// A 3x3 matrix, row major, acting on column vectors (x, y, 1).
struct Transform {
  std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

  bool operator==(const Transform&) const = default;

  Point apply(Point p) const {
    const double w = m[6] * p.x + m[7] * p.y + m[8];
    return {(m[0] * p.x + m[1] * p.y + m[2]) / w, (m[3] * p.x + m[4] * p.y + m[5]) / w};
  }

  static Transform translation(double dx, double dy) { return {{1, 0, dx, 0, 1, dy, 0, 0, 1}}; }
  static Transform scaling(double sx, double sy) { return {{sx, 0, 0, 0, sy, 0, 0, 0, 1}}; }

  /// Turns clockwise as seen on the page (y runs down) about the origin.
  static Transform rotation(double degrees) {
    const double c = std::cos(radians(degrees));
    const double s = std::sin(radians(degrees));
    return {{c, -s, 0, s, c, 0, 0, 0, 1}};
  }
};

/// First `right`, then `left`.
inline Transform operator*(const Transform& left, const Transform& right) {
  Transform out;
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      out.m[r * 3 + c] =
          left.m[r * 3] * right.m[c] + left.m[r * 3 + 1] * right.m[3 + c] + left.m[r * 3 + 2] * right.m[6 + c];
    }
  }
  return out;
}

/// The inverse map. `t` must not be singular (no map that this library makes is).
inline Transform inverse(const Transform& t) {
  const auto& a = t.m;
  const double c0 = a[4] * a[8] - a[5] * a[7];
  const double c1 = a[5] * a[6] - a[3] * a[8];
  const double c2 = a[3] * a[7] - a[4] * a[6];
  const double d = a[0] * c0 + a[1] * c1 + a[2] * c2;
  return {{c0 / d, (a[2] * a[7] - a[1] * a[8]) / d, (a[1] * a[5] - a[2] * a[4]) / d, c1 / d,
           (a[0] * a[8] - a[2] * a[6]) / d, (a[2] * a[3] - a[0] * a[5]) / d, c2 / d, (a[1] * a[6] - a[0] * a[7]) / d,
           (a[0] * a[4] - a[1] * a[3]) / d}};
}

}  // namespace quay::imaging
