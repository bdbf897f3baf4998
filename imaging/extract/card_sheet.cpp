// SPDX-License-Identifier: Apache-2.0
// Whatever differs from the bed is gathered into islands on a small copy; islands of a card's size are measured again
// on the full picture, side by side of many profiles across each edge.
#include "imaging/extract/card_sheet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "imaging/cleanup/render.hpp"
#include "imaging/components.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/extract/convex.hpp"

namespace quay::imaging {
namespace {

constexpr double kSmallDpi = 75;       // of the copy on which cards are looked for
constexpr int kContrast = 9;           // grey levels, in any channel, that tell a card from the bed
constexpr std::int32_t kGrow = 3;      // pixels of the copy: joins what is printed apart
constexpr double kSizeSlackMm = 5;     // of a card as first seen
constexpr double kReachMm = 3;         // of a profile across an edge, to either side
constexpr double kCornerShare = 0.14;  // of a side, at either end, where the corner is round
constexpr int kProfiles = 80;

using Colour = std::array<std::uint8_t, 3>;

Colour pixel(const ImageView& image, std::int32_t x, std::int32_t y) {
  const std::uint8_t* row = image.row(std::clamp(y, 0, image.size.height - 1));
  x = std::clamp(x, 0, image.size.width - 1);
  return image.format == PixelFormat::rgb ? Colour{row[3 * x], row[3 * x + 1], row[3 * x + 2]}
                                          : Colour{row[x], row[x], row[x]};
}

/// Median colour of the picture's rim.
Colour bed_of(const ImageView& small) {
  std::array<std::vector<std::uint8_t>, 3> values;
  const auto take = [&](std::int32_t x, std::int32_t y) {
    const Colour colour = pixel(small, x, y);
    for (std::size_t c = 0; c < 3; ++c) {
      values[c].push_back(colour[c]);
    }
  };
  for (std::int32_t inset = 4; inset < 8; ++inset) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      take(x, inset);
      take(x, small.size.height - 1 - inset);
    }
    for (std::int32_t y = 0; y < small.size.height; ++y) {
      take(inset, y);
      take(small.size.width - 1 - inset, y);
    }
  }
  Colour bed{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto middle = values[c].begin() + static_cast<std::ptrdiff_t>(values[c].size() / 2);
    std::nth_element(values[c].begin(), middle, values[c].end());
    bed[c] = *middle;
  }
  return bed;
}

int distance(const Colour& a, const Colour& b) {
  int most = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    most = std::max(most, std::abs(a[c] - b[c]));
  }
  return most;
}

/// What is not bed, grown by kGrow pixels.
Bitmap other_than(const ImageView& small, const Colour& bed) {
  Bitmap mask(small.size);
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      if (distance(pixel(small, x, y), bed) < kContrast) {
        continue;
      }
      const std::int32_t left = std::max(0, x - kGrow);
      const std::int32_t right = std::min(small.size.width, x + kGrow + 1);
      for (std::int32_t row = std::max(0, y - kGrow); row < std::min(small.size.height, y + kGrow + 1); ++row) {
        mask.set_run(row, left, right);
      }
    }
  }
  return mask;
}

std::vector<Point> outline(const Components& components, const Component& component) {
  std::vector<Point> points;
  for (std::uint32_t i = 0; i < component.runs; ++i) {
    const Run& run = components.runs[components.order[component.first_run + i]];
    points.push_back({static_cast<double>(run.begin), static_cast<double>(run.y)});
    points.push_back({static_cast<double>(run.end - 1), static_cast<double>(run.y)});
  }
  return points;
}

double length(Point a, Point b) { return std::hypot(b.x - a.x, b.y - a.y); }

/// A card's corners, the first side long and pointing right (or down, when the card stands). Nothing when the sizes
/// are not those of a card.
std::optional<Quad> as_card(Quad quad, double pixels_a_mm) {
  if (length(quad[0], quad[1]) < length(quad[1], quad[2])) {
    std::rotate(quad.begin(), quad.begin() + 1, quad.end());
  }
  const double slack = kSizeSlackMm * pixels_a_mm;
  if (std::abs(length(quad[0], quad[1]) - kIdCard.width.value * pixels_a_mm) > slack ||
      std::abs(length(quad[1], quad[2]) - kIdCard.height.value * pixels_a_mm) > slack) {
    return {};
  }
  const double dx = quad[1].x - quad[0].x;
  const double dy = quad[1].y - quad[0].y;
  const bool stands = std::abs(dy) > std::abs(dx);
  if (stands ? dy < 0 : dx < 0) {
    std::rotate(quad.begin(), quad.begin() + 2, quad.end());
  }
  return quad;
}

/// A straight line: points p with p * normal = offset.
struct Line {
  Point normal;
  double offset = 0;
};

