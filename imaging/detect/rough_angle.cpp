// SPDX-License-Identifier: Apache-2.0
// Edge pixels are summed along parallel lines, each with its sign: where lines of text run, what gets darker falls on
// one sum and what gets lighter on another, and the squares grow; elsewhere they cancel.
#include "imaging/detect/rough_angle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "imaging/geometry.hpp"

namespace quay::imaging {
namespace {

constexpr int kFaintest = 24;     // gradient; below is paper
constexpr float kStrongest = 96;  // the edge of a bed must not outvote a page of text
constexpr double kStep = 0.75;    // degrees
constexpr int kSteps = 120;       // in a quarter turn
constexpr int kMiddleStep = kSteps / 2;
constexpr std::size_t kEnough = 6000;  // edge pixels: more tell nothing new

/// A pixel on an edge, from the middle of the picture, and which way it gets lighter.
struct EdgePixel {
  float x, y;
  float across, down;
};

/// Evenly taken out of all.
std::vector<EdgePixel> thinned(std::vector<EdgePixel> all) {
  const std::size_t count = std::min(all.size(), kEnough);
  for (std::size_t i = 0; i < count; ++i) {
    all[i] = all[i * all.size() / count];
  }
  all.resize(count);
  return all;
}

/// Where one pixel differs from its neighbours (Scharr's operator), in pixels of the paper.
std::vector<EdgePixel> edge_pixels(const ImageView& gray, double stretch) {
  std::vector<EdgePixel> out;
  const auto squash = static_cast<float>(1 / stretch);
  const auto middle_x = static_cast<float>(gray.size.width) / 2, middle_y = static_cast<float>(gray.size.height) / 2;
  for (std::int32_t y = 1; y + 1 < gray.size.height; ++y) {
    const std::uint8_t* above = gray.row(y - 1);
    const std::uint8_t* here = gray.row(y);
    const std::uint8_t* below = gray.row(y + 1);
    for (std::int32_t x = 1; x + 1 < gray.size.width; ++x) {
      const int across =
          3 * (above[x + 1] - above[x - 1] + below[x + 1] - below[x - 1]) + 10 * (here[x + 1] - here[x - 1]);
      const int down = 3 * (below[x - 1] - above[x - 1] + below[x + 1] - above[x + 1]) + 10 * (below[x] - above[x]);
      if (std::abs(across) + std::abs(down) < 16 * kFaintest) {
        continue;
      }
      const auto gx = static_cast<float>(across) / 16, gy = static_cast<float>(down) / 16;
      const float scale = std::min(1.0F, kStrongest / std::hypot(gx, gy));
      out.push_back(
          {static_cast<float>(x) - middle_x, (static_cast<float>(y) - middle_y) * squash, gx * scale, gy * scale});
    }
  }
  return thinned(std::move(out));
}

/// Sums along lines.
class Lines {
 public:
  Lines(std::vector<EdgePixel> pixels, double reach)
      : pixels_(std::move(pixels)), reach_(static_cast<std::int32_t>(reach) + 2) {}

  /// Squares of the sums along both directions of a sheet turned by this much.
  double at(double degrees) {
    const auto c = static_cast<float>(std::cos(radians(degrees))), s = static_cast<float>(std::sin(radians(degrees)));
    sums_.assign(std::size_t{4} * static_cast<std::size_t>(reach_), {});
    // The rows' normal is (-s, c), the columns' (c, s).
    const auto offset = static_cast<float>(reach_);
    float* rows = sums_.data();
    float* columns = rows + 2 * reach_;
    for (const EdgePixel& p : pixels_) {
      add(rows, c * p.y - s * p.x + offset, c * p.down - s * p.across);
      add(columns, c * p.x + s * p.y + offset, c * p.across + s * p.down);
    }
    double energy = 0;
    for (const float sum : sums_) {
      energy += static_cast<double>(sum) * static_cast<double>(sum);
    }
    return energy;
  }

  bool empty() const { return pixels_.empty(); }

 private:
  static void add(float* sums, float place, float weight) {
    const auto whole = static_cast<std::size_t>(place);
    const float part = place - static_cast<float>(whole);
    sums[whole] += weight * (1 - part);
    sums[whole + 1] += weight * part;
  }

  std::vector<EdgePixel> pixels_;
  std::int32_t reach_;
  std::vector<float> sums_;
};

/// Between two steps, by the parabola through three.
double peak_between(double before, double here, double after) {
  const double bend = before - 2 * here + after;
  return bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0;
}

}  // namespace

std::optional<RoughAngle> rough_angle(const ImageView& small, double stretch) {
  Lines lines(edge_pixels(small, stretch), std::hypot(small.size.width, small.size.height / stretch) / 2);
  if (lines.empty()) {
    return {};
  }
  std::array<double, kSteps> energy{};
  for (int i = 0; i < kSteps; ++i) {
    energy[static_cast<std::size_t>(i)] = lines.at((i - kMiddleStep) * kStep);
  }
  const auto best = static_cast<int>(std::max_element(energy.begin(), energy.end()) - energy.begin());
  const auto at = [&energy](int i) { return energy[static_cast<std::size_t>((i + kSteps) % kSteps)]; };
  const double exact = best + peak_between(at(best - 1), at(best), at(best + 1));
  const double most = at(best);
  std::nth_element(energy.begin(), energy.begin() + kSteps / 2, energy.end());
  return RoughAngle{(exact - kSteps / 2.0) * kStep, most / std::max(energy[kSteps / 2], 1.0)};
}

}  // namespace quay::imaging
