// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/covered.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace quay::imaging {
namespace {

constexpr int kSpots = 96;              ///< along each side
constexpr double kInset = 0.012;        ///< of the sheet's shorter side, to either side of the edge
constexpr int kLeastSpots = 3;          ///< a finger is wider than 3 % of a side
constexpr int kMostSpots = kSpots / 2;  ///< longer is an edge that was found wrongly
constexpr double kOther = 42;           ///< distance of colours that are not the same thing
constexpr double kSame = 34;

using Colour = std::array<double, 3>;

double distance(const Colour& a, const Colour& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

/// Mean of the pixels around a spot; black outside of the picture.
Colour colour_at(const ImageView& picture, Point spot) {
  Colour sum{};
  int count = 0;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const auto x = static_cast<std::int32_t>(std::lround(spot.x)) + dx;
      const auto y = static_cast<std::int32_t>(std::lround(spot.y)) + dy;
      if (x < 0 || y < 0 || x >= picture.size.width || y >= picture.size.height) {
        continue;
      }
      const std::uint8_t* pixel = picture.row(y) + static_cast<std::ptrdiff_t>(x) * 3;
      for (std::size_t c = 0; c < 3; ++c) {
        sum[c] += pixel[c];
      }
      ++count;
    }
  }
  for (double& channel : sum) {
    channel /= std::max(count, 1);
  }
  return sum;
}

/// The usual colour of a row of spots, channel by channel.
Colour median(std::vector<Colour> colours) {
  Colour out{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto middle = colours.begin() + static_cast<std::ptrdiff_t>(colours.size() / 2);
    std::nth_element(colours.begin(), middle, colours.end(),
                     [c](const Colour& a, const Colour& b) { return a[c] < b[c]; });
    out[c] = (*middle)[c];
  }
  return out;
}

/// One side of the sheet: what lies just inside and just outside of it.
struct Edge {
  std::vector<Point> spots;
  std::vector<Colour> inside;
  std::vector<Colour> outside;
};

/// Bulge: where a place of the chord really is.
template <class Bulge>
Edge look_along(const ImageView& picture, std::array<Point, 2> chord, double inset, Bulge bulge) {
  const auto& [from, to] = chord;
  const double side = std::max(1.0, length(from, to));
  const Point inward{-(to.y - from.y) / side * inset, (to.x - from.x) / side * inset};
  Edge edge;
  for (int i = 2; i < kSpots - 2; ++i) {
    const double t = (i + 0.5) / kSpots;
    const Point spot = bulge({from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t});
    edge.spots.push_back(spot);
    edge.inside.push_back(colour_at(picture, {spot.x + inward.x, spot.y + inward.y}));
    edge.outside.push_back(colour_at(picture, {spot.x - inward.x, spot.y - inward.y}));
  }
  return edge;
}

struct Run {
  std::size_t begin = 0;
  std::size_t size = 0;
};

/// The longest run of spots over which something lies.
Run covered_run(const Edge& edge) {
  const Colour paper = median(edge.inside);
  const Colour ground = median(edge.outside);
  Run longest;
  Run run;
  for (std::size_t i = 0; i < edge.spots.size(); ++i) {
    const bool covered = distance(edge.inside[i], paper) > kOther && distance(edge.outside[i], ground) > kOther &&
                         distance(edge.inside[i], edge.outside[i]) < kSame;
    run = covered ? Run{run.size == 0 ? i : run.begin, run.size + 1} : Run{};
    longest = run.size > longest.size ? run : longest;
  }
  return longest;
}

}  // namespace

std::optional<PixelBox> find_cover(const ImageView& picture, const Quad& sheet, const Bend* bend) {
  const double shorter = std::min(
      {length(sheet[0], sheet[1]), length(sheet[1], sheet[2]), length(sheet[2], sheet[3]), length(sheet[3], sheet[0])});
  std::optional<PixelBox> found;
  std::size_t longest = kLeastSpots - 1;
  for (std::size_t side = 0; side < 4; ++side) {
    const Edge edge = look_along(picture, {sheet[side], sheet[(side + 1) % 4]}, kInset * shorter,
                                 [bend](Point p) { return bend == nullptr ? p : bend->apply(p); });
    const Run run = covered_run(edge);
    if (run.size <= longest || run.size > kMostSpots) {
      continue;
    }
    longest = run.size;
    const Point a = edge.spots[run.begin];
    const Point b = edge.spots[run.begin + run.size - 1];
    const double reach = length(a, b) / 2 + 1;
    const auto within = [](double v, std::int32_t most) {
      return std::clamp(static_cast<std::int32_t>(std::lround(v)), 0, most);
    };
    found = PixelBox{within(std::min(a.x, b.x) - reach, picture.size.width),
                     within(std::min(a.y, b.y) - reach, picture.size.height),
                     within(std::max(a.x, b.x) + reach, picture.size.width),
                     within(std::max(a.y, b.y) + reach, picture.size.height)};
  }
  return found;
}

}  // namespace quay::imaging
