// SPDX-License-Identifier: Apache-2.0
// Candidates are small dark blots of the reduced picture; each is then measured on rays from its middle, through the
// page's own geometry, so that a hole seen at an angle is round as well.
#include "imaging/cleanup/holes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "imaging/components.hpp"

namespace quay::imaging {
namespace {

constexpr double kLeastRadiusMm = 2.2, kMostRadiusMm = 4.2;
constexpr double kMostFromEdgeMm = 22;
constexpr std::array<double, 2> kSpacingsMm{80, 108};
constexpr double kSpacingSlackMm = 2, kSameMm = 2.5;  // as a hand puts the sheet into the punch
constexpr double kShadowMm = 0.4;
constexpr double kDark = 0.6;  // of the paper's light
constexpr int kLeastContrast = 60;
constexpr int kEven = 18;  // levels that the inside varies by
constexpr std::size_t kRays = 48;
constexpr std::size_t kMostOff = 4;  // rays that ink or a tear leads astray
constexpr double kRound = 0.07;      // of the radius

int light_of(const ImageView& small, std::int32_t x, std::int32_t y) {
  const std::uint8_t* row = small.row(y);
  const auto at = static_cast<std::size_t>(x);
  return small.format == PixelFormat::rgb ? (5 * row[3 * at] + 9 * row[3 * at + 1] + 2 * row[3 * at + 2]) >> 4
                                          : row[at];
}

/// Dark places of the reduced picture.
Bitmap dark_places(const ImageView& small) {
  std::array<std::int64_t, 256> histogram{};
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      ++histogram[static_cast<std::size_t>(light_of(small, x, y))];
    }
  }
  std::int64_t brighter = std::int64_t{small.size.width} * small.size.height / 10;
  int paper = 255;
  for (; paper > 0 && brighter > histogram[static_cast<std::size_t>(paper)]; --paper) {
    brighter -= histogram[static_cast<std::size_t>(paper)];
  }
  Bitmap out(small.size);
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      if (light_of(small, x, y) < kDark * paper) {
        out.set(x, y);
      }
    }
  }
  return out;
}

class Finder {
 public:
  explicit Finder(const HoleSearch& search) : search_(search), to_input_(inverse(search.to_output)) {}

  std::vector<Hole> run() const {
    std::vector<Hole> discs;
    for (const Hole& blot : blots()) {
      if (auto disc = measure(blot)) {
        discs.push_back(*disc);
      }
    }
    std::vector<Hole> out;
    std::copy_if(discs.begin(), discs.end(), std::back_inserter(out), [&](const Hole& hole) {
      return std::any_of(discs.begin(), discs.end(), [&](const Hole& other) { return are_pair(hole, other); });
    });
    return out;
  }

 private:
  double millimetres(double pixels) const { return pixels / search_.dpi.value * kMillimetresPerInch; }

  std::array<double, 4> to_edges(Point p) const {
    return {p.x, p.y, search_.output.width - p.x, search_.output.height - p.y};
  }

  /// Blots that may be holes, measured roughly.
  std::vector<Hole> blots() const {
    const Bitmap dark = dark_places(search_.small);
    std::vector<Hole> out;
    for (const Component& blot : find_components(dark).list) {
      const PixelSize size = blot.size();
      const bool solid = blot.pixels * 5 >= size.width * size.height * 3;
      if (!solid || size.width < 3 || size.height < 3 || std::max(size.width, size.height) > 40) {
        continue;
      }
      const auto place = [this](double x, double y) {
        return search_.to_output.apply({x * search_.factor - 0.5, y * search_.factor - 0.5});
      };
      const Point first = place(blot.left, blot.top), last = place(blot.right, blot.bottom);
      const Hole hole{{(first.x + last.x) / 2, (first.y + last.y) / 2},
                      std::hypot(last.x - first.x, last.y - first.y) / 2 / std::numbers::sqrt2};
      const double mm = millimetres(hole.radius);
      const auto edges = to_edges(hole.centre);
      const double edge = *std::min_element(edges.begin(), edges.end());
      if (mm > 0.7 * kLeastRadiusMm && mm < 1.4 * kMostRadiusMm && edge > 0 && millimetres(edge) < kMostFromEdgeMm) {
        out.push_back(hole);
      }
    }
    return out;
  }

  /// Level of the picture where the output has p; paper outside.
  int level(Point p) const {
    const Point at = to_input_.apply(p);
    const auto x = static_cast<std::int32_t>(std::lround(at.x)), y = static_cast<std::int32_t>(std::lround(at.y));
    const PixelSize size = search_.image.size;
    return x < 0 || y < 0 || x >= size.width || y >= size.height ? 255 : search_.image.row(y)[x];
  }

