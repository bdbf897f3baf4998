// SPDX-License-Identifier: Apache-2.0
// One batch: page after page from a configured device until the paper is gone, enough came, it went wrong or it was
// cancelled. Pages already sent stay sent whatever happens next.
#pragma once

#include "base/log.hpp"
#include "devices/scanner/page_reader.hpp"
#include "devices/scanner/settings.hpp"
#include "devices/worker/device.hpp"

namespace quay::scanner {

/// What is asked of a batch.
struct BatchOrder {
  protocol::ScanSource source = protocol::ScanSource::flatbed;  ///< where the paper really comes from
  protocol::ScanMode mode = protocol::ScanMode::color;          ///< as asked, to report when pages come otherwise
  std::int32_t max_pages = 0;                                   ///< 0: until the feeder is empty
  AppliedSettings applied;
};

/// Thread: device. Borrows all it is given.
class Feeder {
 public:
  Feeder(const SaneHandle& handle, worker::Job& job, const Log& log) : handle_(handle), job_(job), log_(log) {}

  /// Reads and sends pages; ends with sane_cancel in every case, as SANE wants before the device is closed or started
  /// anew. Errors in the outcome: paper_empty when not even one page came; as PageReader::read.
  worker::Outcome run(const BatchOrder& order);

 private:
  worker::Outcome read_pages(const BatchOrder& order);
  Result<ReadPage> next_page(std::int32_t number, const BatchOrder& order);
  Status send(ReadPage page, std::int32_t number, const BatchOrder& order) const;

  const SaneHandle& handle_;
  worker::Job& job_;
  const Log& log_;
  int restarts_ = 0;
};

}  // namespace quay::scanner
