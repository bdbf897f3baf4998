// SPDX-License-Identifier: Apache-2.0
// A picture of any size, stride, depth and resolution out of a fuzzer's bytes: the first say what it is like, the rest
// are its pixels, over and over.
#pragma once

#include <cstdint>
#include <vector>

#include "base/image.hpp"

namespace quay::fuzz {

struct AnyPicture {
  static constexpr std::size_t kHead = 8;  ///< bytes there must be; the last of them is the harness's own

  std::vector<std::uint8_t> pixels;
  ImageView view;

  AnyPicture(const std::uint8_t* data, std::size_t size) {
    constexpr double kDpi[] = {0, 1, 72, 98, 200, 300, 600, 1e9};
    view.size = {1 + (data[0] | (data[1] & 3) << 8), 1 + (data[2] | (data[3] & 3) << 8)};
    view.format = static_cast<PixelFormat>(data[4] % 3);
    view.stride_bytes = packed_row_bytes(view.format, view.size.width) + data[5] % 7;
    view.dpi = Dpi{kDpi[data[6] % 8]};
    pixels.resize(view.stride_bytes * static_cast<std::size_t>(view.size.height));
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = size > kHead ? data[kHead + i % (size - kHead)] : std::uint8_t{255};
    }
    view.pixels = pixels;
  }
  AnyPicture(const AnyPicture&) = delete;
  AnyPicture& operator=(const AnyPicture&) = delete;
};

}  // namespace quay::fuzz
