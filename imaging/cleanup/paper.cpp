// SPDX-License-Identifier: Apache-2.0
// Estimating the paper: the brighter quarter of each tile, kept where it agrees in tint with the page's paper.
#include "imaging/cleanup/paper.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>

#include "imaging/walk.hpp"

namespace quay::imaging {
namespace {

using Colour = std::array<float, 3>;

constexpr std::int32_t kCell = 4;  // small pixels a cell: 32 pixels of the page
constexpr float kNearlyAsBright = 0.8F;
constexpr float kDimmest = 0.6F;          // paper in shadow against the page's paper
constexpr float kDimmestInPhoto = 0.18F;  // the same where a lamp and a hand make the light
constexpr int kGapCells = 3;
constexpr float kTintTolerance = 0.09F;  // a card or photo differs more than shadow does

float light(const Colour& c) { return 0.3F * c[0] + 0.59F * c[1] + 0.11F * c[2]; }

Colour pixel(const ImageView& small, std::int32_t x, std::int32_t y) {
  const bool rgb = small.format == PixelFormat::rgb;
  const std::uint8_t* p = small.row(y) + static_cast<std::size_t>(x) * (rgb ? 3 : 1);
  return {static_cast<float>(p[0]), static_cast<float>(rgb ? p[1] : p[0]), static_cast<float>(rgb ? p[2] : p[0])};
}

/// Mean of the brighter quarter of the pixels in and around a cell.
Colour bright_colour(const ImageView& small, std::int32_t column, std::int32_t row, std::vector<Colour>& pixels) {
  pixels.clear();
  for (std::int32_t y = row * kCell - 2; y < row * kCell + kCell + 2; ++y) {
    for (std::int32_t x = column * kCell - 2; x < column * kCell + kCell + 2; ++x) {
      if (x >= 0 && y >= 0 && x < small.size.width && y < small.size.height) {
        pixels.push_back(pixel(small, x, y));
      }
    }
  }
  const std::size_t kept = (pixels.size() + 3) / 4;
  std::nth_element(pixels.begin(), pixels.begin() + static_cast<std::ptrdiff_t>(kept - 1), pixels.end(),
                   [](const Colour& a, const Colour& b) { return light(a) > light(b); });
  Colour sum{};
  for (std::size_t i = 0; i < kept; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      sum[c] += pixels[i][c] / static_cast<float>(kept);
    }
  }
  return sum;
}

/// The page's paper: channel medians of the cells that are nearly as bright as the brightest twentieth. Paper is the
/// brightest thing on a page, even where a dark table or a photo takes most of the picture.
Colour page_paper(const std::vector<Colour>& cells) {
  std::vector<float> lights;
  std::transform(cells.begin(), cells.end(), std::back_inserter(lights), light);
  const auto bright = lights.begin() + static_cast<std::ptrdiff_t>(lights.size() * 19 / 20);
  std::nth_element(lights.begin(), bright, lights.end());
  const float least = *bright * kNearlyAsBright;
  std::vector<Colour> paper;
  std::copy_if(cells.begin(), cells.end(), std::back_inserter(paper),
               [least](const Colour& c) { return light(c) >= least; });
  Colour out{};
  for (std::size_t c = 0; c < 3; ++c) {
    std::nth_element(paper.begin(), paper.begin() + std::ssize(paper) / 2, paper.end(),
                     [c](const Colour& left, const Colour& right) { return left[c] < right[c]; });
    out[c] = std::max(paper[paper.size() / 2][c], 1.0F);
  }
  return out;
}

bool is_paper(const Colour& cell, const Colour& paper, float dimmest) {
  const Colour ratio{cell[0] / paper[0], cell[1] / paper[1], cell[2] / paper[2]};
  const auto [least, most] = std::minmax({ratio[0], ratio[1], ratio[2]});
  return least > dimmest && most - least < kTintTolerance * most;
}

/// Does a cell of the three by three around this one have that value?
bool is_beside(const std::vector<std::uint8_t>& mask, PixelSize grid, std::int32_t x, std::int32_t y,
               std::uint8_t value) {
  bool found = false;
  for_each_place(around(grid, x, y, 1),
                 [&](std::int32_t u, std::int32_t v) { found = found || mask[place_of(grid, u, v)] == value; });
  return found;
}

/// Cells marked in `mask` grow (or, with `value` 0, shrink) by one in the eight directions.
void grow(std::vector<std::uint8_t>& mask, PixelSize grid, std::uint8_t value) {
  const std::vector<std::uint8_t> before = mask;
  for_each_place(grid, [&](std::int32_t x, std::int32_t y) {
    if (is_beside(before, grid, x, y, value)) {
      mask[place_of(grid, x, y)] = value;
    }
  });
}

/// A card or photo has pale places that look like paper: gaps between cells that are no paper are closed.
void close_gaps(std::vector<std::uint8_t>& known, PixelSize grid) {
  for (int i = 0; i < kGapCells; ++i) {
    grow(known, grid, 0);
  }
  for (int i = 0; i < kGapCells; ++i) {
    grow(known, grid, 1);
  }
}

struct Place {
  std::int32_t x = 0, y = 0;
};

/// The mean of the known cells that touch this one on a side; nothing when there is none.
std::optional<Colour> mean_beside(const std::vector<Colour>& cells, const std::vector<std::uint8_t>& known,
                                  PixelSize grid, Place cell) {
  Colour sum{};
  float count = 0;
  for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
    const std::size_t place = place_of(grid, cell.x + dx, cell.y + dy);
    if (!holds(grid, cell.x + dx, cell.y + dy) || known[place] == 0) {
      continue;
    }
    const Colour& there = cells[place];
    std::transform(sum.begin(), sum.end(), there.begin(), sum.begin(), std::plus<>());
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(Colour{sum[0] / count, sum[1] / count, sum[2] / count});
}

/// Fills cells that are no paper from those that are, nearest first.
void fill_in(std::vector<Colour>& cells, std::vector<std::uint8_t>& known, PixelSize grid) {
  std::vector<std::uint8_t> next = known;
  for (bool open = true, changed = true; open && changed;) {
    open = changed = false;
    for_each_place(grid, [&](std::int32_t x, std::int32_t y) {
      const std::size_t here = place_of(grid, x, y);
      const auto colour = known[here] == 0 ? mean_beside(cells, known, grid, {x, y}) : std::nullopt;
      open = open || (known[here] == 0 && !colour);
      if (colour) {
        cells[here] = *colour;
        next[here] = 1;
        changed = true;
      }
    });
    known = next;
  }
}

/// How far inside the quad a point lies; negative outside.
double depth_inside(const Quad& quad, Point p) {
  double least = 1e9;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& a = quad[i];
    const Point& b = quad[(i + 1) % 4];
    const double cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    least = std::min(least, cross / std::hypot(b.x - a.x, b.y - a.y));
  }
  return least;
}

}  // namespace

