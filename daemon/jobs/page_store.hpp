// SPDX-License-Identifier: Apache-2.0
// What the image workers make of a page, on its way to the spool and the journal: the raw page they start from, each
// rendition with its event, or why there is none. A page whose visit was closed meanwhile leaves no trace.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/jobs/page_task.hpp"
#include "daemon/supervise/worker_channel.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

/// Bytes that came beside a frame. Errors: worker_protocol.
Result<std::shared_ptr<ReadableBuffer>> open_bytes(supervise::Incoming& incoming, std::uint64_t bytes);

/// A worker's rendition as the journal keeps it: `name` is preview, page or text.
protocol::RenditionInfo info_of(const protocol::worker::Rendition& rendition, const std::string& name);

class PageStore {
 public:
  PageStore(const Log& log, Ledger& ledger) : log_(log), ledger_(ledger) {}

  /// The pixels of the page: those in memory, else from the spool. Errors: what the spool says.
  loop::Awaitable<Result<UniqueFd>> pixels_of(const PageTask& task);

  struct Made {
    protocol::RenditionInfo info;   ///< `rendition` is preview, page or text, whatever the generation
    protocol::json::object report;  ///< of the image worker
    std::shared_ptr<ReadableBuffer> bytes;
  };
  /// Stores a rendition and tells of it. What barcodes of a page say becomes a sealed rendition `codes` of its own; the
  /// journal gets the rest of the report. With the scan's own page the pages of several papers on its glass are
  /// enlisted, all with it or none: they are returned, and are to be made. Errors: visit_closed, spool_full,
  /// spool_failed, journal_failed.
  loop::Awaitable<Result<std::vector<storage::GenerationRow>>> keep(const PageTask& task, Made made);

  /// Writes down that the page could not be made, and tells.
  loop::Awaitable<void> report_failure(const PageTask& task, Error error);

 private:
  const Log& log_;
  Ledger& ledger_;
};

}  // namespace quay::daemon::jobs
