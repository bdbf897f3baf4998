// SPDX-License-Identifier: Apache-2.0
#include "imaging/detect/edge_blur.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace quay::imaging {
namespace {

constexpr int kPlaces = 40;   ///< along each side
constexpr int kReach = 14;    ///< pixels to either side of the edge
constexpr int kPerPixel = 4;  ///< samples
constexpr int kSamples = 2 * kReach * kPerPixel + 1;
constexpr int kEndSamples = 3 * kPerPixel;  ///< at either end, whose mean is what the light comes from and goes to
constexpr double kStep = 30;                ///< a weaker edge tells nothing
constexpr std::size_t kEnough = 6;

using Profile = std::array<double, kSamples>;

std::optional<double> light_at(const ImageView& gray, Point p) {
  const double x0 = std::floor(p.x);
  const double y0 = std::floor(p.y);
  if (x0 < 0 || y0 < 0 || x0 + 1 >= gray.size.width || y0 + 1 >= gray.size.height) {
    return std::nullopt;
  }
  const std::uint8_t* above = gray.row(static_cast<std::int32_t>(y0)) + static_cast<std::ptrdiff_t>(x0);
  const std::uint8_t* below = above + gray.stride_bytes;
  const double fx = p.x - x0;
  const double fy = p.y - y0;
  return (above[0] * (1 - fx) + above[1] * fx) * (1 - fy) + (below[0] * (1 - fx) + below[1] * fx) * fy;
}

/// Light along a line through the edge, from outside to inside.
std::optional<Profile> profile_at(const ImageView& gray, Point edge, Point inward) {
  Profile profile{};
  for (int i = 0; i < kSamples; ++i) {
    const double away = static_cast<double>(i) / kPerPixel - kReach;
    const auto light = light_at(gray, {edge.x + away * inward.x, edge.y + away * inward.y});
    if (!light) {
      return std::nullopt;
    }
    profile[static_cast<std::size_t>(i)] = *light;
  }
  return profile;
}

double mean_of(const double* from) {
  double sum = 0;
  for (int i = 0; i < kEndSamples; ++i) {
    sum += from[i];
  }
  return sum / kEndSamples;
}

/// From the last place below a tenth to the first above nine tenths behind it.
std::optional<double> rise_of(const Profile& profile) {
  const double from = mean_of(profile.data());
  const double step = mean_of(profile.data() + kSamples - kEndSamples) - from;
  if (step < kStep) {
    return std::nullopt;
  }
  int high = 0;
  while (high < kSamples && profile[static_cast<std::size_t>(high)] < from + 0.9 * step) {
    ++high;
  }
  int low = std::min(high, kSamples - 1);
  while (low > 0 && profile[static_cast<std::size_t>(low)] > from + 0.1 * step) {
    --low;
  }
  return static_cast<double>(high - low) / kPerPixel;
}

void collect(const ImageView& gray, Point from, Point to, std::vector<double>& rises) {
  const double side = std::max(1.0, length(from, to));
  const Point inward{-(to.y - from.y) / side, (to.x - from.x) / side};
  for (int i = 0; i < kPlaces; ++i) {
    const double t = (i + 0.5) / kPlaces;
    const auto profile = profile_at(gray, {from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t}, inward);
    const auto rise = profile ? rise_of(*profile) : std::nullopt;
    if (rise) {
      rises.push_back(*rise);
    }
  }
}

double sharper_of(std::vector<double> rises) {
  if (rises.size() < kEnough) {
    return 0;
  }
  const auto quarter = rises.begin() + static_cast<std::ptrdiff_t>(rises.size() / 4);
  std::nth_element(rises.begin(), quarter, rises.end());
  return *quarter;
}

}  // namespace

double edge_blur_px(const ImageView& gray, const Quad& sheet) {
  double blurriest = 0;
  for (std::size_t direction = 0; direction < 2; ++direction) {
    std::vector<double> rises;
    collect(gray, sheet[direction], sheet[direction + 1], rises);
    collect(gray, sheet[direction + 2], sheet[(direction + 3) % 4], rises);
    blurriest = std::max(blurriest, sharper_of(std::move(rises)));
  }
  return blurriest;
}

}  // namespace quay::imaging
