// SPDX-License-Identifier: Apache-2.0
// Profiles across the side at many places; in each the steepest rise towards the inside; a line through those by
// least squares, without the ones that disagree.
#include "imaging/detect/edge_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace quay::imaging {
namespace {

constexpr int kPlaces = 96;
constexpr double kWider = 2.5;  // where nothing is found near by
constexpr int kHalf = 3;        // pixels on either side that make a step

/// Straight line in normal form: a x + b y = c.
struct Line {
  double a = 0, b = 0, c = 0;
};

Line through(Point p, Point q) {
  const double length = std::hypot(q.x - p.x, q.y - p.y);
  const double a = -(q.y - p.y) / length, b = (q.x - p.x) / length;
  return {a, b, a * p.x + b * p.y};
}

Point cross(const Line& l, const Line& m) {
  const double d = l.a * m.b - m.a * l.b;
  return {(l.c * m.b - m.c * l.b) / d, (l.a * m.c - m.a * l.c) / d};
}

/// Sum of the channels at a place, interpolated; the picture's rim goes on outside.
double light(const ImageView& image, Point p) {
  const double x = std::clamp(p.x, 0.0, image.size.width - 1.0), y = std::clamp(p.y, 0.0, image.size.height - 1.0);
  const auto left = std::min(static_cast<std::int32_t>(x), image.size.width - 2);
  const auto top = std::min(static_cast<std::int32_t>(y), image.size.height - 2);
  const double fx = x - left, fy = y - top;
  const auto at = [&image](std::int32_t u, std::int32_t v) {
    const std::uint8_t* pixel = image.row(v) + 3 * static_cast<std::size_t>(u);
    return static_cast<double>(pixel[0] + pixel[1] + pixel[2]);
  };
  return (at(left, top) * (1 - fx) + at(left + 1, top) * fx) * (1 - fy) +
         (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy;
}

}  // namespace

std::optional<double> edge_at(const ImageView& image, Point place, Point inwards, int reach) {
  constexpr double kLeastRise = 12;  // levels, three channels together
  std::vector<double> profile;
  for (int i = -reach - kHalf; i <= reach + kHalf; ++i) {
    profile.push_back(light(image, {place.x + inwards.x * i, place.y + inwards.y * i}));
  }
  const auto rise = [&profile](int i) {  // between samples i - 1 and i + 1 of the inner part
    double sum = 0;
    for (int k = 1; k <= kHalf; ++k) {
      sum += (*(profile.begin() + i + k) - *(profile.begin() + i - k)) / kHalf;
    }
    return sum;
  };
  int best = kHalf;
  double most = 0;
  for (int i = kHalf; i <= 2 * reach + kHalf; ++i) {
    if (rise(i) > most) {
      most = rise(i);
      best = i;
    }
  }
  if (most < kLeastRise || best == kHalf || best == 2 * reach + kHalf) {
    return {};
  }
  const double before = rise(best - 1), after = rise(best + 1);
  const double bend = before - 2 * most + after;
  const double part = bend < 0 ? 0.5 * (before - after) / bend : 0;
  return best - kHalf - reach + std::clamp(part, -0.5, 0.5);
}

namespace {

/// Offsets along the side as a line: the side's own ends moved, or nothing when too few places agree.
struct Offsets {
  std::vector<double> at, off;
};

std::optional<std::array<double, 2>> fit(const Offsets& found) {
  constexpr double kTrim = 2.5;
  std::vector<std::uint8_t> use(found.at.size(), 1);
  // Start from the median, so that a finger or a stain does not pull the line.
  std::vector<double> sorted = found.off;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  double offset = sorted[sorted.size() / 2], slope = 0, wide = 8;
  for (int round = 0; round < 6; ++round) {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, error = 0;
    for (std::size_t i = 0; i < use.size(); ++i) {
      const double rest = found.off[i] - offset - slope * found.at[i];
      use[i] = std::abs(rest) < wide ? 1 : 0;
      n += use[i];
      sx += use[i] * found.at[i];
      sy += use[i] * found.off[i];
      sxx += use[i] * found.at[i] * found.at[i];
      sxy += use[i] * found.at[i] * found.off[i];
      error += use[i] * rest * rest;
    }
    if (n < kPlaces / 4.0) {
      return {};
    }
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    offset = (sy - slope * sx) / n;
    wide = std::clamp(kTrim * std::sqrt(error / n), 1.0, wide);
  }
  return std::array<double, 2>{offset, offset + slope};
}

/// The side from p to q, whose inside lies to the right of that way (y runs down). Nothing when no edge is clear.
std::optional<Line> fitted(const ImageView& image, Point p, Point q, double reach) {
  const double length = std::hypot(q.x - p.x, q.y - p.y);
  const Point inwards{-(q.y - p.y) / length, (q.x - p.x) / length};
  Offsets found;
  for (int i = 0; i < kPlaces; ++i) {
    const double part = 0.04 + 0.92 * i / (kPlaces - 1);
    const Point place{p.x + (q.x - p.x) * part, p.y + (q.y - p.y) * part};
    if (const auto off = edge_at(image, place, inwards, static_cast<int>(std::lround(reach)) + 1)) {
      found.at.push_back(part);
      found.off.push_back(*off);
    }
  }
  const auto ends = found.at.size() < kPlaces / 2 ? std::nullopt : fit(found);
  if (!ends) {
    return {};
  }
  const auto& [first, last] = *ends;
  return through({p.x + inwards.x * first, p.y + inwards.y * first}, {q.x + inwards.x * last, q.y + inwards.y * last});
}

}  // namespace

Quad fit_edges(const ImageView& image, const Quad& rough, double reach) {
  std::array<Line, 4> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point p = rough[i], q = rough[(i + 1) % 4];
    const auto near = fitted(image, p, q, reach);
    const auto far = near ? near : fitted(image, p, q, kWider * reach);
    sides[i] = far ? *far : through(p, q);
  }
  Quad out;
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = cross(sides[(i + 3) % 4], sides[i]);
  }
  return out;
}

}  // namespace quay::imaging
