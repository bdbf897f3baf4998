// SPDX-License-Identifier: Apache-2.0
// Grey and smaller copies of a page.
#include "imaging/detect/reduce.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

void expand_bits(const std::uint8_t* from, std::uint8_t* to, std::int32_t width) {
  for (std::int32_t x = 0; x < width; ++x) {
    to[x] = (from[x / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255;
  }
}

void luma_row(const std::uint8_t* from, std::uint8_t* to, std::int32_t width) {
  for (std::int32_t x = 0; x < width; ++x) {
    to[x] = static_cast<std::uint8_t>((77 * from[3 * x] + 150 * from[3 * x + 1] + 29 * from[3 * x + 2] + 128) >> 8);
  }
}

/// Adds a row to the column sums. Sixteen bits hold 257 rows.
void add_row(const std::uint8_t* from, std::vector<std::uint16_t>& sums) {
  std::uint16_t* to = sums.data();
  const std::size_t count = sums.size();
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    store(to + i, load<U16x8>(to + i) + widen(load<U8x8>(from + i)));
  }
  for (; i < count; ++i) {
    to[i] = static_cast<std::uint16_t>(to[i] + from[i]);
  }
}

/// Means of `factor` neighbours of each channel, out of sums over `rows` rows.
template <std::size_t kChannels>
void mean_row(const std::vector<std::uint16_t>& sums, std::int32_t factor, std::uint32_t rows, std::uint8_t* to) {
  const std::size_t pixels = sums.size() / kChannels;
  const auto step = static_cast<std::size_t>(factor);
  const std::uint32_t whole = rows * static_cast<std::uint32_t>(factor);
  for (std::size_t x = 0; x < pixels; x += step) {
    const std::size_t end = std::min(x + step, pixels);
    for (std::size_t c = 0; c < kChannels; ++c) {
      std::uint32_t sum = 0;
      for (std::size_t i = x; i < end; ++i) {
        sum += sums[i * kChannels + c];
      }
      const std::uint32_t count = end == x + step ? whole : rows * static_cast<std::uint32_t>(end - x);
      *to++ = static_cast<std::uint8_t>(quotient(sum + count / 2, count));
    }
  }
}

/// Two by two, the commonest reduction. Two neighbours are the halves of a lane of sixteen bits.
void halve_rows(const std::uint8_t* above, const std::uint8_t* below, std::uint8_t* to, std::size_t width) {
  const std::size_t pixels = width / 2;
  constexpr std::uint16_t kHalf = 0xFF;
  std::size_t x = 0;
  for (; x + 8 <= pixels; x += 8) {
    const auto upper = load<U16x8>(above + 2 * x), lower = load<U16x8>(below + 2 * x);
    const U16x8 sum = (upper & kHalf) + (upper >> 8) + (lower & kHalf) + (lower >> 8);
    store(to + x, __builtin_convertvector((sum + 2) >> 2, U8x8));
  }
  for (; x < pixels; ++x) {
    const unsigned sum = above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1];
    to[x] = static_cast<std::uint8_t>((sum + 2U) / 4U);
  }
  if (width % 2 != 0) {
    to[x] = static_cast<std::uint8_t>((above[2 * x] + below[2 * x] + 1U) / 2U);
  }
}

}  // namespace

Image to_bytes(const ImageView& image) {
  const PixelFormat format = image.format == PixelFormat::rgb ? PixelFormat::rgb : PixelFormat::gray;
  Image out(format, image.size, image.dpi);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    if (image.format == PixelFormat::bitonal) {
      expand_bits(image.row(y), out.row(y), image.size.width);
    } else {
      std::memcpy(out.row(y), image.row(y), out.stride_bytes());
    }
  }
  return out;
}

Image to_bitonal(const ImageView& gray) {
  Image out(PixelFormat::bitonal, gray.size, gray.dpi);
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    const std::uint8_t* from = gray.row(y);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < gray.size.width; ++x) {
      to[x / 8] = static_cast<std::uint8_t>(to[x / 8] | (from[x] < 128 ? 0x80 >> x % 8 : 0));
    }
  }
  return out;
}

Image to_gray(const ImageView& image) {
  if (image.format != PixelFormat::rgb) {
    return to_bytes(image);
  }
  Image out(PixelFormat::gray, image.size, image.dpi);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    luma_row(image.row(y), out.row(y), image.size.width);
  }
  return out;
}

Image reduce(const ImageView& image, std::int32_t factor) {
  const PixelSize size{(image.size.width + factor - 1) / factor, (image.size.height + factor - 1) / factor};
  Image out(image.format, size, Dpi{image.dpi.value / factor});
  const bool rgb = image.format == PixelFormat::rgb;
  std::vector<std::uint16_t> sums(packed_row_bytes(image.format, image.size.width));
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::int32_t begin = y * factor;
    const std::int32_t end = std::min(begin + factor, image.size.height);
    if (!rgb && factor == 2 && end == begin + 2) {
      halve_rows(image.row(begin), image.row(begin + 1), out.row(y), static_cast<std::size_t>(image.size.width));
      continue;
    }
    // More than sixteen bits can hold is thinned out: a mean of 256 rows is as good as one of more.
    const std::int32_t stride = (end - begin + 255) / 256;
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    std::uint32_t rows = 0;
    for (std::int32_t row = begin; row < end; row += stride, ++rows) {
      add_row(image.row(row), sums);
    }
    rgb ? mean_row<3>(sums, factor, rows, out.row(y)) : mean_row<1>(sums, factor, rows, out.row(y));
  }
  return out;
}

}  // namespace quay::imaging
