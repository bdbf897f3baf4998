// SPDX-License-Identifier: Apache-2.0
// Sheet edges as steps in line colours, and how much is written.
#include "imaging/detect/sheet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "imaging/detect/reduce.hpp"

namespace quay::imaging {
namespace {

constexpr int kStep = 4;             // smallest step between bed and paper, levels
constexpr int kStrongStep = 12;      // what no fold, stain or shadow makes over the whole length
constexpr std::int32_t kOuter = 3;   // lines that show the bed
constexpr std::int32_t kInner = 16;  // lines that show the paper; wide enough that a printed frame is outvoted
constexpr int kInkDepth = 70;        // this far below the paper is surely ink
constexpr std::uint8_t kOutside = 1;

using Colour = std::array<int, 3>;

/// The small picture turned upright, with a mark where there was no picture.
struct Upright {
  Image pixels;
  std::vector<std::uint8_t> outside;

  std::size_t index(std::int32_t x, std::int32_t y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.size().width) + static_cast<std::size_t>(x);
  }
  Colour at(std::int32_t x, std::int32_t y) const {
    const std::uint8_t* p = pixels.row(y) + static_cast<std::size_t>(x) * 3;
    return {p[0], p[1], p[2]};
  }
};

Transform turn_about_centre(PixelSize size, double degrees) {
  const double cx = (size.width - 1) / 2.0;
  const double cy = (size.height - 1) / 2.0;
  return Transform::translation(cx, cy) * Transform::rotation(degrees) * Transform::translation(-cx, -cy);
}

Upright turn(const ImageView& small, double angle_deg) {
  const bool rgb = small.format == PixelFormat::rgb;
  Upright out{Image(PixelFormat::rgb, small.size, small.dpi), {}};
  out.outside.assign(static_cast<std::size_t>(small.size.width) * static_cast<std::size_t>(small.size.height), 0);
  const Transform back = turn_about_centre(small.size, angle_deg);
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      const Point from = back.apply({static_cast<double>(x), static_cast<double>(y)});
      const auto sx = static_cast<std::int32_t>(std::lround(from.x));
      const auto sy = static_cast<std::int32_t>(std::lround(from.y));
      if (sx < 0 || sy < 0 || sx >= small.size.width || sy >= small.size.height) {
        out.outside[out.index(x, y)] = kOutside;
        continue;
      }
      const std::uint8_t* p = small.row(sy) + static_cast<std::size_t>(sx) * (rgb ? 3 : 1);
      std::uint8_t* to = out.pixels.row(y) + static_cast<std::size_t>(x) * 3;
      to[0] = p[0];
      to[1] = rgb ? p[1] : p[0];
      to[2] = rgb ? p[2] : p[0];
    }
  }
  return out;
}

/// A line's colour: bright quantile of each channel over its middle four fifths, so that paper shows between words. Not
/// valid when mostly outside the picture.
struct Line {
  Colour colour{};
  bool valid = false;
};

constexpr std::size_t kBright = 80;  // per cent

/// The value that `percent` of the values do not exceed. `values` is not empty and gets reordered.
int quantile_of(std::vector<int>& values, std::size_t percent) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * percent / 100);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// Medians of all rows, or of all columns.
std::vector<Line> line_colours(const Upright& page, bool rows) {
  const PixelSize size = page.pixels.size();
  const std::int32_t count = rows ? size.height : size.width;
  const std::int32_t length = rows ? size.width : size.height;
  std::vector<Line> lines(static_cast<std::size_t>(count));
  std::array<std::vector<int>, 3> values;
  for (std::int32_t i = 0; i < count; ++i) {
    std::for_each(values.begin(), values.end(), [](auto& channel) { channel.clear(); });
    for (std::int32_t k = length / 10; k < length - length / 10; ++k) {
      const std::int32_t x = rows ? k : i;
      const std::int32_t y = rows ? i : k;
      if (page.outside[page.index(x, y)] == 0) {
        const Colour colour = page.at(x, y);
        for (std::size_t c = 0; c < 3; ++c) {
          values[c].push_back(colour[c]);
        }
      }
    }
    Line& line = lines[static_cast<std::size_t>(i)];
    line.valid = static_cast<std::int32_t>(values[0].size()) > length / 4;
    for (std::size_t c = 0; c < 3 && line.valid; ++c) {
      line.colour[c] = quantile_of(values[c], kBright);
    }
  }
  return lines;
}

