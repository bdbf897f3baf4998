// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/frame_sink.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace quay::scanner {
namespace {

constexpr std::size_t kLargestRead = std::size_t{256} * 1024;
constexpr std::size_t kScratchBytes = std::size_t{64} * 1024;

}  // namespace

FrameSink::FrameSink(const FrameLayout& layout, worker::BufferLease& buffer) : layout_(layout), buffer_(buffer) {}

std::span<std::uint8_t> FrameSink::room() {
  const std::span<std::uint8_t> page = buffer_.bytes();
  room_is_scratch_ = !goes_straight_in() || taken_ >= page.size();
  if (!room_is_scratch_) {
    return page.subspan(taken_, std::min(kLargestRead, page.size() - taken_));
  }
  scratch_.resize(kScratchBytes);
  return scratch_;
}

Status FrameSink::take(std::size_t bytes) {
  if (room_is_scratch_) {
    const std::size_t row_count = (taken_ + bytes + layout_.in_row_bytes - 1) / layout_.in_row_bytes;
    if (Status made = make_room_for(row_count); !made) {
      return made;
    }
    scatter(std::span(scratch_).first(bytes));
  }
  taken_ += bytes;
  return {};
}

Status FrameSink::make_room_for(std::size_t row_count) {
  const std::size_t needed = layout_.page_bytes(row_count);
  if (needed > kMostPageBytes) {
    return failure(Errc::scan_too_large, "sane_read", fmt::format("row {} of the page and no end", row_count));
  }
  const std::size_t capacity = buffer_.bytes().size();
  if (needed <= capacity) {
    return {};
  }
  return buffer_.grow(std::max(needed, std::min(capacity + capacity / 2, kMostPageBytes)), capacity);
}

/// Puts frame bytes from position `taken_` on into the page.
void FrameSink::scatter(std::span<const std::uint8_t> bytes) {
  const std::span<std::uint8_t> page = buffer_.bytes();
  if (goes_straight_in()) {
    std::memcpy(page.data() + taken_, bytes.data(), bytes.size());
    return;
  }
  const std::size_t sample_bytes = layout_.packing == Packing::top_byte ? 2 : 1;
  const std::size_t step = layout_.band < 0 ? 1 : 3;
  const std::size_t offset = layout_.band < 0 ? 0 : static_cast<std::size_t>(layout_.band);
  const std::size_t samples = packed_row_bytes(layout_.format, layout_.width) / step;
  std::size_t row = taken_ / layout_.in_row_bytes;
  std::size_t column = taken_ % layout_.in_row_bytes;
  for (const std::uint8_t byte : bytes) {
    const std::size_t sample = column / sample_bytes;
    if (column % sample_bytes == sample_bytes - 1 && sample < samples) {
      page[row * layout_.page_row_bytes + sample * step + offset] = byte;
    }
    if (++column == layout_.in_row_bytes) {
      column = 0;
      ++row;
    }
  }
}

Status FrameSink::check_complete() const {
  const std::size_t promised = static_cast<std::size_t>(layout_.rows) * layout_.in_row_bytes;
  if (taken_ > 0 && taken_ >= promised && taken_ % layout_.in_row_bytes == 0) {
    return {};
  }
  return failure(Errc::scan_page_incomplete, "sane_read",
                 fmt::format("{} bytes came, {} rows of {} bytes were promised", taken_,
                             layout_.rows > 0 ? fmt::to_string(layout_.rows) : "whole", layout_.in_row_bytes));
}

}  // namespace quay::scanner
