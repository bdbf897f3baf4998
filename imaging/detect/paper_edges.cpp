// SPDX-License-Identifier: Apache-2.0
// Many profiles across each side, from the bed inwards, and a line through where they leave the bed; without those that
// lie far off, so that a clip, a stain or a folded corner does not pull.
#include "imaging/detect/paper_edges.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <vector>

namespace quay::imaging {
namespace {

constexpr double kReachMm = 3;         // of a profile across an edge, to either side
constexpr double kCornerShare = 0.14;  // of a side, at either end, where the corner is round
constexpr int kProfiles = 80;

/// Points p with p * normal = offset.
struct Line {
  Point normal;
  double offset = 0;
  double certain = 0;
};

Point meet(const Line& a, const Line& b) {
  const double d = a.normal.x * b.normal.y - a.normal.y * b.normal.x;
  return {(a.offset * b.normal.y - b.offset * a.normal.y) / d, (a.normal.x * b.offset - b.normal.x * a.offset) / d};
}

/// The colours on a straight way, a pixel apart.
std::vector<BedColour> colours_along(const ImageView& image, Point from, Point step, int count) {
  std::vector<BedColour> out;
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    out.push_back(colour_at(image, static_cast<std::int32_t>(std::lround(from.x + i * step.x)),
                            static_cast<std::int32_t>(std::lround(from.y + i * step.y))));
  }
  return out;
}

/// Median of each channel over the second half.
BedColour inner_colour(const std::vector<BedColour>& colours) {
  BedColour out{};
  std::vector<std::uint8_t> values;
  for (std::size_t c = 0; c < 3; ++c) {
    values.clear();
    std::transform(colours.begin() + std::ssize(colours) / 2, colours.end(), std::back_inserter(values),
                   [c](const BedColour& colour) { return colour[c]; });
    out[c] = median(values);
  }
  return out;
}

/// How many steps from `from` inwards the bed ends: half way to the paper's colour, so that the paper's shadow on the
/// bed does not count. Nothing when the paper looks like the bed here.
std::optional<double> edge_along(const BedView& view, const BedColour& bed, Point from, Point inward) {
  const auto steps = static_cast<int>(2 * kReachMm * view.dpi.value / kMillimetresPerInch);
  const std::vector<BedColour> colours = colours_along(view.image, from, inward, steps);
  const BedColour paper = inner_colour(colours);
  if (difference(paper, bed) < kBedContrast / 2) {
    return {};
  }
  std::array<double, 3> way{};
  double whole = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    way[c] = paper[c] - bed[c];
    whole += way[c] * way[c];
  }
  const auto share = [&](int i) {
    const BedColour& colour = colours[static_cast<std::size_t>(i)];
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      sum += way[c] * (colour[c] - bed[c]);
    }
    return sum / whole;
  };
  for (int i = 1; i + 2 < steps; ++i) {
    if (share(i) >= 0.5 && share(i + 1) >= 0.5) {  // two in a row: not a grain of dust
      const double rise = std::max(0.01, share(i) - share(i - 1));
      return i - std::clamp((share(i) - 0.5) / rise, 0.0, 1.0);
    }
  }
  return {};
}

/// y = offset + slope * x, and how many points lie on it.
struct Fit {
  double slope = 0, offset = 0;
  std::size_t used = 0;
};

Fit least_squares(const std::vector<Point>& points) {
  double n = 0, su = 0, sv = 0, suu = 0, suv = 0;
  for (const Point p : points) {
    n += 1;
    su += p.x;
    sv += p.y;
    suu += p.x * p.x;
    suv += p.x * p.y;
  }
  const double slope = (n * suv - su * sv) / std::max(n * suu - su * su, 1e-9);
  return {slope, (sv - slope * su) / n, points.size()};
}

/// Of the points without those that lie far off; begun at the median, so that a clip or a stain does not pull.
Fit trimmed_fit(const std::vector<Point>& points) {
  constexpr std::size_t kLeast = 8;
  std::vector<double> heights;
  std::transform(points.begin(), points.end(), std::back_inserter(heights), [](Point p) { return p.y; });
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  Fit fit{0, *middle, points.size()};
  double wide = 1e9;
  for (int round = 0; round < 4; ++round) {
    std::vector<double> off;
    std::transform(points.begin(), points.end(), std::back_inserter(off),
                   [&fit](Point p) { return std::abs(p.y - fit.offset - fit.slope * p.x); });
    std::vector<double> sorted = off;
    const auto half = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), half, sorted.end());
    wide = std::max(1.0, 3 * *half);
    std::vector<Point> used;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (off[i] <= wide) {
        used.push_back(points[i]);
      }
    }
    if (used.size() < kLeast) {
      break;
    }
    fit = least_squares(used);
  }
  return fit;
}

