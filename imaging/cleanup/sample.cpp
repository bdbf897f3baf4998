// SPDX-License-Identifier: Apache-2.0
// Bilinear resampling in fixed point; colour pixels three lanes at a time.
#include "imaging/cleanup/sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

/// A place in the input, in 65536ths of a pixel.
struct Place {
  std::int64_t x, y;
};

/// Where the pixels of one output row lie in the input. Of a turn only the row's ends need exact arithmetic.
class RowWay {
 public:
  RowWay(const Mapping& to_input, std::int32_t y) : to_input_(to_input), y_(y) {
    const auto& m = to_input.flat.m;
    straight_ = to_input.bend == nullptr && m[6] == 0 && m[7] == 0;
    constexpr double kFine = 65536.0 * 65536.0;
    const Point first = to_input.apply({0, y_});
    begin_ = {std::llround(bounded(first.x) * kFine), std::llround(bounded(first.y) * kFine)};
    step_ = {std::llround(bounded(m[0] / m[8]) * kFine), std::llround(bounded(m[3] / m[8]) * kFine)};
  }

  Place at(std::int32_t x) const {
    if (straight_) {
      return {(begin_.x + x * step_.x) >> 16, (begin_.y + x * step_.y) >> 16};
    }
    const Point p = to_input_.apply({static_cast<double>(x), y_});
    return {std::llround(bounded(p.x) * 65536), std::llround(bounded(p.y) * 65536)};
  }

 private:
  /// Far outside is outside: what a horizon maps to infinity must still be a number.
  static double bounded(double v) { return std::clamp(v, -1e5, 1e5); }

  const Mapping& to_input_;
  double y_;
  bool straight_ = false;
  Place begin_{}, step_{};  // with 16 more fractional bits
};

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

/// Gray pixels of a straight way through the picture, all neighbours inside.
void sample_gray(const ImageView& image, Place at, Place step, std::int32_t count, std::uint8_t* to) {
  for (std::int32_t i = 0; i < count; ++i, ++to, at.x += step.x, at.y += step.y) {
    const auto fx = static_cast<int>((at.x & 0xFFFF) >> 8), fy = static_cast<int>((at.y & 0xFFFF) >> 8);
    const std::uint8_t* above = image.row(static_cast<std::int32_t>(at.y >> 16)) + (at.x >> 16);
    const std::uint8_t* below = above + image.stride_bytes;
    const int upper = (above[0] << 8) + (above[1] - above[0]) * fx;
    const int lower = (below[0] << 8) + (below[1] - below[0]) * fx;
    *to = static_cast<std::uint8_t>(((upper << 8) + (lower - upper) * fy + (1 << 15)) >> 16);
  }
}

/// The fractions of a place, alike in all lanes, in 65536ths: lanes overflow as the fractions do.
struct Fractions {
  U16x8 x, y;

  explicit Fractions(Place at)
      : x(U16x8{} + static_cast<std::uint16_t>(at.x & 0xFFFF)),
        y(U16x8{} + static_cast<std::uint16_t>(at.y & 0xFFFF)) {}
};

/// The same in colour. Weights are 128ths, so that all arithmetic fits 16 bits; the mean of two rows keeps nine.
U8x8 sample_colour(const std::uint8_t* above, const std::uint8_t* below, const Fractions& at) {
  const U16x8 fx = at.x >> 9, fy = at.y >> 9;
  const U16x8 left = (widen(load<U8x8>(above)) * (128 - fy) + widen(load<U8x8>(below)) * fy + 32) >> 6;
  const U16x8 right = __builtin_shufflevector(left, left, 3, 4, 5, 6, 7, 7, 7, 7);
  return __builtin_convertvector((left * (128 - fx) + right * fx + 128) >> 8, U8x8);
}

void sample_rgb(const ImageView& image, Place at, Place step, std::int32_t count, std::uint8_t* to) {
  const std::uint8_t* const pixels = image.pixels.data();
  const std::size_t stride = image.stride_bytes;
  const auto offset_of = [stride](Place place) {
    return static_cast<std::size_t>(place.y >> 16) * stride + static_cast<std::size_t>(place.x >> 16) * 3;
  };
  // On a turned page a row of output crosses many rows of input; no processor foresees the lines of the next ones.
  constexpr std::ptrdiff_t kRowsAhead = 8;
  __builtin_prefetch(pixels + std::min(offset_of(at) + kRowsAhead * stride, image.pixels.size() - 1));
  Fractions fractions(at);
  const Fractions by(step);
  for (std::int32_t i = 0; i < count; ++i, to += 3) {
    const std::uint8_t* above = pixels + offset_of(at);
    const U8x8 pixel = sample_colour(above, above + stride, fractions);
    if (i + 1 == count) {
      std::memcpy(to, &pixel, 3);
      return;
    }
    std::memcpy(to, &pixel, 4);  // the fourth byte belongs to the next pixel, which comes after
    at = {at.x + step.x, at.y + step.y};
    fractions.x += by.x;
    fractions.y += by.y;
  }
}

/// Whether two pixels, and what a vector reads beyond them, lie in the picture both ways.
template <std::size_t kChannels>
bool lies_inside(const ImageView& image, Place at) {
  constexpr std::int64_t kReach = kChannels == 3 ? 2 : 1;
  return at.x >= 0 && at.y >= 0 && (at.x >> 16) < image.size.width - kReach && (at.y >> 16) < image.size.height - 1;
}

template <std::size_t kChannels>
void sample(const ImageView& image, const RowWay& way, std::int32_t width, std::uint8_t* to) {
  Place from = way.at(0);
  for (std::int32_t knot = 0; knot < width; knot += kKnot) {
    const Place next = way.at(knot + kKnot);
    const Place step{(next.x - from.x) / kKnot, (next.y - from.y) / kKnot};
    const std::int32_t count = std::min(kKnot, width - knot);
    std::uint8_t* pixel = to + static_cast<std::size_t>(knot) * kChannels;
    if (lies_inside<kChannels>(image, from) && lies_inside<kChannels>(image, next)) {
      kChannels == 3 ? sample_rgb(image, from, step, count, pixel) : sample_gray(image, from, step, count, pixel);
    } else {
      for (std::int32_t i = 0; i < count; ++i) {
        sample_rim<kChannels>(image, {from.x + i * step.x, from.y + i * step.y},
                              pixel + static_cast<std::size_t>(i) * kChannels);
      }
    }
    from = next;
  }
}

}  // namespace

void sample_row(const ImageView& image, const Mapping& to_input, std::int32_t y, std::int32_t width, std::uint8_t* to) {
  const RowWay way(to_input, y);
  image.format == PixelFormat::rgb ? sample<3>(image, way, width, to) : sample<1>(image, way, width, to);
}

}  // namespace quay::imaging