PaperMap PaperMap::estimate(const ImageView& small, std::int32_t factor, const std::optional<Quad>& sheet) {
  PaperMap map;
  map.columns_ = (small.size.width + kCell - 1) / kCell;
  map.rows_ = (small.size.height + kCell - 1) / kCell;
  map.tile_ = kCell * factor;
  std::vector<Colour> pixels;
  const PixelSize grid{map.columns_, map.rows_};
  for_each_place(grid, [&](std::int32_t column, std::int32_t row) {
    map.cells_.push_back(bright_colour(small, column, row, pixels));
  });
  const auto on_sheet = [&map, &sheet](std::size_t i) {
    const auto columns = static_cast<std::size_t>(map.columns_);
    const std::size_t column = i % columns, row = i / columns;
    const Point centre{(static_cast<double>(column) + 0.5) * map.tile_, (static_cast<double>(row) + 0.5) * map.tile_};
    return !sheet || depth_inside(*sheet, centre) > 0.8 * map.tile_;
  };
  std::vector<Colour> candidates;
  for (std::size_t i = 0; i < map.cells_.size(); ++i) {
    if (on_sheet(i)) {
      candidates.push_back(map.cells_[i]);
    }
  }
  const Colour paper = page_paper(candidates.empty() ? map.cells_ : candidates);
  const float dimmest = sheet ? kDimmestInPhoto : kDimmest;
  std::vector<std::uint8_t> known;
  for (std::size_t i = 0; i < map.cells_.size(); ++i) {
    known.push_back(on_sheet(i) && is_paper(map.cells_[i], paper, dimmest) ? 1 : 0);
    map.cells_[i] = known.back() != 0 ? map.cells_[i] : paper;
  }
  const std::vector<std::uint8_t> seen = known;
  close_gaps(known, grid);
  if (std::find(known.begin(), known.end(), std::uint8_t{1}) == known.end()) {
    known = seen;
  }
  fill_in(map.cells_, known, grid);
  return map;
}

std::array<float, 3> PaperMap::at(double x, double y) const {
  const double gx = std::clamp((x + 0.5) / tile_ - 0.5, 0.0, static_cast<double>(columns_ - 1));
  const double gy = std::clamp((y + 0.5) / tile_ - 0.5, 0.0, static_cast<double>(rows_ - 1));
  const auto left = static_cast<std::int32_t>(gx);
  const auto top = static_cast<std::int32_t>(gy);
  const std::int32_t right = std::min(left + 1, columns_ - 1);
  const std::int32_t bottom = std::min(top + 1, rows_ - 1);
  const auto fx = static_cast<float>(gx - left);
  const auto fy = static_cast<float>(gy - top);
  const auto cell = [this](std::int32_t cx, std::int32_t cy) -> const Colour& {
    return cells_[place_of({columns_, rows_}, cx, cy)];
  };
  Colour out{};
  for (std::size_t c = 0; c < 3; ++c) {
    const float above = cell(left, top)[c] * (1 - fx) + cell(right, top)[c] * fx;
    const float below = cell(left, bottom)[c] * (1 - fx) + cell(right, bottom)[c] * fx;
    out[c] = std::max(above * (1 - fy) + below * fy, 1.0F);
  }
  return out;
}

}  // namespace quay::imaging