/// Median over lines [begin, end) of the valid ones; nothing valid: not valid.
Line median_line(const std::vector<Line>& lines, std::ptrdiff_t begin, std::ptrdiff_t end) {
  std::array<std::vector<int>, 3> values;
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, begin); i < std::min(end, std::ssize(lines)); ++i) {
    const Line& line = lines[static_cast<std::size_t>(i)];
    for (std::size_t c = 0; c < 3 && line.valid; ++c) {
      values[c].push_back(line.colour[c]);
    }
  }
  Line out;
  out.valid = !values[0].empty();
  for (std::size_t c = 0; c < 3 && out.valid; ++c) {
    out.colour[c] = quantile_of(values[c], 50);
  }
  return out;
}

/// Largest difference, in any channel or in blue against red.
int distance(const Colour& a, const Colour& b) {
  const int tint = std::abs((a[2] - a[0]) - (b[2] - b[0]));
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2]), tint});
}

/// Around a step: the first line that is more like the paper than like the bed.
std::ptrdiff_t exact_line(const std::vector<Line>& lines, std::ptrdiff_t step) {
  const Line bed = median_line(lines, step - kOuter, step);
  const Line paper = median_line(lines, step + kInner, step + 2 * kInner);
  for (std::ptrdiff_t i = step; i < step + kInner && paper.valid; ++i) {
    const Line& line = lines[static_cast<std::size_t>(i)];
    if (line.valid && distance(line.colour, paper.colour) <= distance(line.colour, bed.colour)) {
      return i;
    }
  }
  return step;
}

/// First line of the paper, counted from the front of `lines`, or -1; and how strong the step is.
struct Edge {
  std::ptrdiff_t line = -1;
  int step = 0;
};

Edge first_paper_line(const std::vector<Line>& lines) {
  const std::ptrdiff_t deepest = std::ssize(lines) / 3;
  for (std::ptrdiff_t i = 1; i < deepest; ++i) {
    const Line bed = median_line(lines, i - kOuter, i);
    const Line paper = median_line(lines, i + 1, i + 1 + kInner);
    if (bed.valid && paper.valid && distance(bed.colour, paper.colour) >= kStep) {
      const std::ptrdiff_t exact = exact_line(lines, i);
      const Line before = median_line(lines, exact - 1 - kOuter, exact - 1);
      const Line after = median_line(lines, exact + 1, exact + 1 + kInner);
      return {exact, before.valid && after.valid ? distance(before.colour, after.colour) : 0};
    }
  }
  return {};
}

/// Any sure ink in the given rectangle of the upright page, away from the outermost lines?
bool has_ink(const Upright& page, std::array<std::ptrdiff_t, 4> box, const Colour& paper) {
  constexpr int kSpecks = 6;
  const PixelSize size = page.pixels.size();
  int dark = 0;
  for (auto y = static_cast<std::int32_t>(box[1]); y < static_cast<std::int32_t>(box[3]); ++y) {
    for (auto x = static_cast<std::int32_t>(box[0]); x < static_cast<std::int32_t>(box[2]); ++x) {
      if (x < 1 || y < 1 || x >= size.width - 1 || y >= size.height - 1 || page.outside[page.index(x, y)] != 0) {
        continue;
      }
      const Colour c = page.at(x, y);
      const int depth = std::max({paper[0] - c[0], paper[1] - c[1], paper[2] - c[2]});
      dark += depth > kInkDepth ? 1 : 0;
    }
  }
  return dark > kSpecks;
}

bool is_dark(const Line& bed, const Line& paper) { return bed.valid && bed.colour[1] + 60 < paper.colour[1]; }

/// One side: its edge, unless there is ink outside it (a dark bed is no ink).
Edge checked_edge(const Upright& page, const std::vector<Line>& lines, int side) {
  const Edge found = first_paper_line(lines);
  const std::ptrdiff_t edge = found.line;
  if (edge < 0) {
    return {};
  }
  const Line bed = median_line(lines, 0, edge);
  const Line paper = median_line(lines, edge, std::ssize(lines));
  if (is_dark(bed, paper)) {
    return found;
  }
  const PixelSize size = page.pixels.size();
  const std::array<std::array<std::ptrdiff_t, 4>, 4> outside{{{0, 0, edge, size.height},
                                                              {0, 0, size.width, edge},
                                                              {size.width - edge, 0, size.width, size.height},
                                                              {0, size.height - edge, size.width, size.height}}};
  return has_ink(page, outside[static_cast<std::size_t>(side)], paper.colour) ? Edge{} : found;
}

constexpr std::uint8_t kMark = 1;
constexpr std::uint8_t kBorder = 2;
constexpr std::uint8_t kShortMark = 3;  // at the rim, but no border

