// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/enlarge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace quay::imaging {
namespace {

/// Keys cubic with a = -0.75 (Keys 1981, equation 4).
float cubic(float t) {
  constexpr float kA = -0.75F;
  const float d = std::abs(t);
  if (d < 1) {
    return ((kA + 2) * d - (kA + 3)) * d * d + 1;
  }
  return d < 2 ? ((kA * d - 5 * kA) * d + 8 * kA) * d - 4 * kA : 0;
}

/// The four source places of an output place, clamped into the picture, and their weights.
struct Taps {
  std::array<std::int32_t, 4> places{};
  std::array<float, 4> weights{};
};

Taps taps_at(std::int32_t out, std::int32_t times, std::int32_t length) {
  const float at = (static_cast<float>(out) + 0.5F) / static_cast<float>(times) - 0.5F;
  const auto first = static_cast<std::int32_t>(std::floor(at)) - 1;
  Taps taps;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::int32_t place = first + static_cast<std::int32_t>(i);
    taps.places[i] = std::clamp(place, 0, length - 1);
    taps.weights[i] = cubic(at - static_cast<float>(place));
  }
  return taps;
}

}  // namespace

Image cut_gray(const ImageView& gray, const PixelBox& box) {
  Image out(PixelFormat::gray, size_of(box), gray.dpi);
  for (std::int32_t y = box.top; y < box.bottom; ++y) {
    std::memcpy(out.row(y - box.top), gray.row(y) + box.left, out.stride_bytes());
  }
  return out;
}

Image enlarge(const ImageView& gray, std::int32_t times) {
  Image out(PixelFormat::gray, {gray.size.width * times, gray.size.height * times}, Dpi{gray.dpi.value * times});
  std::vector<float> between(static_cast<std::size_t>(gray.size.width));
  std::vector<Taps> across;
  for (std::int32_t x = 0; x < out.size().width; ++x) {
    across.push_back(taps_at(x, times, gray.size.width));
  }
  for (std::int32_t y = 0; y < out.size().height; ++y) {
    const Taps down = taps_at(y, times, gray.size.height);
    std::fill(between.begin(), between.end(), 0.0F);
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint8_t* row = gray.row(down.places[i]);
      for (std::size_t x = 0; x < between.size(); ++x) {
        between[x] += down.weights[i] * static_cast<float>(row[x]);
      }
    }
    std::uint8_t* to = out.row(y);
    for (const Taps& taps : across) {
      float sum = 0.5F;
      for (std::size_t i = 0; i < 4; ++i) {
        sum += taps.weights[i] * between[static_cast<std::size_t>(taps.places[i])];
      }
      *to++ = static_cast<std::uint8_t>(std::clamp(sum, 0.0F, 255.0F));
    }
  }
  return out;
}

}  // namespace quay::imaging
