// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/frame_layout.hpp"

#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace quay::scanner {
namespace {

static_assert(std::endian::native == std::endian::little, "frame_sink.cpp keeps the second byte of a 16-bit sample");

/// The frame type as a number: backends use values from after SANE 1.0, which no SANE_Frame can hold.
int frame_type(const SANE_Parameters& p) {
  static_assert(sizeof p.format == sizeof(int));
  int number = 0;
  std::memcpy(&number, &p.format, sizeof number);
  return number;
}

std::string in_words(const SANE_Parameters& p) {
  return fmt::format("format {}, {} x {} pixels, {} bytes a line, depth {}", frame_type(p), p.pixels_per_line, p.lines,
                     p.bytes_per_line, p.depth);
}

std::size_t samples_per_pixel(const SANE_Parameters& p) { return frame_type(p) == SANE_FRAME_RGB ? 3 : 1; }

std::int32_t band_of(int format) {
  switch (format) {
    case SANE_FRAME_RED: return 0;
    case SANE_FRAME_GREEN: return 1;
    case SANE_FRAME_BLUE: return 2;
    default: return -1;
  }
}

PixelFormat page_format(const SANE_Parameters& p) {
  if (frame_type(p) != SANE_FRAME_GRAY) {
    return PixelFormat::rgb;
  }
  return p.depth == 1 ? PixelFormat::bitonal : PixelFormat::gray;
}

bool is_supported(const SANE_Parameters& p) {
  const int format = frame_type(p);
  const bool known_frame = format == SANE_FRAME_GRAY || format == SANE_FRAME_RGB || band_of(format) >= 0;
  return known_frame && (p.depth == 8 || p.depth == 16 || (p.depth == 1 && format == SANE_FRAME_GRAY));
}

std::size_t fewest_row_bytes(const SANE_Parameters& p) {
  const auto samples = static_cast<std::size_t>(p.pixels_per_line) * samples_per_pixel(p);
  return (samples * static_cast<std::size_t>(p.depth) + 7) / 8;
}

/// Rows that need no repacking keep the device's padding; the others become tight.
std::size_t stride_of_page(const SANE_Parameters& p, PixelFormat format) {
  const bool as_is = p.depth != 16 && band_of(frame_type(p)) < 0;
  return as_is ? static_cast<std::size_t>(p.bytes_per_line) : packed_row_bytes(format, p.pixels_per_line);
}

}  // namespace

Result<FrameLayout> layout_of(const SANE_Parameters& p) {
  if (!is_supported(p)) {
    return failure(Errc::device_unsupported, "sane_get_parameters", in_words(p));
  }
  constexpr SANE_Int kWidest = 1'000'000;
  if (p.pixels_per_line <= 0 || p.pixels_per_line > kWidest || p.lines == 0 || p.lines < -1 || p.bytes_per_line <= 0 ||
      static_cast<std::size_t>(p.bytes_per_line) < fewest_row_bytes(p)) {
    return failure(Errc::device_io, "sane_get_parameters", in_words(p));
  }
  FrameLayout layout;
  layout.format = page_format(p);
  layout.packing = p.depth == 16 ? Packing::top_byte : Packing::as_is;
  layout.width = p.pixels_per_line;
  layout.rows = p.lines < 0 ? 0 : p.lines;
  layout.in_row_bytes = static_cast<std::size_t>(p.bytes_per_line);
  layout.page_row_bytes = stride_of_page(p, layout.format);
  layout.band = band_of(frame_type(p));
  layout.last_frame = p.last_frame != SANE_FALSE || layout.band < 0;
  if (layout.page_bytes(static_cast<std::size_t>(layout.rows)) > kMostPageBytes) {
    return failure(Errc::scan_too_large, "sane_get_parameters", in_words(p));
  }
  return layout;
}

}  // namespace quay::scanner
