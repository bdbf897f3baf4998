// SPDX-License-Identifier: Apache-2.0
// Each side is read line by line from the edge inward: how long the dark run is that begins there. A long stretch of
// lines with short runs is bed; one line that runs deeper than those around it has met print.
#include "imaging/cleanup/rim.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace quay::imaging {
namespace {

constexpr double kDeepestMm = 5;
constexpr double kShortestMm = 15;  // along the edge
constexpr double kBeginsMm = 0.6;   // from the edge, or from where the input begins
constexpr double kAroundMm = 4;     // lines that a line is compared with
constexpr double kSticksOutMm = 0.7;
constexpr int kBare = 236;         // from here on it is paper
constexpr int kHue = 48;           // of a pixel
constexpr std::int32_t kSoft = 3;  // pixels that the band fades in
constexpr double kLeastDpi = 100;

/// One side of the page, seen so that its edge is above: lines run from the edge inward.
class Side {
 public:
  Side(Image& page, int side)
      : page_(page),
        across_(side % 2 == 0),
        far_(side >= 2),
        lines_(across_ ? page.size().width : page.size().height),
        deep_(across_ ? page.size().height : page.size().width) {}

  std::int32_t lines() const { return lines_; }
  std::int32_t deep() const { return deep_; }

  Point place(std::int32_t line, std::int32_t depth) const {
    const double inward = far_ ? deep_ - 1 - depth : depth;
    return across_ ? Point{static_cast<double>(line), inward} : Point{inward, static_cast<double>(line)};
  }
  std::uint8_t* pixel(std::int32_t line, std::int32_t depth) {
    const std::int32_t inward = far_ ? deep_ - 1 - depth : depth;
    return page_.row(across_ ? inward : line) +
           static_cast<std::size_t>(across_ ? line : inward) * packed_row_bytes(page_.format(), 1);
  }

 private:
  Image& page_;
  bool across_, far_;
  std::int32_t lines_, deep_;
};

/// The dark run of a line, from its edge on. Not a band's when it has a hue or no end.
struct Reach {
  std::int32_t begin = 0, end = 0;
  bool band = false;
};

class Rim {
 public:
  Rim(Image& page, const Transform& to_input, PixelSize input)
      : page_(page), to_input_(to_input), input_(input), channels_(packed_row_bytes(page.format(), 1)) {}

  void clear(int which) {
    Side side(page_, which);
    std::vector<Reach> reaches;
    reaches.reserve(static_cast<std::size_t>(side.lines()));
    for (std::int32_t line = 0; line < side.lines(); ++line) {
      reaches.push_back(reach(side, line));
    }
    const std::int32_t shortest = pixels(kShortestMm);
    for (std::int32_t first = 0; first < side.lines();) {
      std::int32_t last = first;
      while (last < side.lines() && reaches[static_cast<std::size_t>(last)].band) {
        ++last;
      }
      if (last - first >= shortest) {
        clear_band(side, reaches, first, last);
      }
      first = std::max(last, first + 1);
    }
  }

 private:
  std::int32_t pixels(double mm) const {
    return static_cast<std::int32_t>(std::lround(mm / kMillimetresPerInch * page_.dpi().value));
  }

  bool in_input(Point p) const {
    const Point at = to_input_.apply(p);
    return at.x >= 0 && at.y >= 0 && at.x <= input_.width - 1 && at.y <= input_.height - 1;
  }

  Reach reach(Side& side, std::int32_t line) const {
    const std::int32_t deepest = std::min(pixels(kDeepestMm), side.deep() / 4);
    const auto dark = [&](std::int32_t depth) {
      const std::uint8_t* pixel = side.pixel(line, depth);
      return *std::min_element(pixel, pixel + channels_) < kBare;
    };
    Reach out;
    while (out.begin < deepest && !dark(out.begin) && !in_input(side.place(line, out.begin))) {
      ++out.begin;
    }
    const std::int32_t latest = std::min(out.begin + pixels(kBeginsMm), deepest);
    while (out.begin < latest && !dark(out.begin)) {
      ++out.begin;
    }
    int hued = 0;
    for (out.end = out.begin; out.end < deepest + 1 && dark(out.end); ++out.end) {
      const std::uint8_t* pixel = side.pixel(line, out.end);
      const auto [least, most] = std::minmax_element(pixel, pixel + channels_);
      hued += *most - *least > kHue ? 1 : 0;
    }
    out.band = out.end > out.begin && out.end <= deepest && 4 * hued <= out.end - out.begin;
    return out;
  }

  void clear_band(Side& side, const std::vector<Reach>& reaches, std::int32_t first, std::int32_t last) {
    const std::int32_t around = pixels(kAroundMm), sticks_out = pixels(kSticksOutMm);
    std::vector<std::int32_t> ends;
    for (std::int32_t line = first; line < last; ++line) {
      ends.clear();
      for (std::int32_t i = std::max(first, line - around); i < std::min(last, line + around + 1); i += 2) {
        ends.push_back(reaches[static_cast<std::size_t>(i)].end);
      }
      std::nth_element(ends.begin(), ends.begin() + std::ssize(ends) / 2, ends.end());
      const std::int32_t usual = ends[ends.size() / 2];
      const std::int32_t own = reaches[static_cast<std::size_t>(line)].end;
      const std::int32_t end = std::min((own > usual + sticks_out ? usual : own) + kSoft, side.deep());
      for (std::int32_t depth = 0; depth < end; ++depth) {
        std::fill_n(side.pixel(line, depth), channels_, std::uint8_t{255});
      }
    }
  }

  Image& page_;
  const Transform& to_input_;
  PixelSize input_;
  std::size_t channels_;
};

}  // namespace

void trim_rim(Image& page) {
  constexpr std::int32_t kRim = 3;
  const PixelSize size = page.size();
  const std::size_t pixel = packed_row_bytes(page.format(), 1);
  const std::size_t side = pixel * static_cast<std::size_t>(std::min(kRim, size.width));
  for (std::int32_t y = 0; y < size.height; ++y) {
    const bool outermost = y < kRim || y >= size.height - kRim;
    std::uint8_t* row = page.row(y);
    std::fill_n(row, outermost ? page.stride_bytes() : side, std::uint8_t{255});
    std::fill_n(row + page.stride_bytes() - side, side, std::uint8_t{255});
  }
}

void remove_rims(Image& page, const Transform& to_input, PixelSize input) {
  if (page.dpi().value < kLeastDpi) {
    return;
  }
  Rim rim(page, to_input, input);
  for (const int side : {0, 2, 1, 3, 0, 2}) {  // a band ends where one of another side crosses it: once more
    rim.clear(side);
  }
}

}  // namespace quay::imaging