  static Point on_ray(const Hole& hole, std::size_t ray, double radius) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(ray) / kRays;
    return {hole.centre.x + radius * std::cos(angle), hole.centre.y + radius * std::sin(angle)};
  }

  int median_level(const Hole& hole, double radius) const {
    std::array<int, kRays> levels{};
    for (std::size_t ray = 0; ray < kRays; ++ray) {
      levels[ray] = level(on_ray(hole, ray, radius));
    }
    std::nth_element(levels.begin(), levels.begin() + kRays / 2, levels.end());
    return levels[kRays / 2];
  }

  /// How far from the middle each ray gets bright.
  std::array<double, kRays> reaches(const Hole& hole, int between) const {
    std::array<double, kRays> out{};
    for (std::size_t ray = 0; ray < kRays; ++ray) {
      double radius = 0.3 * hole.radius;
      while (radius < 2 * hole.radius && level(on_ray(hole, ray, radius)) < between) {
        radius += 0.5;
      }
      out[ray] = radius;
    }
    return out;
  }

  /// Whether the inside is as even as what no ink makes.
  bool is_even(const Hole& hole, int inside) const {
    int off = 0;
    for (const double share : {0.1, 0.3, 0.5, 0.7}) {
      for (std::size_t ray = 0; ray < kRays; ++ray) {
        off += std::abs(level(on_ray(hole, ray, share * hole.radius)) - inside) > kEven ? 1 : 0;
      }
    }
    return off <= 4;
  }

  /// The disc at a blot, if it is one.
  std::optional<Hole> measure(Hole hole) const {
    int inside = 0;
    std::array<double, kRays> reach{};
    for (int pass = 0; pass < 3; ++pass) {
      inside = median_level(hole, 0.4 * hole.radius);
      const int outside = median_level(hole, 1.5 * hole.radius);
      if (outside - inside < kLeastContrast) {
        return std::nullopt;
      }
      reach = reaches(hole, (inside + outside) / 2);
      Point sum;
      for (std::size_t ray = 0; ray < kRays; ++ray) {
        const Point edge = on_ray(hole, ray, reach[ray]);
        sum = {sum.x + edge.x / kRays, sum.y + edge.y / kRays};
      }
      hole.centre = sum;
      auto sorted = reach;
      std::nth_element(sorted.begin(), sorted.begin() + kRays / 2, sorted.end());
      hole.radius = sorted[kRays / 2];
    }
    const auto off = std::count_if(reach.begin(), reach.end(), [&hole](double radius) {
      return std::abs(radius - hole.radius) > std::max(kRound * hole.radius, 1.5);
    });
    const double mm = millimetres(hole.radius);
    const bool is_hole = static_cast<std::size_t>(off) <= kMostOff && mm >= kLeastRadiusMm && mm <= kMostRadiusMm &&
                         is_even(hole, inside);
    return is_hole ? std::optional(hole) : std::nullopt;
  }

  /// Whether one stroke of a punch made both.
  bool are_pair(const Hole& a, const Hole& b) const {
    const double apart = millimetres(std::hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y));
    const bool spaced = std::any_of(kSpacingsMm.begin(), kSpacingsMm.end(),
                                    [apart](double spacing) { return std::abs(apart - spacing) < kSpacingSlackMm; });
    const auto from_a = to_edges(a.centre), from_b = to_edges(b.centre);
    bool beside = false;
    for (std::size_t i = 0; i < from_a.size(); ++i) {
      beside = beside || (millimetres(std::max(from_a[i], from_b[i])) < kMostFromEdgeMm &&
                          millimetres(std::abs(from_a[i] - from_b[i])) < kSameMm);
    }
    return spaced && beside && std::abs(millimetres(a.radius - b.radius)) < 0.5;
  }

  const HoleSearch& search_;
  Transform to_input_;
};

/// The brightest of some pixels around a hole.
std::array<std::uint8_t, 3> around(const Image& page, const Hole& hole) {
  std::array<std::uint8_t, 3> out{};
  int most = -1;
  for (int i = 0; i < 16; ++i) {
    const double angle = 2 * std::numbers::pi * i / 16, radius = 1.7 * hole.radius;
    const auto x = static_cast<std::int32_t>(std::lround(hole.centre.x + radius * std::cos(angle)));
    const auto y = static_cast<std::int32_t>(std::lround(hole.centre.y + radius * std::sin(angle)));
    if (x < 0 || y < 0 || x >= page.size().width || y >= page.size().height) {
      continue;
    }
    const int light = light_of(page.view(), x, y);
    if (light > most) {
      most = light;
      const std::size_t channels = packed_row_bytes(page.format(), 1);
      std::copy_n(page.row(y) + static_cast<std::size_t>(x) * channels, channels, out.begin());
    }
  }
  return out;
}

}  // namespace

std::vector<Hole> find_holes(const HoleSearch& search) { return Finder(search).run(); }

void fill_holes(Image& page, const std::vector<Hole>& holes, Filling filling) {
  const std::size_t pixel = packed_row_bytes(page.format(), 1);
  for (const Hole& hole : holes) {
    const double radius = hole.radius + kShadowMm / kMillimetresPerInch * page.dpi().value;
    const auto colour = filling == Filling::white ? std::array<std::uint8_t, 3>{255, 255, 255} : around(page, hole);
    const auto top = std::max(0, static_cast<std::int32_t>(hole.centre.y - radius));
    const auto bottom = std::min(page.size().height - 1, static_cast<std::int32_t>(hole.centre.y + radius) + 1);
    for (std::int32_t y = top; y <= bottom; ++y) {
      const double half = std::sqrt(std::max(0.0, radius * radius - (y - hole.centre.y) * (y - hole.centre.y)));
      const auto left = std::max(0, static_cast<std::int32_t>(std::ceil(hole.centre.x - half)));
      const auto right = std::min(page.size().width, static_cast<std::int32_t>(hole.centre.x + half) + 1);
      for (std::int32_t x = left; x < right; ++x) {
        std::copy_n(colour.data(), pixel, page.row(y) + static_cast<std::size_t>(x) * pixel);
      }
    }
  }
}

}  // namespace quay::imaging
