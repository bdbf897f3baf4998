// SPDX-License-Identifier: Apache-2.0
// Grey and smaller copies of a page.
#include "imaging/detect/reduce.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

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

/// Adds each `factor` pixels of a row to one sum.
template <std::size_t kChannels>
void add_row(const std::uint8_t* from, std::int32_t width, std::int32_t factor, std::uint32_t* sums) {
  for (std::int32_t x = 0; x < width; x += factor, sums += kChannels) {
    const std::int32_t end = std::min(x + factor, width);
    for (std::int32_t i = x; i < end; ++i, from += kChannels) {
      for (std::size_t c = 0; c < kChannels; ++c) {
        sums[c] += from[c];
      }
    }
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
  std::vector<std::uint32_t> sums(out.stride_bytes());
  for (std::int32_t y = 0; y < size.height; ++y) {
    std::fill(sums.begin(), sums.end(), 0U);
    const std::int32_t end = std::min((y + 1) * factor, image.size.height);
    for (std::int32_t row = y * factor; row < end; ++row) {
      rgb ? add_row<3>(image.row(row), image.size.width, factor, sums.data())
          : add_row<1>(image.row(row), image.size.width, factor, sums.data());
    }
    const auto rows = static_cast<std::uint32_t>(end - y * factor);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto x = static_cast<std::int32_t>(i / (rgb ? 3 : 1));
      const auto columns = static_cast<std::uint32_t>(std::min(factor, image.size.width - x * factor));
      out.row(y)[i] = static_cast<std::uint8_t>((sums[i] + rows * columns / 2) / (rows * columns));
    }
  }
  return out;
}

}  // namespace quay::imaging
