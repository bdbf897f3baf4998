// SPDX-License-Identifier: Apache-2.0
// The page in cells of 16 x 16 pixels, written on or not: a speck is a mark in at most 2 x 2 cells with bare cells all
// around. Only such cells are looked at pixel by pixel.
#include "imaging/cleanup/specks.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kCell = 16;
constexpr double kLeastDpi = 150;
constexpr std::uint8_t kWritten = 211;  // below it, a pixel is a mark
constexpr int kDark = 120;              // dust is at least so dark somewhere; pencil is paler
constexpr int kHue = 40;                // a pen's dot has a hue of at least this spread
constexpr double kMostMm = 0.47;        // across
constexpr double kTinyMm = 0.3;         // a tiny one may lie nearer to other marks
constexpr double kRowMm = 0.4;          // dots so near to one line are a row of dots ..
constexpr double kApartMm = 14;         // .. when they lie no farther apart
constexpr int kLeastRow = 2;            // others

struct Speck {
  std::int32_t left, top, right, bottom;

  std::int32_t across() const { return std::max(right - left, bottom - top); }
  double x() const { return (left + right) / 2.0; }
  double y() const { return (top + bottom) / 2.0; }
};

/// Which cells are written on. Every second row is looked at: no mark is lower than two.
class Cells {
 public:
  explicit Cells(const Image& page)
      : columns_((page.size().width + kCell - 1) / kCell),
        rows_((page.size().height + kCell - 1) / kCell),
        written_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
    const std::size_t bytes = kCell * packed_row_bytes(page.format(), 1);
    const std::size_t whole = page.stride_bytes() / bytes;
    for (std::int32_t y = 0; y < page.size().height; y += 2) {
      const std::uint8_t* row = page.row(y);
      std::uint8_t* cells = written_.data() + static_cast<std::size_t>(y / kCell) * static_cast<std::size_t>(columns_);
      for (std::size_t i = 0; i < whole; ++i) {
        cells[i] = cells[i] != 0 || !is_bare(row + i * bytes, bytes) ? 1 : 0;
      }
      if (whole < static_cast<std::size_t>(columns_) &&
          std::any_of(row + whole * bytes, row + page.stride_bytes(),
                      [](std::uint8_t level) { return level < kWritten; })) {
        cells[whole] = 1;
      }
    }
  }

  std::int32_t columns() const { return columns_; }
  std::int32_t rows() const { return rows_; }

  /// Cells beyond the page are bare.
  bool written(std::int32_t x, std::int32_t y) const {
    return x >= 0 && y >= 0 && x < columns_ && y < rows_ &&
           written_[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x)] !=
               0;
  }

  /// How many cells of the square of `side` cells from (x, y) on are written on.
  int count(std::int32_t x, std::int32_t y, std::int32_t side) const {
    int sum = 0;
    for (std::int32_t v = y; v < y + side; ++v) {
      for (std::int32_t u = x; u < x + side; ++u) {
        sum += written(u, v) ? 1 : 0;
      }
    }
    return sum;
  }

  /// Whether the 2 x 2 cells from (x, y) on, with something in their first row and column, have bare ones all around.
  bool begins_lone(std::int32_t x, std::int32_t y) const {
    const bool begins = written(x, y) || (written(x + 1, y) && written(x, y + 1));
    return begins && count(x - 1, y - 1, 4) == count(x, y, 2);
  }

  /// Whether anything is written in the 3 x 3 cells from (x, y) on.
  bool written_near(std::int32_t x, std::int32_t y) const { return count(x, y, 3) > 0; }

 private:
  static bool is_bare(const std::uint8_t* bytes, std::size_t count) {
    constexpr U8x16 kLeast = {kWritten, kWritten, kWritten, kWritten, kWritten, kWritten, kWritten, kWritten,
                              kWritten, kWritten, kWritten, kWritten, kWritten, kWritten, kWritten, kWritten};
    bool bare = true;
    for (std::size_t i = 0; i < count; i += 16) {
      bare = bare && all_at_least(load<U8x16>(bytes + i), kLeast);
    }
    return bare;
  }

  std::int32_t columns_, rows_;
  std::vector<std::uint8_t> written_;
};

struct Mark {
  Speck box{1 << 30, 1 << 30, -1, -1};
  int darkest = 255;
  int spread = 0;  ///< of the darkest pixel's channels
};