/// Does the side run along the picture's own end, with no bed beyond?
bool lies_at_rim(const BedView& view, Point a, Point b) {
  const double near = 2 * view.dpi.value / kMillimetresPerInch;
  const double right = view.image.size.width - near, bottom = view.image.size.height - near;
  return std::max(a.x, b.x) < near || std::max(a.y, b.y) < near || std::min(a.x, b.x) > right ||
         std::min(a.y, b.y) > bottom;
}

/// The side from a to b; the paper lies on its right as one goes (corners run clockwise).
Line measure_side(const BedView& view, const BedColour& bed, Point a, Point b) {
  const double side = length(a, b);
  const Point along{(b.x - a.x) / side, (b.y - a.y) / side};
  const Point inward{-along.y, along.x};
  const double reach = kReachMm * view.dpi.value / kMillimetresPerInch;
  std::vector<Point> found;
  for (int i = 0; i < kProfiles; ++i) {
    const double at = side * (kCornerShare + (1 - 2 * kCornerShare) * i / (kProfiles - 1));
    const Point from{a.x + at * along.x - reach * inward.x, a.y + at * along.y - reach * inward.y};
    if (const auto edge = edge_along(view, bed, from, inward)) {
      found.push_back({at - side / 2, *edge - reach});
    }
  }
  const Point middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
  const double at_middle = middle.x * inward.x + middle.y * inward.y;
  if (lies_at_rim(view, a, b) || found.size() < kProfiles / 4) {
    return {inward, at_middle, 0};
  }
  const Fit fit = trimmed_fit(found);
  // Distance inwards = offset + slope * way along the side, seen from its middle: a line with a slightly turned normal.
  const Point normal{inward.x - fit.slope * along.x, inward.y - fit.slope * along.y};
  return {normal, middle.x * normal.x + middle.y * normal.y + fit.offset, static_cast<double>(fit.used) / kProfiles};
}

/// Is the paper lighter than the bed, near its sides?
bool is_brighter(const BedView& view, const BedColour& bed, const Quad& quad) {
  const Quad inner = shrunk(quad, 2 * view.dpi.value / kMillimetresPerInch);
  int brighter = 0, all = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (int k = 0; k < kProfiles; ++k, ++all) {
      const double part = (k + 0.5) / kProfiles;
      const Point a = inner[i], b = inner[(i + 1) % 4];
      const BedColour colour = colour_at(view.image, static_cast<std::int32_t>(std::lround(a.x + (b.x - a.x) * part)),
                                         static_cast<std::int32_t>(std::lround(a.y + (b.y - a.y) * part)));
      brighter += colour[0] + colour[1] + colour[2] > bed[0] + bed[1] + bed[2] ? 1 : 0;
    }
  }
  return 4 * brighter > 3 * all;
}

}  // namespace

BedColour colour_at(const ImageView& image, std::int32_t x, std::int32_t y) {
  const std::uint8_t* row = image.row(std::clamp(y, 0, image.size.height - 1));
  x = std::clamp(x, 0, image.size.width - 1);
  return image.format == PixelFormat::rgb ? BedColour{row[3 * x], row[3 * x + 1], row[3 * x + 2]}
                                          : BedColour{row[x], row[x], row[x]};
}

int difference(const BedColour& a, const BedColour& b) {
  int most = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    most = std::max(most, std::abs(a[c] - b[c]));
  }
  return most;
}

std::uint8_t median(std::vector<std::uint8_t>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// All sides moved inwards.
Quad shrunk(const Quad& quad, double by) {
  Quad out;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point here = quad[i], next = quad[(i + 1) % 4], before = quad[(i + 3) % 4];
    const double along = std::max(length(here, next), 1e-9), back = std::max(length(here, before), 1e-9);
    out[i] = {here.x + by * ((next.x - here.x) / along + (before.x - here.x) / back),
              here.y + by * ((next.y - here.y) / along + (before.y - here.y) / back)};
  }
  return out;
}

FoundPaper measure_paper(const BedView& view, const BedColour& bed, const Quad& rough) {
  std::array<Line, 4> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    sides[i] = measure_side(view, bed, rough[i], rough[(i + 1) % 4]);
  }
  FoundPaper out;
  std::array<double, 4> certain{};
  int at_rim = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const bool rim = lies_at_rim(view, rough[i], rough[(i + 1) % 4]);
    certain[i] = rim ? 1 : sides[i].certain;
    at_rim += rim ? 1 : 0;
  }
  out.certain = at_rim > 2 ? 0 : *std::min_element(certain.begin(), certain.end());
  out.quad = {meet(sides[3], sides[0]), meet(sides[0], sides[1]), meet(sides[1], sides[2]), meet(sides[2], sides[3])};
  const double millimetre = view.dpi.value / kMillimetresPerInch;
  const auto mean = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    return Millimetres{(length(out.quad[a], out.quad[b]) + length(out.quad[c], out.quad[d])) / 2 / millimetre};
  };
  out.size = {mean(0, 1, 3, 2), mean(1, 2, 0, 3)};
  out.brighter = is_brighter(view, bed, out.quad);
  return out;
}

}  // namespace quay::imaging
