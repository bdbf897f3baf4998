// SPDX-License-Identifier: Apache-2.0
// Takes the bytes of one frame in the order SANE gives them and puts them where they belong in the page buffer:
// whole rows straight into place, 16-bit samples and single colour bands through a small scratch. The page grows when
// more comes than was promised; nothing is dropped.
#pragma once

#include <span>
#include <vector>

#include "devices/scanner/frame_layout.hpp"
#include "devices/worker/buffer_pool.hpp"

namespace quay::scanner {

class FrameSink {
 public:
  /// Borrows `buffer`.
  FrameSink(const FrameLayout& layout, worker::BufferLease& buffer);

  /// Where the next bytes of the frame may be written. Never empty. Void after take().
  std::span<std::uint8_t> room();

  /// The first `bytes` of room() now hold frame bytes.
  /// Errors: scan_too_large past kMostPageBytes; device_no_memory.
  Status take(std::size_t bytes);

  std::size_t rows() const { return taken_ / layout_.in_row_bytes; }

  /// Nothing when whole rows came and no fewer than promised; else scan_page_incomplete with both numbers.
  Status check_complete() const;

 private:
  bool goes_straight_in() const { return layout_.packing == Packing::as_is && layout_.band < 0; }
  Status make_room_for(std::size_t row_count);
  void scatter(std::span<const std::uint8_t> bytes);

  FrameLayout layout_;
  worker::BufferLease& buffer_;
  std::vector<std::uint8_t> scratch_;
  std::size_t taken_ = 0;  ///< frame bytes so far
  bool room_is_scratch_ = false;
};

}  // namespace quay::scanner