/// All that is written in the rectangle.
Mark mark_in(const Image& page, const Speck& where) {
  const std::size_t channels = packed_row_bytes(page.format(), 1);
  Mark mark;
  for (std::int32_t y = std::max(0, where.top); y < std::min(where.bottom, page.size().height); ++y) {
    for (std::int32_t x = std::max(0, where.left); x < std::min(where.right, page.size().width); ++x) {
      const std::uint8_t* pixel = page.row(y) + static_cast<std::size_t>(x) * channels;
      const auto [least, most] = std::minmax_element(pixel, pixel + channels);
      if (*least >= kWritten) {
        continue;
      }
      mark.box = {std::min(mark.box.left, x), std::min(mark.box.top, y), std::max(mark.box.right, x + 1),
                  std::max(mark.box.bottom, y + 1)};
      if (*least < mark.darkest) {
        mark.darkest = *least;
        mark.spread = *most - *least;
      }
    }
  }
  return mark;
}

/// Whether a mark beside a dot, along a row (or a column) of dots, looks like another of them.
bool is_like(const Speck& dot, const Mark& mark, bool along_row, double millimetre) {
  const std::int32_t height = along_row ? mark.box.bottom - mark.box.top : mark.box.right - mark.box.left;
  const double off = along_row ? mark.box.y() - dot.y() : mark.box.x() - dot.x();
  return height > 0 && height <= kMostMm * millimetre + 2 && std::abs(off) < kRowMm * millimetre;
}

/// The part of the row (or column) of a dot that lies `by` cells further on.
Speck along(const Speck& dot, std::int32_t by, bool along_row) {
  const std::int32_t x = (dot.left / kCell + by) * kCell, y = (dot.top / kCell + by) * kCell;
  return along_row ? Speck{x, dot.top - kCell, x + kCell, dot.bottom + kCell}
                   : Speck{dot.left - kCell, y, dot.right + kCell, y + kCell};
}

bool meet(const Speck& a, const Speck& b) {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

/// Whether the dot is one of a row or a column of dots.
bool in_row(const Image& page, const Cells& cells, const Speck& dot, bool along_row) {
  const double millimetre = page.dpi().value / kMillimetresPerInch;
  const auto reach = static_cast<std::int32_t>(kApartMm * millimetre / kCell) + 1;
  int others = 0;
  for (std::int32_t by = -reach; by <= reach; ++by) {
    const Speck where = along(dot, by, along_row);
    const bool other = cells.written_near(where.left / kCell, where.top / kCell) && !meet(where, dot);
    others += other && is_like(dot, mark_in(page, where), along_row, millimetre) ? 1 : 0;
  }
  return others >= kLeastRow;
}

/// Whether a lone mark is dust. Far: from all other marks.
bool is_dust(const Image& page, const Cells& cells, const Mark& mark, bool far) {
  const double millimetre = page.dpi().value / kMillimetresPerInch;
  const int across = mark.box.across();
  const bool small = across <= (far ? kMostMm : kTinyMm) * millimetre + 1;
  return small && mark.darkest < kDark && mark.spread < kHue && !in_row(page, cells, mark.box, true) &&
         !in_row(page, cells, mark.box, false);
}

/// Lone small marks of the page.
std::vector<Speck> find_lone(const Image& page, const Cells& cells) {
  std::vector<Speck> out;
  for (std::int32_t y = 0; y < cells.rows(); ++y) {
    for (std::int32_t x = 0; x < cells.columns(); ++x) {
      if (!cells.begins_lone(x, y)) {
        continue;
      }
      const Mark mark = mark_in(page, {(x - 1) * kCell, (y - 1) * kCell, (x + 3) * kCell, (y + 3) * kCell});
      const bool far = cells.count(x - 2, y - 2, 6) == cells.count(x, y, 2);
      if (is_dust(page, cells, mark, far)) {
        out.push_back(mark.box);
      }
    }
  }
  return out;
}

/// With its soft edge.
void erase(Image& page, const Speck& speck) {
  constexpr std::int32_t kSoft = 2;
  const std::size_t channels = packed_row_bytes(page.format(), 1);
  const std::int32_t left = std::max(0, speck.left - kSoft), right = std::min(page.size().width, speck.right + kSoft);
  for (std::int32_t y = std::max(0, speck.top - kSoft); y < std::min(page.size().height, speck.bottom + kSoft); ++y) {
    std::fill_n(page.row(y) + static_cast<std::size_t>(left) * channels,
                static_cast<std::size_t>(right - left) * channels, std::uint8_t{255});
  }
}

}  // namespace

std::size_t remove_specks(Image& page) {
  if (page.dpi().value < kLeastDpi || page.size().width < kCell) {
    return 0;
  }
  const std::vector<Speck> lone = find_lone(page, Cells(page));
  for (const Speck& speck : lone) {
    erase(page, speck);
  }
  return lone.size();
}

}  // namespace quay::imaging
