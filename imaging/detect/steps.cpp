// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/steps.hpp"

#include <algorithm>
#include <cmath>

namespace quay::imaging {
namespace {

constexpr std::int32_t kReach = 4;  // pixels averaged on either side
constexpr int kLeast = 6;           // logarithmic steps: about a tenth brighter
constexpr int kMost = 250;          // a cap would make the strongest edges broad

/// 64 for each doubling of the light; dark noise counts little.
std::array<std::int16_t, 256> logarithms() {
  std::array<std::int16_t, 256> out{};
  for (std::size_t v = 0; v < out.size(); ++v) {
    out[v] = static_cast<std::int16_t>(std::lround(64 * std::log2(static_cast<double>(v) + 12)));
  }
  return out;
}

/// Greatest step of the three channels at each place of a line of `count` pixels that lie `stride` apart; the sign is
/// that of the step. `line` walks rows or columns alike.
void line_steps(const std::vector<std::int16_t>& logs, std::size_t first, std::size_t stride, std::int32_t count,
                std::vector<int>& steps) {
  std::fill(steps.begin(), steps.end(), 0);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto at = [&](std::int32_t i) {
      return static_cast<int>(logs[first + stride * static_cast<std::size_t>(i) + c]);
    };
    for (std::int32_t i = 1; i + 1 < count; ++i) {
      const std::int32_t before = std::min(kReach, i), after = std::min(kReach, count - 1 - i);
      int dark = 0, bright = 0;
      for (std::int32_t k = 1; k <= before; ++k) {
        dark += at(i - k);
      }
      for (std::int32_t k = 1; k <= after; ++k) {
        bright += at(i + k);
      }
      const int step = bright / after - dark / before;
      int& most = steps[static_cast<std::size_t>(i)];
      most = std::abs(step) > std::abs(most) ? step : most;
    }
  }
}

std::uint8_t clamped(int step) { return static_cast<std::uint8_t>(step < kLeast ? 0 : std::min(step, kMost)); }

}  // namespace

int StepMap::ridge(std::int32_t x, std::int32_t y, bool upright) const {
  const int here = at(x, y);
  const int before = upright ? at(x - 1, y) : at(x, y - 1);
  const int after = upright ? at(x + 1, y) : at(x, y + 1);
  return here >= before && here >= after ? here : 0;
}

bool StepMap::near(double x, double y, bool upright) const {
  const auto cx = static_cast<std::int32_t>(std::lround(x));
  const auto cy = static_cast<std::int32_t>(std::lround(y));
  for (std::int32_t k = -1; k <= 1; ++k) {
    if (at(upright ? cx + k : cx, upright ? cy : cy + k) > 0) {
      return true;
    }
  }
  return false;
}

std::array<StepMap, 4> find_steps(const ImageView& small) {
  const auto table = logarithms();
  const PixelSize size = small.size;
  const auto width = static_cast<std::size_t>(size.width);
  std::vector<std::int16_t> logs;
  logs.reserve(width * 3 * static_cast<std::size_t>(size.height));
  for (std::int32_t y = 0; y < size.height; ++y) {
    std::transform(small.row(y), small.row(y) + width * 3, std::back_inserter(logs),
                   [&table](std::uint8_t v) { return table[v]; });
  }
  std::array<StepMap, 4> out;
  const StepMap empty{size, std::vector<std::uint8_t>(width * static_cast<std::size_t>(size.height))};
  out.fill(empty);
  std::vector<int> steps(static_cast<std::size_t>(std::max(size.width, size.height)));
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::size_t first = static_cast<std::size_t>(y) * width;
    line_steps(logs, first * 3, 3, size.width, steps);
    for (std::size_t x = 0; x < width; ++x) {
      out[0].strength[first + x] = clamped(steps[x]);
      out[2].strength[first + x] = clamped(-steps[x]);
    }
  }
  for (std::size_t x = 0; x < width; ++x) {
    line_steps(logs, x * 3, width * 3, size.height, steps);
    for (std::size_t y = 0; y < static_cast<std::size_t>(size.height); ++y) {
      out[1].strength[y * width + x] = clamped(steps[y]);
      out[3].strength[y * width + x] = clamped(-steps[y]);
    }
  }
  return out;
}

}  // namespace quay::imaging