/// Gives the dark places that hang together with (x, y) the value kBorder when they reach over a fifth of a side.
void mark_border(Image& dark, std::int32_t x, std::int32_t y) {
  const PixelSize size = dark.size();
  std::vector<std::array<std::int32_t, 2>> found;
  const auto visit = [&](std::int32_t u, std::int32_t v) {
    if (u >= 0 && v >= 0 && u < size.width && v < size.height && dark.row(v)[u] == kMark) {
      dark.row(v)[u] = kBorder;
      found.push_back({u, v});
    }
  };
  visit(x, y);
  std::array<std::int32_t, 4> reach{x, y, x, y};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [u, v] = found[i];
    reach = {std::min(reach[0], u), std::min(reach[1], v), std::max(reach[2], u), std::max(reach[3], v)};
    visit(u - 1, v);
    visit(u + 1, v);
    visit(u, v - 1);
    visit(u, v + 1);
  }
  if (reach[2] - reach[0] < size.width / 5 && reach[3] - reach[1] < size.height / 5) {
    for (const auto& [u, v] : found) {
      dark.row(v)[u] = kShortMark;
    }
  }
}

/// Marks where a pixel is darker than most of the picture, kBorder where that is the shadow of lid, bed or spine: dark
/// from the picture's rim on, along a good part of a side.
Image dark_places(const Image& gray) {
  constexpr int kFaint = 24;
  const PixelSize size = gray.size();
  std::vector<int> lights(gray.pixels().begin(), gray.pixels().end());
  const int paper = quantile_of(lights, 50);
  Image dark(PixelFormat::gray, size, {});
  for (std::size_t i = 0; i < gray.pixels().size(); ++i) {
    dark.pixels()[i] = gray.pixels()[i] + kFaint < paper ? kMark : 0;
  }
  for (std::int32_t x = 0; x < size.width; ++x) {
    mark_border(dark, x, 0);
    mark_border(dark, x, size.height - 1);
  }
  for (std::int32_t y = 0; y < size.height; ++y) {
    mark_border(dark, 0, y);
    mark_border(dark, size.width - 1, y);
  }
  return dark;
}

}  // namespace

SheetBox find_sheet(const ImageView& small, std::int32_t factor, double angle_deg) {
  const Upright page = turn(small, angle_deg);
  std::vector<Line> columns = line_colours(page, false);
  std::vector<Line> rows = line_colours(page, true);
  const Edge left = checked_edge(page, columns, 0);
  const Edge top = checked_edge(page, rows, 1);
  std::reverse(columns.begin(), columns.end());
  std::reverse(rows.begin(), rows.end());
  const Edge right = checked_edge(page, columns, 2);
  const Edge bottom = checked_edge(page, rows, 3);
  const auto depth = [factor](const Edge& edge) {
    return static_cast<double>(std::max<std::ptrdiff_t>(edge.line, 0) * factor);
  };
  SheetBox box;
  box.left = depth(left);
  box.top = depth(top);
  box.right = small.size.width * factor - depth(right);
  box.bottom = small.size.height * factor - depth(bottom);
  box.left_found = left.line >= 0;
  box.top_found = top.line >= 0;
  box.right_found = right.line >= 0;
  box.bottom_found = bottom.line >= 0;
  box.strong = std::min({left.step, top.step, right.step, bottom.step}) >= kStrongStep;
  return box;
}

bool writes_outside(const ImageView& small, std::int32_t factor, double angle_deg, const SheetBox& box) {
  constexpr int kSpecks = 2;
  const Image dark = dark_places(to_gray(small));
  const Transform upright = turn_about_centre(small.size, -angle_deg);
  int marks = 0;
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      const Point to = upright.apply({static_cast<double>(x), static_cast<double>(y)});
      const bool inside = to.x * factor > box.left && (to.x + 1) * factor < box.right && to.y * factor > box.top &&
                          (to.y + 1) * factor < box.bottom;
      marks += !inside && (dark.row(y)[x] == kMark || dark.row(y)[x] == kShortMark) ? 1 : 0;
    }
  }
  return marks > kSpecks;
}

double ink_share(const ImageView& small) {
  const Image gray = to_gray(small);
  const PixelSize size = gray.size();
  const std::int32_t border = std::min(size.width, size.height) / 25;
  std::int64_t ink = 0, all = 0;
  constexpr std::int32_t kReach = 6;
  for (std::int32_t y = border + kReach; y < size.height - border - kReach; ++y) {
    const std::uint8_t* row = gray.row(y);
    for (std::int32_t x = border + kReach; x < size.width - border - kReach; ++x) {
      const int around =
          std::max({static_cast<int>(row[x - kReach]), static_cast<int>(row[x + kReach]),
                    static_cast<int>(gray.row(y - kReach)[x]), static_cast<int>(gray.row(y + kReach)[x])});
      ink += around - row[x] > 40 ? 1 : 0;
      ++all;
    }
  }
  return all == 0 ? 0.0 : static_cast<double>(ink) / static_cast<double>(all);
}

}  // namespace quay::imaging
