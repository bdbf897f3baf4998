// SPDX-License-Identifier: Apache-2.0
// Letters and marks are connected components told apart by size; a mark belongs to the letter it is closest to.
#include "imaging/detect/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include "imaging/components.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kTile = 12;  // pixels over which the paper's light is looked for
constexpr int kInkPercent = 72;     // of the paper's light, and less

struct Box {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;  // right and bottom lie outside
  std::int32_t pixels = 0;

  std::int32_t width() const { return right - left; }
  std::int32_t height() const { return bottom - top; }
};

/// The brightest light of each tile and its neighbours.
class PaperLight {
 public:
  explicit PaperLight(const ImageView& page)
      : columns_((page.size.width + kTile - 1) / kTile), rows_((page.size.height + kTile - 1) / kTile) {
    std::vector<std::uint8_t> tiles(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
    for (std::int32_t y = 0; y < page.size.height; ++y) {
      const std::uint8_t* row = page.row(y);
      for (std::int32_t x = 0; x < page.size.width; ++x) {
        std::uint8_t& light = tiles[index(x / kTile, y / kTile)];
        light = std::max(light, row[x]);
      }
    }
    light_ = tiles;
    for (std::int32_t y = 0; y < rows_; ++y) {
      for (std::int32_t x = 0; x < columns_; ++x) {
        light_[index(x, y)] = brightest_around(tiles, x, y);
      }
    }
  }

  int at(std::int32_t x, std::int32_t y) const { return light_[index(x / kTile, y / kTile)]; }

 private:
  std::size_t index(std::int32_t x, std::int32_t y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  }
  std::uint8_t brightest_around(const std::vector<std::uint8_t>& tiles, std::int32_t x, std::int32_t y) const {
    std::uint8_t most = 0;
    for (std::int32_t v = std::max(0, y - 1); v <= std::min(rows_ - 1, y + 1); ++v) {
      for (std::int32_t u = std::max(0, x - 1); u <= std::min(columns_ - 1, x + 1); ++u) {
        most = std::max(most, tiles[index(u, v)]);
      }
    }
    return most;
  }

  std::int32_t columns_, rows_;
  std::vector<std::uint8_t> light_;
};

std::vector<Box> boxes_of(const ImageView& page) {
  const PaperLight paper(page);
  Bitmap ink(page.size);
  for (std::int32_t y = 0; y < page.size.height; ++y) {
    const std::uint8_t* row = page.row(y);
    for (std::int32_t x = 0; x < page.size.width; ++x) {
      if (100 * row[x] < kInkPercent * paper.at(x, y)) {
        ink.set(x, y);
      }
    }
  }
  std::vector<Box> out;
  for (const Component& c : find_components(ink).list) {
    out.push_back({c.left, c.top, c.right, c.bottom, c.pixels});
  }
  return out;
}

/// The same page turned back by a quarter turn.
std::vector<Box> turned_back(const std::vector<Box>& boxes, std::int32_t width) {
  std::vector<Box> out;
  out.reserve(boxes.size());
  for (const Box& b : boxes) {
    out.push_back({b.top, width - b.right, b.bottom, width - b.left, b.pixels});
  }
  return out;
}

/// What is as large as a letter, or a few that touch. In order of their left edges.
std::vector<Box> letters_among(const std::vector<Box>& boxes) {
  constexpr std::int32_t kLow = 6, kHigh = 42, kThin = 2, kLong = 60;  // 1.2 .. 9 mm high
  constexpr double kFilled = 0.12;
  std::vector<Box> out;
  std::copy_if(boxes.begin(), boxes.end(), std::back_inserter(out), [&](const Box& b) {
    return b.height() >= kLow && b.height() < kHigh && b.width() >= kThin && b.width() < kLong &&
           b.pixels > kFilled * b.width() * b.height();
  });
  std::sort(out.begin(), out.end(), [](const Box& a, const Box& b) { return a.left < b.left; });
  return out;
}

double usual_height(const std::vector<Box>& letters) {
  std::vector<std::int32_t> heights;
  std::transform(letters.begin(), letters.end(), std::back_inserter(heights), [](const Box& b) { return b.height(); });
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  return *middle;
}

/// Letters that have another one close to their right, as in a word.
int joined(const std::vector<Box>& letters) {
  constexpr double kClose = 0.35;  // of a letter's height
  if (letters.empty()) {
    return 0;
  }
  const double gap = kClose * usual_height(letters);
  int count = 0;
  for (auto here = letters.begin(); here != letters.end(); ++here) {
    count += std::any_of(std::next(here), letters.end(),
                         [&](const Box& next) {
                           const std::int32_t overlap =
                               std::min(here->bottom, next.bottom) - std::max(here->top, next.top);
                           return next.left >= here->right - 1 && next.left - here->right <= gap &&
                                  2 * overlap >= std::min(here->height(), next.height());
                         })
                 ? 1
                 : 0;
  }
  return count;
}

/// Marks over letters, and under them.
struct Marks {
  int over = 0, under = 0;
};

constexpr double kFar = std::numeric_limits<double>::max();

/// How far the nearest letter lies under `mark` and over it.
struct Distances {
  double below = kFar, above = kFar;
};

Distances distances(const Box& mark, const std::vector<Box>& letters, double height) {
  constexpr double kBeside = 0.1, kTaller = 1.3, kReach = 0.45;
  const double middle = (mark.left + mark.right) / 2.0;
  Distances out;
  const auto end = std::upper_bound(letters.begin(), letters.end(), middle + kBeside * height,
                                    [](double place, const Box& b) { return place < b.left; });
  for (auto letter = letters.begin(); letter != end; ++letter) {
    if (letter->right < middle - kBeside * height || letter->height() <= kTaller * mark.height()) {
      continue;
    }
    const double below = letter->top - mark.bottom, above = mark.top - letter->bottom;
    if (below >= -1 && below < kReach * height) {
      out.below = std::min(out.below, below);
    }
    if (above >= -1 && above < kReach * height) {
      out.above = std::min(out.above, above);
    }
  }
  return out;
}

/// What is as large as a dot, a hat or a tone mark.
std::vector<Box> small_ones(const std::vector<Box>& boxes, double height) {
  constexpr double kTall = 0.55, kWide = 1.1, kSide = 0.1, kArea = 0.012;  // of a letter's height, or its square
  std::vector<Box> out;
  std::copy_if(boxes.begin(), boxes.end(), std::back_inserter(out), [height](const Box& b) {
    return b.height() < kTall * height && b.width() < kWide * height && b.height() >= kSide * height &&
           b.width() >= kSide * height && b.pixels >= kArea * height * height;
  });
  std::sort(out.begin(), out.end(), [](const Box& a, const Box& b) { return a.left < b.left; });
  return out;
}

/// Is there another like it close to the left and to the right? A dotted line to write on says nothing.
bool is_dotted_line(const std::vector<Box>& marks, std::size_t which, double height) {
  const Box& dot = marks[which];
  const auto alike = [&dot, height](const Box& other) {
    return std::abs(other.left - dot.left) < height && std::abs(other.top - dot.top) <= 1 &&
           std::abs(other.bottom - dot.bottom) <= 1 && std::abs(other.width() - dot.width()) <= 2;
  };
  bool before = false, after = false;
  for (std::size_t i = which; i-- > 0 && dot.left - marks[i].left < height && !before;) {
    before = alike(marks[i]);
  }
  for (std::size_t i = which + 1; i < marks.size() && marks[i].left - dot.left < height && !after; ++i) {
    after = alike(marks[i]);
  }
  return before && after;
}

Marks count_marks(const std::vector<Box>& boxes, const std::vector<Box>& letters) {
  const double height = usual_height(letters);
  const std::vector<Box> marks = small_ones(boxes, height);
  Marks out;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (!is_dotted_line(marks, i, height)) {
      const Distances to = distances(marks[i], letters, height);
      out.over += to.below < to.above ? 1 : 0;
      out.under += to.above < to.below ? 1 : 0;
    }
  }
  return out;
}

/// Does one side outvote the other beyond chance?
bool outvotes(int most, int least) {
  constexpr int kFewest = 8;
  constexpr double kTimes = 2, kSigmas = 3;
  return most >= kFewest && most >= kTimes * least && most - least >= kSigmas * std::sqrt(most + least);
}

}  // namespace

Orientation find_orientation(const ImageView& page) {
  const std::vector<Box> boxes = boxes_of(page);
  const std::vector<Box> sideways = turned_back(boxes, page.size.width);
  const std::vector<Box> letters = letters_among(boxes), letters_sideways = letters_among(sideways);
  const int rows = joined(letters), columns = joined(letters_sideways);
  const bool lies = outvotes(columns, rows);
  if (!lies && !outvotes(rows, columns)) {
    return {};
  }
  const Marks marks = lies ? count_marks(sideways, letters_sideways) : count_marks(boxes, letters);
  if (outvotes(marks.over, marks.under)) {
    return {lies ? 90 : 0, true};
  }
  if (outvotes(marks.under, marks.over)) {
    return {lies ? 270 : 180, true};
  }
  return {};
}

}  // namespace quay::imaging
