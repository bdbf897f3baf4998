// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/missing_data.hpp"

#include <algorithm>
#include <span>

namespace quay::scanner {
namespace {

constexpr std::uint8_t kFilling = 128;
constexpr std::uint8_t kPadding = 255;

bool is_padding(std::span<const std::uint8_t> row) {
  return std::all_of(row.begin(), row.end(), [](std::uint8_t sample) { return sample == kPadding; });
}

/// Filling from the left edge over at least half of the row, padding after it.
bool is_filling(std::span<const std::uint8_t> row) {
  const auto end = std::find_if(row.begin(), row.end(), [](std::uint8_t sample) { return sample != kFilling; });
  const auto filled = static_cast<std::size_t>(end - row.begin());
  return filled >= row.size() / 2 && is_padding(row.subspan(filled));
}

}  // namespace

std::int32_t filled_rows_at_end(const ImageView& page) {
  if (page.format == PixelFormat::bitonal) {
    return 0;
  }
  const std::size_t row_bytes = packed_row_bytes(page.format, page.size.width);
  std::int32_t y = page.size.height - 1;
  while (y >= 0 && is_padding({page.row(y), row_bytes})) {
    --y;
  }
  std::int32_t filled = 0;
  while (y >= 0 && is_filling({page.row(y), row_bytes})) {
    --y;
    ++filled;
  }
  return filled;
}

}  // namespace quay::scanner