Point meet(const Line& a, const Line& b) {
  const double d = a.normal.x * b.normal.y - a.normal.y * b.normal.x;
  return {(a.offset * b.normal.y - b.offset * a.normal.y) / d, (a.normal.x * b.offset - b.normal.x * a.offset) / d};
}

/// Where, on the way from outside in, the bed ends: `from` + step * `inward`. Nothing when the card looks like the bed
/// here.
std::optional<double> edge_along(const ImageView& image, const Colour& bed, Point from, Point inward, int steps) {
  std::vector<int> profile;
  for (int i = 0; i < steps; ++i) {
    const auto x = static_cast<std::int32_t>(std::lround(from.x + i * inward.x));
    const auto y = static_cast<std::int32_t>(std::lround(from.y + i * inward.y));
    profile.push_back(distance(pixel(image, x, y), bed));
  }
  std::vector<int> inside(profile.begin() + steps / 2, profile.end());
  std::nth_element(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(inside.size() / 2), inside.end());
  const double level = inside[inside.size() / 2] / 2.0;
  if (level < kContrast / 2.0) {
    return {};
  }
  for (int i = 1; i + 2 < steps; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (profile[at] >= level && profile[at + 1] >= level) {  // two in a row: not a grain of dust
      const double rise = std::max(1.0, static_cast<double>(profile[at] - profile[at - 1]));
      return i - std::clamp((profile[at] - level) / rise, 0.0, 1.0);
    }
  }
  return {};
}

/// Least squares of `offset` over `place`, then once more without what lies far off.
Line fit(const std::vector<Point>& points, Point along, Point normal, double fallback) {
  std::vector<Point> used = points;
  double slope = 0;
  double middle = fallback;
  for (int round = 0; round < 3 && used.size() >= 8; ++round) {
    double n = 0, su = 0, sv = 0, suu = 0, suv = 0;
    for (const Point p : used) {
      n += 1;
      su += p.x;
      sv += p.y;
      suu += p.x * p.x;
      suv += p.x * p.y;
    }
    slope = (n * suv - su * sv) / std::max(n * suu - su * su, 1e-9);
    middle = (sv - slope * su) / n;
    std::vector<double> off;
    for (const Point p : points) {
      off.push_back(std::abs(p.y - middle - slope * p.x));
    }
    std::vector<double> sorted = off;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
    const double most = std::max(0.75, 2.5 * sorted[sorted.size() / 2]);
    used.clear();
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (off[i] <= most) {
        used.push_back(points[i]);
      }
    }
  }
  // offset = middle + slope * place, with place measured along the side: a line with a slightly turned normal.
  const Point turned{normal.x - slope * along.x, normal.y - slope * along.y};
  return {turned, middle};
}

/// The side from a to b, measured; the card lies on its right as one goes (corners run clockwise).
Line measure_side(const ImageView& image, const Colour& bed, Point a, Point b) {
  const double side = length(a, b);
  const Point along{(b.x - a.x) / side, (b.y - a.y) / side};
  const Point inward{-along.y, along.x};
  const double reach = kReachMm * image.dpi.value / kMillimetresPerInch;
  std::vector<Point> found;
  for (int i = 0; i < kProfiles; ++i) {
    const double at = side * (kCornerShare + (1 - 2 * kCornerShare) * i / (kProfiles - 1));
    const Point from{a.x + at * along.x - reach * inward.x, a.y + at * along.y - reach * inward.y};
    if (const auto edge = edge_along(image, bed, from, inward, static_cast<int>(2 * reach))) {
      const Point p{from.x + *edge * inward.x, from.y + *edge * inward.y};
      found.push_back({p.x * along.x + p.y * along.y, p.x * inward.x + p.y * inward.y});
    }
  }
  return fit(found, along, inward, a.x * inward.x + a.y * inward.y);
}

Quad refine(const ImageView& image, const Colour& bed, const Quad& rough) {
  std::array<Line, 4> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    sides[i] = measure_side(image, bed, rough[i], rough[(i + 1) % 4]);
  }
  return {meet(sides[3], sides[0]), meet(sides[0], sides[1]), meet(sides[1], sides[2]), meet(sides[2], sides[3])};
}

/// Maps the rectangle of `size` pixels onto the parallelogram of three of its corners, pixel edges onto pixel edges.
Transform to_quad(PixelSize size, const Quad& quad) {
  const Point across{(quad[1].x - quad[0].x + quad[2].x - quad[3].x) / 2,
                     (quad[1].y - quad[0].y + quad[2].y - quad[3].y) / 2};
  const Point down{(quad[3].x - quad[0].x + quad[2].x - quad[1].x) / 2,
                   (quad[3].y - quad[0].y + quad[2].y - quad[1].y) / 2};
  Point centre{};
  for (const Point corner : quad) {
    centre.x += corner.x / 4;
    centre.y += corner.y / 4;
  }
  const Transform place{{across.x / size.width, down.x / size.height, centre.x, across.y / size.width,
                         down.y / size.height, centre.y, 0, 0, 1}};
  return place * Transform::translation((1 - size.width) / 2.0, (1 - size.height) / 2.0);
}

