// SPDX-License-Identifier: Apache-2.0
#include "imaging/extract/portrait_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "imaging/detect/reduce.hpp"

namespace quay::imaging {
namespace {

int middle_of(std::vector<int>& values) {
  const auto mid = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), mid, values.end());
  return values.empty() ? 0 : *mid;
}

/// Widths of the steepest edges in the face, in pixels: contrast of a short stretch over its steepest step.
std::vector<double> edge_widths(const Image& gray, const PixelBox& face) {
  constexpr std::int32_t kStretch = 24;
  constexpr int kContrast = 45;
  std::vector<double> widths;
  const auto look = [&](std::int32_t x, std::int32_t y, std::int32_t dx, std::int32_t dy) {
    int least = 255, most = 0, steepest = 1;
    for (std::int32_t i = 0; i <= kStretch; ++i) {
      const int here = gray.row(y + i * dy)[x + i * dx];
      const int next = gray.row(y + (i + 1) * dy)[x + (i + 1) * dx];
      least = std::min(least, here);
      most = std::max(most, here);
      steepest = std::max(steepest, std::abs(next - here));
    }
    if (most - least >= kContrast) {
      widths.push_back(static_cast<double>(most - least) / steepest);
    }
  };
  for (std::int32_t y = face.top; y < face.bottom; y += 2) {
    for (std::int32_t x = face.left; x + kStretch + 1 < face.right; x += kStretch / 2) {
      look(x, y, 1, 0);
    }
  }
  for (std::int32_t x = face.left; x < face.right; x += 2) {
    for (std::int32_t y = face.top; y + kStretch + 1 < face.bottom; y += kStretch / 2) {
      look(x, y, 0, 1);
    }
  }
  return widths;
}

}  // namespace

Status check_light(const HeadView& view) {
  constexpr int kDark = 65, kBright = 242, kBurnt = 253, kHalves = 75;
  constexpr double kMostBurnt = 0.12;
  const Image gray = to_gray(view.pixels.view());
  const auto reach = [](double middle, double by) { return static_cast<std::int32_t>(middle + by * HeadView::kSide); };
  const PixelBox face{reach(HeadView::kMiddle.x, -0.45), reach(HeadView::kMiddle.y, -0.45),
                      reach(HeadView::kMiddle.x, 0.45), reach(HeadView::kMiddle.y, 0.45)};
  std::vector<int> all, left, right;
  int burnt = 0;
  for (std::int32_t y = face.top; y < face.bottom; ++y) {
    for (std::int32_t x = face.left; x < face.right; ++x) {
      const int light = gray.row(y)[x];
      all.push_back(light);
      (2 * x < face.left + face.right ? left : right).push_back(light);
      burnt += light >= kBurnt ? 1 : 0;
    }
  }
  const int middle = middle_of(all), halves = std::abs(middle_of(left) - middle_of(right));
  const double share = static_cast<double>(burnt) / static_cast<double>(std::max<std::size_t>(all.size(), 1));
  if (middle < kDark || middle > kBright || share > kMostBurnt || halves > kHalves) {
    return failure(
        Errc::portrait_exposure, "portrait",
        fmt::format("face at {} of 255, {:.0f} % burnt out, {} between its halves", middle, 100 * share, halves));
  }
  return {};
}

Status check_sharpness(const Image& print, const PixelBox& face) {
  constexpr double kWidest = 0.030;  // of the face's square: about 2 pixels of blur in a print of 3 x 4
  constexpr std::size_t kEnough = 40;
  std::vector<double> widths = edge_widths(print, face);
  if (widths.size() < kEnough) {
    return failure(Errc::portrait_blurred, "portrait", "no edge is to be seen in the face");
  }
  const auto sharp = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 5);
  std::nth_element(widths.begin(), sharp, widths.end());
  if (*sharp > kWidest * (face.right - face.left)) {
    return failure(Errc::portrait_blurred, "portrait", fmt::format("edges are {:.1f} pixels wide in print", *sharp));
  }
  return {};
}

}  // namespace quay::imaging
