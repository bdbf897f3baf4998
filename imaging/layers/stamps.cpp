// SPDX-License-Identifier: Apache-2.0
// Ink is grouped by cells of 32 pixels that touch; each group is judged by how its colour varies from place to place.
#include "imaging/layers/stamps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/components.hpp"
#include "imaging/walk.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kCell = 32;
constexpr int kReach = 2;                   // cells between marks of one group
constexpr Millimetres kLeastStamp{12};      // longer side
constexpr Millimetres kLargestStamp{120};   // a frame around the page is none
constexpr double kUneven = 9;               // levels that a place's colour strays from the group's, on average
constexpr std::int64_t kLeastPixels = 400;  // of one hue in a group
constexpr Millimetres kPenStroke{0.65};     // broader strokes are thick
constexpr double kLeastThick = 0.08;        // share of a stamp's pixels well inside thick strokes
constexpr int kOtherPen = 26;               // levels between two pens of one hue

using Sum = std::array<std::int64_t, 4>;  // red, green, blue, pixels

/// The colour sums of each coloured ink in each cell, over pixels that are ink all around.
class Cells {
 public:
  Cells(const ImageView& page, const std::vector<Ink>& inks)
      : columns_((page.size.width + kCell - 1) / kCell),
        rows_((page.size.height + kCell - 1) / kCell),
        inks_(inks.size()),
        core_(count() * inks_),
        pixels_(count() * inks_),
        thick_(count() * inks_) {
    for (std::size_t i = 1; i < inks_; ++i) {
      add(page, inks[i].mask, i);
    }
  }

  std::int32_t columns() const { return columns_; }
  std::int32_t rows() const { return rows_; }
  std::size_t count() const { return static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_); }
  std::size_t index(std::int32_t x, std::int32_t y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  }
  const Sum& core(std::size_t cell, std::size_t ink) const { return core_[cell * inks_ + ink]; }
  std::int64_t pixels(std::size_t cell, std::size_t ink) const { return pixels_[cell * inks_ + ink]; }
  /// Pixels in the middle of strokes broader than a pen's, along the row as well as across.
  std::int64_t thick(std::size_t cell, std::size_t ink) const { return thick_[cell * inks_ + ink]; }
  bool used(std::size_t cell) const {
    const auto* first = &pixels_[cell * inks_];
    return std::any_of(first, first + inks_, [](std::int64_t n) { return n > 0; });
  }

 private:
  void add(const ImageView& page, const Bitmap& mask, std::size_t ink) {
    const std::int32_t half = std::max(1, to_pixels(kPenStroke, page.dpi) / 2);
    for (std::int32_t y = 0; y < page.size.height; ++y) {
      const bool inner = y > 0 && y + 1 < page.size.height;
      const bool deep = y >= half && y + half < page.size.height;
      const std::uint8_t* row = page.row(y);
      for_each_run(mask.row(y), mask.words(), [&](std::int32_t begin, std::int32_t end) {
        for (std::int32_t x = begin + half; x + half < end && deep; ++x) {
          thick_[index(x / kCell, y / kCell) * inks_ + ink] += mask.get(x, y - half) && mask.get(x, y + half) ? 1 : 0;
        }
        for (std::int32_t x = begin; x < end; ++x) {
          const std::size_t at = index(x / kCell, y / kCell) * inks_ + ink;
          ++pixels_[at];
          if (inner && x > begin && x + 1 < end && mask.get(x, y - 1) && mask.get(x, y + 1)) {
            const std::uint8_t* p = row + static_cast<std::size_t>(x) * 3;
            Sum& sum = core_[at];
            sum = {sum[0] + p[0], sum[1] + p[1], sum[2] + p[2], sum[3] + 1};
          }
        }
      });
    }
  }

  std::int32_t columns_;
  std::int32_t rows_;
  std::size_t inks_;
  std::vector<Sum> core_;
  std::vector<std::int64_t> pixels_;
  std::vector<std::int64_t> thick_;
};

/// Cells with coloured ink that lie near each other.
struct Group {
  Box cells;
  std::vector<std::size_t> members;
};

/// The group that a cell belongs to; its cells are taken from those that are open.
Group take_group(const Cells& cells, std::vector<std::uint8_t>& open, std::int32_t column, std::int32_t row) {
  Group group{{column, row, column + 1, row + 1}, {}};
  std::vector<std::array<std::int32_t, 2>> todo{{column, row}};
  open[cells.index(column, row)] = 0;
  while (!todo.empty()) {
    const auto [x, y] = todo.back();
    todo.pop_back();
    group.members.push_back(cells.index(x, y));
    Box& box = group.cells;
    box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), std::max(box.bottom, y + 1)};
    for_each_place(around({cells.columns(), cells.rows()}, x, y, kReach), [&](std::int32_t u, std::int32_t v) {
      if (open[cells.index(u, v)] != 0) {
        open[cells.index(u, v)] = 0;
        todo.push_back({u, v});
      }
    });
  }
  return group;
}

std::vector<Group> find_groups(const Cells& cells) {
  std::vector<std::uint8_t> open(cells.count());
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i] = cells.used(i) ? 1 : 0;
  }
  std::vector<Group> groups;
  for_each_place(PixelSize{cells.columns(), cells.rows()}, [&](std::int32_t column, std::int32_t row) {
    if (open[cells.index(column, row)] != 0) {
      groups.push_back(take_group(cells, open, column, row));
    }
  });
  return groups;
}

Sum sum_of(const Cells& cells, const Group& group, std::size_t ink) {
  Sum sum{};
  for (const std::size_t cell : group.members) {
    for (std::size_t c = 0; c < 4; ++c) {
      sum[c] += cells.core(cell, ink)[c];
    }
  }
  return sum;
}