void whiten_corners(Image& card) {
  const double radius = kIdCardCornerMm / kMillimetresPerInch * card.dpi().value;
  const PixelSize size = card.size();
  for (std::int32_t y = 0; y < size.height; ++y) {
    const double dy = std::max({radius - y - 0.5, y + 0.5 - (size.height - radius), 0.0});
    if (dy == 0) {
      continue;
    }
    const auto inset =
        static_cast<std::int32_t>(std::ceil(radius - std::sqrt(std::max(0.0, radius * radius - dy * dy))));
    std::fill_n(card.row(y), 3 * inset, std::uint8_t{255});
    std::fill_n(card.row(y) + 3 * (size.width - inset), 3 * inset, std::uint8_t{255});
  }
}

}  // namespace

std::vector<Quad> find_cards(const ImageView& image) {
  if (image.dpi.value <= 0) {
    return {};
  }
  const Image source = to_bytes(image);
  const auto factor = std::max(1, static_cast<std::int32_t>(std::lround(image.dpi.value / kSmallDpi)));
  const Image small = reduce(source.view(), factor);
  if (small.size().width < 16 || small.size().height < 16) {
    return {};
  }
  const Colour bed = bed_of(small.view());
  const Components islands = find_components(other_than(small.view(), bed));
  const double pixels_a_mm = image.dpi.value / kMillimetresPerInch;
  std::vector<Quad> cards;
  for (const Component& island : islands.list) {
    Quad rough = smallest_rectangle(outline(islands, island));
    for (Point& corner : rough) {
      corner = {(corner.x + 0.5) * factor - 0.5, (corner.y + 0.5) * factor - 0.5};
    }
    if (const auto card = as_card(rough, pixels_a_mm)) {
      cards.push_back(refine(source.view(), bed, *card));
    }
  }
  std::sort(cards.begin(), cards.end(), [](const Quad& a, const Quad& b) {
    return a[0].y + a[2].y + (a[0].x + a[2].x) / 4 < b[0].y + b[2].y + (b[0].x + b[2].x) / 4;
  });
  return cards;
}

Image cut_card(const ImageView& image, const Quad& quad, Dpi dpi) {
  const Dpi out{std::min(dpi.value, image.dpi.value)};
  const PixelSize size{to_pixels(kIdCard.width, out), to_pixels(kIdCard.height, out)};
  const auto factor = static_cast<std::int32_t>(std::max(1.0, std::floor(image.dpi.value / out.value + 0.25)));
  const Image source = to_bytes(image);
  const Image smaller = factor > 1 ? reduce(source.view(), factor) : Image();
  Quad place = quad;
  for (Point& corner : place) {
    corner = {(corner.x + 0.5) / factor - 0.5, (corner.y + 0.5) / factor - 0.5};
  }
  Image card = render(factor > 1 ? smaller.view() : source.view(), {to_quad(size, place), size, out});
  if (card.format() == PixelFormat::gray) {
    Image colour(PixelFormat::rgb, size, out);
    for (std::size_t i = 0; i < card.pixels().size(); ++i) {
      std::fill_n(colour.pixels().begin() + static_cast<std::ptrdiff_t>(3 * i), 3, card.pixels()[i]);
    }
    card = std::move(colour);
  }
  whiten_corners(card);
  return card;
}

Result<Image> card_sheet(std::span<const Image> cards) {
  if (cards.empty()) {
    return failure(Errc::card_not_found, "card.sheet", "no card to put on the page");
  }
  const Dpi dpi = cards.front().dpi();
  Image page(PixelFormat::rgb, {to_pixels(kA4.width, dpi), to_pixels(kA4.height, dpi)}, dpi);
  std::fill(page.pixels().begin(), page.pixels().end(), std::uint8_t{255});
  constexpr double kTopMm = 50;
  constexpr double kPitchMm = 80;
  for (std::size_t i = 0; i < std::min<std::size_t>(cards.size(), 2); ++i) {
    const std::int32_t left = (page.size().width - cards[i].size().width) / 2;
    const std::int32_t top = to_pixels({kTopMm + kPitchMm * static_cast<double>(i)}, dpi);
    for (std::int32_t y = 0; y < cards[i].size().height; ++y) {
      std::copy_n(cards[i].row(y), cards[i].stride_bytes(), page.row(top + y) + 3 * left);
    }
  }
  return page;
}

}  // namespace quay::imaging
