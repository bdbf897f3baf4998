// SPDX-License-Identifier: Apache-2.0
// One small measure for each fault; every threshold is in units of the paper (millimetres, share of the sheet), so that
// it means the same for a scan and a photo.
#include "imaging/detect/quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "imaging/detect/covered.hpp"
#include "imaging/detect/streaks.hpp"

namespace quay::imaging {
namespace {

PixelBox whole(const QualityFacts& facts) {
  if (!facts.sheet) {
    return {0, 0, facts.picture.size.width, facts.picture.size.height};
  }
  const Quad& q = *facts.sheet;
  const auto [left, right] = std::minmax({q[0].x, q[1].x, q[2].x, q[3].x});
  const auto [top, bottom] = std::minmax({q[0].y, q[1].y, q[2].y, q[3].y});
  const auto within = [](double v, std::int32_t most) {
    return std::clamp(static_cast<std::int32_t>(std::lround(v)), 0, most);
  };
  return {within(left, facts.picture.size.width), within(top, facts.picture.size.height),
          within(right, facts.picture.size.width), within(bottom, facts.picture.size.height)};
}

/// Inside the sheet by `margin` pixels of the picture; a scan is all sheet.
bool on_sheet(const QualityFacts& facts, Point p, double margin) {
  if (!facts.sheet) {
    return true;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& a = (*facts.sheet)[i];
    const Point& b = (*facts.sheet)[(i + 1) % 4];
    const double cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    if (cross < margin * std::hypot(b.x - a.x, b.y - a.y)) {
      return false;
    }
  }
  return true;
}

int luma(const ImageView& image, std::int32_t x, std::int32_t y) {
  if (image.format != PixelFormat::rgb) {
    return image.row(y)[x];
  }
  const std::uint8_t* p = image.row(y) + 3 * static_cast<std::size_t>(x);
  return (77 * p[0] + 150 * p[1] + 29 * p[2]) >> 8;
}

/// Lights of the sheet in the small picture, sorted.
std::vector<int> sorted_lights(const QualityFacts& facts) {
  std::vector<int> out;
  for (std::int32_t y = 0; y < facts.small.size.height; ++y) {
    for (std::int32_t x = 0; x < facts.small.size.width; ++x) {
      if (on_sheet(facts, {(x + 0.5) * kQualityFactor, (y + 0.5) * kQualityFactor}, kQualityFactor)) {
        out.push_back(luma(facts.small, x, y));
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Edge widths along one row: contrast over the steepest step, in pixels, for each window that has an edge.
void edge_widths(const QualityFacts& facts, std::int32_t y, std::int32_t window, std::vector<double>& widths) {
  constexpr int kContrast = 50;
  const PixelBox box = whole(facts);
  for (std::int32_t x = box.left + window; x + 2 * window < box.right; x += window) {
    if (!on_sheet(facts, {x + window / 2.0, static_cast<double>(y)}, 2.0 * window)) {
      continue;
    }
    int dark = 255, bright = 0, steepest = 1;
    int before = luma(facts.picture, x - 1, y), here = luma(facts.picture, x, y);
    for (std::int32_t k = x; k < x + window; ++k) {
      const int after = luma(facts.picture, k + 1, y);
      dark = std::min(dark, here);
      bright = std::max(bright, here);
      steepest = std::max(steepest, std::abs(after - before));
      before = here;
      here = after;
    }
    if (bright - dark >= kContrast) {
      widths.push_back(2.0 * (bright - dark) / steepest);
    }
  }
}

/// Width in millimetres of the sharper edges of the page; 0 when there are too few to tell.
double edge_width_mm(const QualityFacts& facts) {
  constexpr std::size_t kEnough = 150;
  const double pixels_per_mm = facts.dpi.value / kMillimetresPerInch;
  const auto window = std::max(8, static_cast<std::int32_t>(std::lround(1.5 * pixels_per_mm)));
  const PixelBox box = whole(facts);
  std::vector<double> widths;
  const std::int32_t step = std::max(3, (box.bottom - box.top) / 500);
  for (std::int32_t y = box.top + 1; y + 1 < box.bottom; y += step) {
    edge_widths(facts, y, window, widths);
  }
  if (widths.size() < kEnough) {
    return 0;
  }
  const auto sharp = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 4);
  std::nth_element(widths.begin(), sharp, widths.end());
  return *sharp / pixels_per_mm;
}

/// The widest edge of a sharp picture. A scanner's lens does not move; a hand and a phone's autofocus do, and bare
/// pixels of a coarse picture are wide by themselves.
double widest_sharp_mm(const QualityFacts& facts) {
  constexpr double kScanMm = 0.40, kPhotoMm = 0.55, kPixels = 2.6;
  return std::max(facts.sheet ? kPhotoMm : kScanMm, kPixels * kMillimetresPerInch / facts.dpi.value);
}

/// Darkest pixel of the picture within `box`.
int darkest(const ImageView& picture, const PixelBox& box) {
  int least = 255;
  for (std::int32_t y = box.top; y < box.bottom; y += 2) {
    for (std::int32_t x = box.left; x < box.right; x += 2) {
      least = std::min(least, luma(picture, x, y));
    }
  }
  return least;
}

/// Burnt out to white, with writing in it that has gone pale. Where ink is as dark as ever the paper is only well lit.
/// `cells`: of the small picture.
bool is_washed_out(const QualityFacts& facts, const PixelBox& cells) {
  constexpr int kBurnt = 251, kPaleInk = 120, kPalestInk = 205;
  constexpr double kLeastBurnt = 0.3;
  int burnt = 0;
  for (std::int32_t y = cells.top; y < cells.bottom; ++y) {
    for (std::int32_t x = cells.left; x < cells.right; ++x) {
      burnt += luma(facts.small, x, y) >= kBurnt ? 1 : 0;
    }
  }
  if (burnt < kLeastBurnt * (cells.right - cells.left) * (cells.bottom - cells.top)) {
    return false;
  }
  const int ink = darkest(facts.picture, {cells.left * kQualityFactor, cells.top * kQualityFactor,
                                          std::min(cells.right * kQualityFactor, facts.picture.size.width),
                                          std::min(cells.bottom * kQualityFactor, facts.picture.size.height)});
  return ink > kPaleInk && ink < kPalestInk;
}

/// The lamp's mirror image: its box, and the share of the sheet whose writing it has washed out.
QualityIssue glare(const QualityFacts& facts, int paper) {
  constexpr std::int32_t kBlock = 8;  // cells
  constexpr int kDimPaper = 238;      // brighter paper is white by itself
  QualityIssue out{"glare", {facts.picture.size.width, facts.picture.size.height, 0, 0}, 0};
  int all = 0, washed = 0;
  for (std::int32_t y = 0; y + kBlock <= facts.small.size.height && paper <= kDimPaper; y += kBlock) {
    for (std::int32_t x = 0; x + kBlock <= facts.small.size.width; x += kBlock) {
      const PixelBox cells{x, y, x + kBlock, y + kBlock};
      if (!on_sheet(facts, {(x + kBlock / 2.0) * kQualityFactor, (y + kBlock / 2.0) * kQualityFactor},
                    kBlock * kQualityFactor)) {
        continue;
      }
      ++all;
      if (is_washed_out(facts, cells)) {
        ++washed;
        out.box = {std::min(out.box.left, cells.left * kQualityFactor),
                   std::min(out.box.top, cells.top * kQualityFactor),
                   std::max(out.box.right, cells.right * kQualityFactor),
                   std::max(out.box.bottom, cells.bottom * kQualityFactor)};
      }
    }
  }
  out.box.right = std::min(out.box.right, facts.picture.size.width);
  out.box.bottom = std::min(out.box.bottom, facts.picture.size.height);
  out.value = all == 0 ? 0 : static_cast<double>(washed) / all;
  return out;
}

/// Dark marks along one side of the small picture, `line` pixels in: short ones are writing that is cut off.
int marks_along(const ImageView& small, int side, int paper) {
  constexpr int kDepth = 60, kLongest = 10;
  const bool lying = side % 2 == 1;
  const std::int32_t count = lying ? small.size.width : small.size.height;
  const auto at = [&](std::int32_t i) {
    switch (side) {
      case 0: return luma(small, 0, i);
      case 1: return luma(small, i, 0);
      case 2: return luma(small, small.size.width - 1, i);
      default: return luma(small, i, small.size.height - 1);
    }
  };
  int marks = 0, run = 0;
  for (std::int32_t i = 2; i < count - 2; ++i) {
    if (at(i) < paper - kDepth) {
      ++run;
    } else {
      marks += run > 0 && run <= kLongest ? 1 : 0;
      run = 0;
    }
  }
  return marks;
}

/// Writing that runs out of a scan, or a sheet that runs out of a photo.
bool is_cut(const QualityFacts& facts, int paper) {
  constexpr int kMarks = 4;
  if (facts.sheet) {
    return std::any_of(facts.sheet->begin(), facts.sheet->end(), [&facts](const Point& p) {
      return p.x < 0 || p.y < 0 || p.x > facts.picture.size.width - 1 || p.y > facts.picture.size.height - 1;
    });
  }
  for (int side = 0; side < 4; ++side) {
    if (marks_along(facts.small, side, paper) >= kMarks) {
      return true;
    }
  }
  return false;
}

double share_of_picture(const Quad& q, PixelSize size) {
  double area = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    area += (q[i].x * q[(i + 1) % 4].y - q[(i + 1) % 4].x * q[i].y) / 2;
  }
  return area / size.width / size.height;
}

}  // namespace

std::span<const std::string_view> quality_codes() {
  static constexpr std::array<std::string_view, 9> kCodes{"blur",    "glare",    "cut-edge",  "covered", "too-small",
                                                          "low-dpi", "too-dark", "skew-left", "streak"};
  return kCodes;
}

std::vector<QualityIssue> judge_quality(const QualityFacts& facts) {
  constexpr double kMostGlare = 0.008, kSmallest = 0.2, kLegiblePixels = 16;
  constexpr int kDarkestPaper = 100;
  std::vector<QualityIssue> out;
  const std::vector<int> lights = sorted_lights(facts);
  if (lights.empty()) {
    return out;
  }
  const int paper = lights[lights.size() * 3 / 4];
  const auto report = [&](std::string_view code, double value) {
    out.push_back({std::string(code), whole(facts), value});
  };
  // Who holds the camera too far away sees few and soft pixels, too: one fault with one cure is told once.
  const bool too_small = facts.sheet && share_of_picture(*facts.sheet, facts.picture.size) < kSmallest;
  if (const double width = edge_width_mm(facts); width > widest_sharp_mm(facts) && !too_small) {
    report("blur", width);
  }
  if (const QualityIssue found = glare(facts, paper); found.value > kMostGlare) {
    out.push_back(found);
  }
  if (is_cut(facts, paper)) {
    report("cut-edge", 1);
  }
  if (facts.sheet && facts.picture.format == PixelFormat::rgb) {
    if (const auto box = find_cover(facts.picture, *facts.sheet, facts.bend)) {
      out.push_back({"covered", *box, 1});
    }
  }
  if (too_small) {
    report("too-small", share_of_picture(*facts.sheet, facts.picture.size));
  }
  // A photo's resolution is only as good as the guess of the sheet's size: letters that are large enough refute it.
  const bool legible = facts.sheet && facts.letters_px >= kLegiblePixels;
  if (facts.dpi < kLowestDpi && !too_small && !legible) {
    report("low-dpi", facts.dpi.value);
  }
  if (paper < kDarkestPaper) {
    report("too-dark", paper);
  }
  if (facts.skew_left && !facts.blank) {
    report("skew-left", 0);
  }
  if (!facts.sheet) {
    for (const PixelBox& line : find_streaks(facts.picture, facts.dpi)) {
      out.push_back({"streak", line, (line.right - line.left) / facts.dpi.value * kMillimetresPerInch});
    }
  }
  return out;
}

}  // namespace quay::imaging
