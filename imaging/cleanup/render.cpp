// SPDX-License-Identifier: Apache-2.0
// Bilinear resampling in fixed point, with the paper's colour divided out along the way.
#include "imaging/cleanup/render.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace quay::imaging {
namespace {

constexpr int kUnit = 1 << 16;      // fixed-point pixel
constexpr std::int32_t kKnot = 16;  // output pixels between two looks at the paper
constexpr int kGainBits = 12;

/// After division by the paper, everything above kWhite is paper; below kKeep nothing changes.
constexpr int kKeep = 190;
constexpr int kWhite = 240;

std::array<std::uint8_t, 512> white_curve() {
  std::array<std::uint8_t, 512> curve{};
  for (int v = 0; v < 512; ++v) {
    const int lifted = v <= kKeep ? v : kKeep + (v - kKeep) * (255 - kKeep) / (kWhite - kKeep);
    curve[static_cast<std::size_t>(v)] = static_cast<std::uint8_t>(std::min(lifted, 255));
  }
  return curve;
}

/// Whole pixels, and 256ths of one, along both axes.
struct Place {
  std::int64_t x, y;
};

Place fixed(Point p) {
  // Far outside is outside: what a horizon maps to infinity must still be a number.
  const auto bounded = [](double v) {
    return static_cast<std::int64_t>(std::llround(std::clamp(v, -1e6, 1e6) * kUnit));
  };
  return {bounded(p.x), bounded(p.y)};
}

/// One pixel whose four neighbours may lie outside the picture; white beyond its rim.
template <std::size_t kChannels>
void sample_rim(const ImageView& image, Place at, std::uint8_t* to) {
  const std::int64_t width = image.size.width, height = image.size.height;
  const std::int64_t left = at.x >> 16, top = at.y >> 16;
  if (left < -1 || top < -1 || left >= width || top >= height) {
    std::memset(to, 255, kChannels);
    return;
  }
  const auto fx = static_cast<int>((at.x & 0xFFFF) >> 8), fy = static_cast<int>((at.y & 0xFFFF) >> 8);
  const auto a = static_cast<std::size_t>(std::max<std::int64_t>(left, 0)) * kChannels;
  const auto b = static_cast<std::size_t>(std::min(left + 1, width - 1)) * kChannels;
  const std::uint8_t* above = image.row(static_cast<std::int32_t>(std::max<std::int64_t>(top, 0)));
  const std::uint8_t* below = image.row(static_cast<std::int32_t>(std::min(top + 1, height - 1)));
  for (std::size_t c = 0; c < kChannels; ++c) {
    const int upper = above[a + c] * (256 - fx) + above[b + c] * fx;
    const int lower = below[a + c] * (256 - fx) + below[b + c] * fx;
    to[c] = static_cast<std::uint8_t>((upper * (256 - fy) + lower * fy + (1 << 15)) >> 16);
  }
}

/// Pixels of a straight way through the picture, all neighbours inside.
template <std::size_t kChannels>
void sample_inside(const ImageView& image, Place at, Place step, std::int32_t count, std::uint8_t* to) {
  for (std::int32_t i = 0; i < count; ++i, to += kChannels, at.x += step.x, at.y += step.y) {
    const auto fx = static_cast<int>((at.x & 0xFFFF) >> 8), fy = static_cast<int>((at.y & 0xFFFF) >> 8);
    const std::uint8_t* above =
        image.row(static_cast<std::int32_t>(at.y >> 16)) + static_cast<std::size_t>(at.x >> 16) * kChannels;
    const std::uint8_t* below = above + image.stride_bytes;
    for (std::size_t c = 0; c < kChannels; ++c) {
      const int upper = (above[c] << 8) + (above[c + kChannels] - above[c]) * fx;
      const int lower = (below[c] << 8) + (below[c + kChannels] - below[c]) * fx;
      to[c] = static_cast<std::uint8_t>(((upper << 8) + (lower - upper) * fy + (1 << 15)) >> 16);
    }
  }
}

bool lies_inside(const ImageView& image, Place at) {
  return at.x >= 0 && at.y >= 0 && (at.x >> 16) < image.size.width - 1 && (at.y >> 16) < image.size.height - 1;
}

/// Samples one output row. Between two knots the way through the input is straight: exact for a turn, and far within a
/// pixel for a sheet seen from an angle.
template <std::size_t kChannels>
void sample_row(const ImageView& image, const RenderPlan& plan, std::int32_t y, std::uint8_t* to) {
  const auto at = [&plan, y](std::int32_t x) {
    return fixed(plan.to_input.apply({static_cast<double>(x), static_cast<double>(y)}));
  };
  Place from = at(0);
  for (std::int32_t knot = 0; knot < plan.size.width; knot += kKnot) {
    const Place next = at(knot + kKnot);
    const Place step{(next.x - from.x) / kKnot, (next.y - from.y) / kKnot};
    const std::int32_t count = std::min(kKnot, plan.size.width - knot);
    std::uint8_t* pixel = to + static_cast<std::size_t>(knot) * kChannels;
    if (lies_inside(image, from) && lies_inside(image, next)) {
      sample_inside<kChannels>(image, from, step, count, pixel);
    } else {
      for (std::int32_t i = 0; i < count; ++i) {
        sample_rim<kChannels>(image, {from.x + i * step.x, from.y + i * step.y},
                              pixel + static_cast<std::size_t>(i) * kChannels);
      }
    }
    from = next;
  }
}

/// How far a pixel is paper, 0..256, by its least channel as a share of the paper's (255: all of it). Ink is not made
/// brighter with its paper: a seal would change its colour.
constexpr int kSurelyInk = 100;
constexpr int kSurelyPaper = 200;
int paper_share(int least) { return std::clamp((least - kSurelyInk) * 256 / (kSurelyPaper - kSurelyInk), 0, 256); }

/// What ink in deep shadow is lifted to at least, of what its paper would be.
int ink_level(int value, int lifted) { return std::max(value, lifted * 5 / 8); }

/// Divides a row by the paper and lifts what is left of it to white.
template <std::size_t kChannels>
void whiten_row(const RenderPlan& plan, std::int32_t y, const std::array<std::uint8_t, 512>& curve, std::uint8_t* row) {
  const auto gain_at = [&](std::int32_t x) {
    const Point from = plan.to_input.apply({static_cast<double>(x), static_cast<double>(y)});
    const auto paper = plan.paper->at(from.x, from.y);
    std::array<int, 3> gain{};
    for (std::size_t c = 0; c < 3; ++c) {
      gain[c] = static_cast<int>(255.0F * (1 << kGainBits) / paper[c]);
    }
    return gain;
  };
  auto left = gain_at(0);
  for (std::int32_t knot = 0; knot < plan.size.width; knot += kKnot) {
    const auto right = gain_at(knot + kKnot);
    const std::int32_t end = std::min(knot + kKnot, plan.size.width);
    std::array<int, 3> step{}, gain = left;
    for (std::size_t c = 0; c < kChannels; ++c) {
      step[c] = (right[c] - left[c]) / kKnot;
    }
    std::uint8_t* pixel = row + static_cast<std::size_t>(knot) * kChannels;
    for (std::int32_t x = knot; x < end; ++x, pixel += kChannels) {
      std::array<int, kChannels> lifted{};
      int least = 511;
      for (std::size_t c = 0; c < kChannels; ++c) {
        lifted[c] = std::min(pixel[c] * gain[c] >> kGainBits, 511);
        least = std::min(least, lifted[c]);
        gain[c] += step[c];
      }
      const int share = paper_share(least);
      for (std::size_t c = 0; c < kChannels; ++c) {
        const int ink = ink_level(pixel[c], lifted[c]);
        pixel[c] = curve[static_cast<std::size_t>(ink + ((lifted[c] - ink) * share >> 8))];
      }
    }
    left = right;
  }
}

template <std::size_t kChannels>
void render_rows(const ImageView& image, const RenderPlan& plan, Image& out) {
  const auto curve = white_curve();
  const bool still = plan.to_input == Transform{} && plan.size == image.size;
  for (std::int32_t y = 0; y < plan.size.height; ++y) {
    if (still) {
      std::memcpy(out.row(y), image.row(y), out.stride_bytes());
    } else {
      sample_row<kChannels>(image, plan, y, out.row(y));
    }
    if (plan.paper != nullptr) {
      whiten_row<kChannels>(plan, y, curve, out.row(y));
    }
  }
}

}  // namespace

Image render(const ImageView& image, const RenderPlan& plan) {
  Image out(image.format, plan.size, plan.dpi);
  if (image.format == PixelFormat::rgb) {
    render_rows<3>(image, plan, out);
  } else {
    render_rows<1>(image, plan, out);
  }
  return out;
}

}  // namespace quay::imaging
