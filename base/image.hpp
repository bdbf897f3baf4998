// SPDX-License-Identifier: Apache-2.0
// Pixels in memory: a view that borrows, an image that owns. Rows run top to bottom, pixels left to right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hpp"

namespace quay {

/// How a row is laid out. Spelled on the wire as here.
enum class PixelFormat : std::uint8_t {
  bitonal,  ///< 1 bit a pixel, most significant bit first, 1 = black (SANE 1.06 section 3.2.1, PBM, CCITT)
  gray,     ///< 1 byte a pixel, 0 = black
  rgb,      ///< 3 bytes a pixel: red, green, blue
};

/// Bytes that `width` pixels of `format` take without padding.
constexpr std::size_t packed_row_bytes(PixelFormat format, std::int32_t width) {
  const auto pixels = static_cast<std::size_t>(width);
  switch (format) {
    case PixelFormat::bitonal: return (pixels + 7) / 8;
    case PixelFormat::gray: return pixels;
    case PixelFormat::rgb: return pixels * 3;
  }
  return 0;
}

/// Borrowed, read-only pixels. `stride_bytes` >= packed_row_bytes; `pixels` holds height rows of stride_bytes
/// (the last may be short of padding). `dpi` is what the device reported; 0 means unknown.
struct ImageView {
  std::span<const std::uint8_t> pixels;
  PixelSize size;
  std::size_t stride_bytes = 0;
  PixelFormat format = PixelFormat::rgb;
  Dpi dpi;

  const std::uint8_t* row(std::int32_t y) const { return pixels.data() + static_cast<std::size_t>(y) * stride_bytes; }

  /// True when the pixels really hold what size, stride and format promise.
  bool is_consistent() const {
    if (size.width <= 0 || size.height <= 0 || stride_bytes < packed_row_bytes(format, size.width)) {
      return false;
    }
    const auto rows = static_cast<std::size_t>(size.height);
    return pixels.size() / stride_bytes >= rows - 1 &&
           pixels.size() - (rows - 1) * stride_bytes >= packed_row_bytes(format, size.width);
  }
};

/// Pixels that it owns, rows packed without padding.
class Image {
 public:
  Image() = default;
  Image(PixelFormat format, PixelSize size, Dpi dpi)
      : format_(format),
        size_(size),
        dpi_(dpi),
        stride_bytes_(packed_row_bytes(format, size.width)),
        pixels_(stride_bytes_ * static_cast<std::size_t>(size.height)) {}

  PixelFormat format() const { return format_; }
  PixelSize size() const { return size_; }
  Dpi dpi() const { return dpi_; }
  void set_dpi(Dpi dpi) { dpi_ = dpi; }
  std::size_t stride_bytes() const { return stride_bytes_; }
  bool empty() const { return pixels_.empty(); }

  std::uint8_t* row(std::int32_t y) { return pixels_.data() + static_cast<std::size_t>(y) * stride_bytes_; }
  const std::uint8_t* row(std::int32_t y) const { return pixels_.data() + static_cast<std::size_t>(y) * stride_bytes_; }
  std::span<std::uint8_t> pixels() { return pixels_; }
  std::span<const std::uint8_t> pixels() const { return pixels_; }
  ImageView view() const { return ImageView{pixels_, size_, stride_bytes_, format_, dpi_}; }

 private:
  PixelFormat format_ = PixelFormat::rgb;
  PixelSize size_;
  Dpi dpi_;
  std::size_t stride_bytes_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace quay