std::array<double, 3> mean(const Sum& sum) {
  const auto count = static_cast<double>(std::max<std::int64_t>(sum[3], 1));
  return {static_cast<double>(sum[0]) / count, static_cast<double>(sum[1]) / count,
          static_cast<double>(sum[2]) / count};
}

double distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

/// How far the colour of the group's cells strays from the group's, on average over its ink.
double unevenness(const Cells& cells, const Group& group, std::size_t ink) {
  const auto whole = mean(sum_of(cells, group, ink));
  double sum = 0;
  double count = 0;
  for (const std::size_t cell : group.members) {
    const Sum& here = cells.core(cell, ink);
    sum += distance(mean(here), whole) * static_cast<double>(here[3]);
    count += static_cast<double>(here[3]);
  }
  return count > 0 ? sum / count : 0;
}

/// Of a seal's or signature's size?
bool has_stamp_size(const Group& group, Dpi dpi) {
  const auto cells_of = [dpi](Millimetres length) {
    return length.value / kMillimetresPerInch * std::max(dpi.value, 100.0) / kCell;
  };
  const std::int32_t longest = std::max(group.cells.size().width, group.cells.size().height);
  return longest >= cells_of(kLeastStamp) && longest <= cells_of(kLargestStamp);
}

bool is_stamp(const Cells& cells, const Group& group, std::size_t ink, Dpi dpi) {
  std::int64_t all = 0, thick = 0;
  for (const std::size_t cell : group.members) {
    all += cells.pixels(cell, ink);
    thick += cells.thick(cell, ink);
  }
  return has_stamp_size(group, dpi) && all >= kLeastPixels &&
         static_cast<double>(thick) > kLeastThick * static_cast<double>(all) && unevenness(cells, group, ink) > kUneven;
}

/// Moves ink of the group's cells from `from` to `to`, whose pixel (0, 0) is at the box's corner.
void move_ink(const Cells& cells, const Group& group, Bitmap& from, const Box& box, Bitmap& to) {
  for (const std::size_t cell : group.members) {
    const auto left = static_cast<std::int32_t>(cell % static_cast<std::size_t>(cells.columns())) * kCell;
    const auto top = static_cast<std::int32_t>(cell / static_cast<std::size_t>(cells.columns())) * kCell;
    const PixelSize size{std::min(kCell, from.size().width - left), std::min(kCell, from.size().height - top)};
    for (std::int32_t y = 0; y < size.height; ++y) {
      for (std::int32_t x = 0; x < size.width; ++x) {
        if (from.get(left + x, top + y)) {
          to.set(left + x - box.left, top + y - box.top);
        }
      }
    }
    from.clear_box(left, top, size);
  }
}

Box pixels_of(const Group& group, PixelSize page) {
  return {group.cells.left * kCell, group.cells.top * kCell, std::min(group.cells.right * kCell, page.width),
          std::min(group.cells.bottom * kCell, page.height)};
}

/// Gives groups whose colour is far from the ink's own an ink of theirs.
void part_pens(const Cells& cells, const std::vector<Group>& groups, std::size_t ink, std::vector<Ink>& inks) {
  std::vector<std::pair<Sum, std::size_t>> pens;  // colour so far, and the ink's place in `inks`
  constexpr std::int64_t kLeastCore = 60;
  for (const Group& group : groups) {
    const Sum sum = sum_of(cells, group, ink);
    if (sum[3] < kLeastCore) {
      continue;
    }
    auto pen = std::find_if(pens.begin(), pens.end(),
                            [&](const auto& known) { return distance(mean(known.first), mean(sum)) < kOtherPen; });
    if (pen == pens.end()) {
      pens.emplace_back(sum, pens.empty() ? ink : inks.size());
      pen = pens.end() - 1;
      if (pen->second != ink) {
        inks.push_back({{}, Bitmap(inks[ink].mask.size()), true});
      }
    }
    if (pen->second != ink) {
      move_ink(cells, group, inks[ink].mask, {}, inks[pen->second].mask);
    }
  }
}

}  // namespace

std::vector<Stamp> take_stamps(const ImageView& page, std::vector<Ink>& inks) {
  std::vector<Stamp> stamps;
  if (inks.size() < 2) {
    return stamps;
  }
  const Cells cells(page, inks);
  const std::size_t hues = inks.size();
  const std::vector<Group> groups = find_groups(cells);
  for (const Group& group : groups) {
    for (std::size_t ink = 1; ink < hues; ++ink) {
      if (is_stamp(cells, group, ink, page.dpi)) {
        Stamp stamp{pixels_of(group, page.size), {}};
        stamp.mask = Bitmap(stamp.box.size());
        move_ink(cells, group, inks[ink].mask, stamp.box, stamp.mask);
        stamps.push_back(std::move(stamp));
      }
    }
  }
  for (std::size_t ink = 1; ink < hues; ++ink) {
    part_pens(cells, groups, ink, inks);
  }
  return stamps;
}

Ink flat_stamp(const ImageView& page, const Stamp& stamp) {
  Ink ink{{}, Bitmap(page.size), true};
  for (std::int32_t y = 0; y < stamp.mask.size().height; ++y) {
    for_each_run(stamp.mask.row(y), stamp.mask.words(), [&](std::int32_t begin, std::int32_t end) {
      ink.mask.set_run(stamp.box.top + y, stamp.box.left + begin, stamp.box.left + end);
    });
  }
  ink.colour = core_colour(page, ink.mask);
  return ink;
}

}  // namespace quay::imaging
