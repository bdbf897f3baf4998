// SPDX-License-Identifier: Apache-2.0
// A durable raw page on its way through the image workers, and what came of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/shared_buffer.hpp"
#include "daemon/loop/mailbox.hpp"
#include "daemon/storage/records.hpp"
#include "daemon/supervise/worker_channel.hpp"
#include "protocol/client/page_settings.hpp"

namespace quay::daemon::jobs {

struct PageOutcome {
  CaptureId capture;
  std::optional<Error> error;
};

/// `pixels` are empty after a restart: they are read from the spool then. Generation 1 is made as its scan asked; a
/// later one as `profile` and `settings` say.
struct PageTask {
  storage::CaptureRow capture;
  std::int32_t generation = 1;
  std::string profile;
  protocol::PageSettings settings;
  std::shared_ptr<ReadableBuffer> pixels;
  supervise::BufferLease lease;
  std::shared_ptr<loop::Mailbox<PageOutcome>> outcome;  ///< may be empty
  std::optional<std::string> request_id;
  bool preview_stored = false;
  bool page_stored = false;
  std::vector<storage::GenerationRow> papers;  ///< that lay on the glass and are to be made into pages after this one
};

}  // namespace quay::daemon::jobs
