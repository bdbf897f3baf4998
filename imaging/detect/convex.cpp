// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/convex.hpp"

#include <algorithm>
#include <limits>

namespace quay::imaging {
namespace {

double cross(Point o, Point a, Point b) { return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x); }

/// Andrew's monotone chain, 1979.
std::vector<Point> hull_of(std::vector<Point> points) {
  std::sort(points.begin(), points.end(), [](Point a, Point b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  std::vector<Point> hull;
  for (int side = 0; side < 2; ++side) {
    const std::size_t base = hull.size();
    for (const Point p : points) {
      while (hull.size() >= base + 2 && cross(hull[hull.size() - 2], hull.back(), p) <= 0) {
        hull.pop_back();
      }
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

/// The rectangle around `hull` with one side along the unit vector `along`.
Quad rectangle_along(const std::vector<Point>& hull, Point along) {
  constexpr double kFar = std::numeric_limits<double>::max();
  double u0 = kFar;
  double u1 = -kFar;
  double v0 = kFar;
  double v1 = -kFar;
  for (const Point p : hull) {
    const double u = p.x * along.x + p.y * along.y;
    const double v = p.y * along.x - p.x * along.y;
    u0 = std::min(u0, u);
    u1 = std::max(u1, u);
    v0 = std::min(v0, v);
    v1 = std::max(v1, v);
  }
  const auto corner = [along](double u, double v) {
    return Point{u * along.x - v * along.y, u * along.y + v * along.x};
  };
  return {corner(u0, v0), corner(u1, v0), corner(u1, v1), corner(u0, v1)};
}

double area(const Quad& q) {
  return std::hypot(q[1].x - q[0].x, q[1].y - q[0].y) * std::hypot(q[2].x - q[1].x, q[2].y - q[1].y);
}

}  // namespace

Quad smallest_rectangle(std::vector<Point> points) {
  if (points.empty()) {
    return {};
  }
  const Point any = points.front();
  const std::vector<Point> hull = hull_of(std::move(points));
  if (hull.size() < 3) {
    return {any, any, any, any};
  }
  Quad best = rectangle_along(hull, {1, 0});
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const Point a = hull[i];
    const Point b = hull[(i + 1) % hull.size()];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const Quad candidate = rectangle_along(hull, {(b.x - a.x) / length, (b.y - a.y) / length});
    if (area(candidate) < area(best)) {
      best = candidate;
    }
  }
  return best;
}

}  // namespace quay::imaging
