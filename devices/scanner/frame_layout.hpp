// SPDX-License-Identifier: Apache-2.0
// What SANE_Parameters promise, checked, and how such a frame lies in a page of ours. Pure.
#pragma once

#include <sane/sane.h>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::scanner {

/// The largest page read, in bytes: A3 in colour at 1200 dpi is 835 million, A4 at 1200 dpi 418 million.
inline constexpr std::size_t kMostPageBytes = std::size_t{900} * 1000 * 1000;

/// How the bytes of a frame become bytes of the page.
enum class Packing : std::uint8_t {
  as_is,     ///< row by row, padding included
  top_byte,  ///< 16-bit samples in the machine's byte order; the upper 8 bits are kept
};

struct FrameLayout {
  PixelFormat format = PixelFormat::rgb;  ///< of the page
  Packing packing = Packing::as_is;
  std::int32_t width = 0;          ///< pixels
  std::int32_t rows = 0;           ///< 0: not known before the end (hand scanners)
  std::size_t in_row_bytes = 0;    ///< as sent
  std::size_t page_row_bytes = 0;  ///< stride of the page
  std::int32_t band = -1;          ///< -1: whole pixels; 0, 1, 2: only red, green, blue (three-pass scanners)
  bool last_frame = true;

  bool operator==(const FrameLayout&) const = default;

  /// Bytes of the page when `row_count` rows have come.
  std::size_t page_bytes(std::size_t row_count) const { return page_row_bytes * row_count; }
};

/// Errors: device_unsupported for frames no front end was promised (JPEG, infrared, 12 bits, colour of 1 bit);
/// device_io for numbers that contradict each other; scan_too_large past kMostPageBytes.
Result<FrameLayout> layout_of(const SANE_Parameters& parameters);

}  // namespace quay::scanner
