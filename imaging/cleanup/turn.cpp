// SPDX-License-Identifier: Apache-2.0
#include "imaging/cleanup/turn.hpp"

#include <algorithm>

namespace quay::imaging {
namespace {

constexpr std::int32_t kTile = 64;  // both ends of a copy stay in the first-level cache

/// One pixel of each format, read and written.
template <PixelFormat format>
struct Pixel;

template <>
struct Pixel<PixelFormat::bitonal> {
  static void copy(const std::uint8_t* from, std::int32_t x, std::uint8_t* to, std::int32_t new_x) {
    const int bit = from[x / 8] >> (7 - x % 8) & 1;
    to[new_x / 8] = static_cast<std::uint8_t>(to[new_x / 8] | bit << (7 - new_x % 8));  // rows begin as zeros
  }
};

template <>
struct Pixel<PixelFormat::gray> {
  static void copy(const std::uint8_t* from, std::int32_t x, std::uint8_t* to, std::int32_t new_x) {
    to[new_x] = from[x];
  }
};

template <>
struct Pixel<PixelFormat::rgb> {
  static void copy(const std::uint8_t* from, std::int32_t x, std::uint8_t* to, std::int32_t new_x) {
    std::copy_n(from + std::ptrdiff_t{3} * x, 3, to + std::ptrdiff_t{3} * new_x);
  }
};

struct Place {
  std::int32_t x, y;
};

/// Where the pixel (x, y) of a picture of that size goes.
Place place_of(PixelSize size, std::int32_t quarters, Place from) {
  switch (quarters) {
    case 1: return {size.height - 1 - from.y, from.x};
    case 2: return {size.width - 1 - from.x, size.height - 1 - from.y};
    case 3: return {from.y, size.width - 1 - from.x};
    default: return from;
  }
}

template <PixelFormat format>
void turn_tile(const ImageView& image, std::int32_t quarters, Place tile, Image& out) {
  const std::int32_t right = std::min(tile.x + kTile, image.size.width);
  const std::int32_t bottom = std::min(tile.y + kTile, image.size.height);
  for (std::int32_t y = tile.y; y < bottom; ++y) {
    const std::uint8_t* row = image.row(y);
    for (std::int32_t x = tile.x; x < right; ++x) {
      const Place to = place_of(image.size, quarters, {x, y});
      Pixel<format>::copy(row, x, out.row(to.y), to.x);
    }
  }
}

template <PixelFormat format>
void turn(const ImageView& image, std::int32_t quarters, Image& out) {
  for (std::int32_t y = 0; y < image.size.height; y += kTile) {
    for (std::int32_t x = 0; x < image.size.width; x += kTile) {
      turn_tile<format>(image, quarters, {x, y}, out);
    }
  }
}

}  // namespace

Image turned(const ImageView& image, std::int32_t degrees) {
  const std::int32_t quarters = ((degrees / 90) % 4 + 4) % 4;
  const bool sideways = quarters % 2 == 1;
  const PixelSize size = sideways ? PixelSize{image.size.height, image.size.width} : image.size;
  Image out(image.format, size, image.dpi);
  switch (image.format) {
    case PixelFormat::bitonal: turn<PixelFormat::bitonal>(image, quarters, out); break;
    case PixelFormat::gray: turn<PixelFormat::gray>(image, quarters, out); break;
    case PixelFormat::rgb: turn<PixelFormat::rgb>(image, quarters, out); break;
  }
  return out;
}

}  // namespace quay::imaging
