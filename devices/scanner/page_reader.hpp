// SPDX-License-Identifier: Apache-2.0
// Reads one page of an already configured device, from sane_start to its last byte, into one page buffer. Believes no
// end of file: a page counts only when every promised byte came and nobody cancelled.
#pragma once

#include "devices/scanner/frame_sink.hpp"
#include "devices/scanner/sane_handle.hpp"
#include "devices/worker/job.hpp"
#include "protocol/client/device.hpp"

namespace quay::scanner {

/// A page complete to its last byte.
struct ReadPage {
  worker::BufferLease buffer;
  std::uint64_t bytes = 0;
  protocol::PageGeometry geometry;
};

/// Thread: device. Borrows all it is given.
class PageReader {
 public:
  /// What is known before the page: the resolution set, and the rows to expect when the device cannot say.
  struct Expectation {
    double dpi = 0;  ///< 0: not known
    std::int32_t rows = 0;
  };

  PageReader(const SaneHandle& handle, worker::Job& job, Expectation expectation)
      : handle_(handle), job_(job), expectation_(expectation) {}

  /// Reads page number `page`. A free buffer is waited for before the paper moves.
  /// Errors: paper_empty when the feeder has no more; scan_cancelled; scan_page_incomplete; scan_too_large;
  /// device_no_memory; whatever the backend says.
  Result<ReadPage> read(std::int32_t page);

 private:
  std::size_t likely_bytes() const;
  Result<FrameLayout> start_frame() const;
  Result<std::size_t> read_bands(worker::BufferLease& buffer, const FrameLayout& first, std::int32_t page);
  Status read_frame(FrameSink& sink, const FrameLayout& layout, std::int32_t page);
  Result<FrameLayout> next_band(const FrameLayout& first) const;
  Result<ReadPage> finish(worker::BufferLease buffer, const FrameLayout& layout, std::size_t rows) const;

  const SaneHandle& handle_;
  worker::Job& job_;
  Expectation expectation_;
};

}  // namespace quay::scanner
