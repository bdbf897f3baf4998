// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/loose_paper.hpp"

#include <algorithm>
#include <array>

#include "imaging/detect/reduce.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kFactor = 8;
constexpr int kDarkRoom = 35;         ///< the brightest of such a picture is no paper
constexpr double kContrast = 50;      ///< of paper over what it lies on
constexpr double kLeastPaper = 0.02;  ///< of the picture; less is a lamp or a label
constexpr double kSmallPaper = 0.2;   ///< as imaging/detect/quality.cpp has it
constexpr double kRunsOut = 0.12;     ///< of a side of the picture

struct Split {
  int threshold = 0;
  double contrast = 0;  ///< between the means of both sides of it
  double bright = 0;    ///< share
};

/// The level that parts dark from bright best (Otsu 1979).
Split split_of(const Image& small) {
  std::array<double, 256> count{};
  for (const std::uint8_t light : small.pixels()) {
    count[light] += 1;
  }
  double all = 0;
  double sum = 0;
  for (int i = 0; i < 256; ++i) {
    all += count[static_cast<std::size_t>(i)];
    sum += i * count[static_cast<std::size_t>(i)];
  }
  Split best;
  double best_between = -1;
  double dark = 0;
  double dark_sum = 0;
  for (int i = 0; i < 255; ++i) {
    dark += count[static_cast<std::size_t>(i)];
    dark_sum += i * count[static_cast<std::size_t>(i)];
    if (dark <= 0 || dark >= all) {
      continue;
    }
    const double contrast = (sum - dark_sum) / (all - dark) - dark_sum / dark;
    const double between = dark * (all - dark) * contrast * contrast;
    if (between > best_between) {
      best_between = between;
      best = {i, contrast, (all - dark) / all};
    }
  }
  return best;
}

/// Longest run of bright pixels along a side of the picture, as a share of that side. Sides: left, top, right, bottom.
double run_along(const Image& small, int side, int threshold) {
  const bool lying = side % 2 == 1;
  const std::int32_t count = lying ? small.size().width : small.size().height;
  std::int32_t run = 0;
  std::int32_t longest = 0;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int32_t x = lying ? i : side == 0 ? 0 : small.size().width - 1;
    const std::int32_t y = !lying ? i : side == 1 ? 0 : small.size().height - 1;
    run = small.row(y)[x] > threshold ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return static_cast<double>(longest) / count;
}

PixelBox side_box(PixelSize size, int side) {
  const std::int32_t rim = std::max(1, std::min(size.width, size.height) / 20);
  switch (side) {
    case 0: return {0, 0, rim, size.height};
    case 1: return {0, 0, size.width, rim};
    case 2: return {size.width - rim, 0, size.width, size.height};
    default: return {0, size.height - rim, size.width, size.height};
  }
}

}  // namespace

std::optional<QualityIssue> why_no_sheet(const ImageView& gray) {
  const PixelBox whole{0, 0, gray.size.width, gray.size.height};
  const Image small = reduce(gray, kFactor);
  const int brightest = *std::max_element(small.pixels().begin(), small.pixels().end());
  if (brightest < kDarkRoom) {
    return QualityIssue{"too-dark", whole, static_cast<double>(brightest)};
  }
  const Split split = split_of(small);
  if (split.contrast < kContrast || split.bright < kLeastPaper) {
    return std::nullopt;
  }
  for (int side = 0; side < 4; ++side) {
    if (const double run = run_along(small, side, split.threshold); run >= kRunsOut) {
      return QualityIssue{"cut-edge", side_box(gray.size, side), run};
    }
  }
  return split.bright < kSmallPaper ? std::optional(QualityIssue{"too-small", whole, split.bright}) : std::nullopt;
}

}  // namespace quay::imaging
