// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/print_recall.hpp"

#include <algorithm>

#include "base/shared_buffer.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using frames::PrinterJobState;
using loop::Awaitable;

namespace {

constexpr Milliseconds kLongest{600'000};
constexpr Milliseconds kRest{500};

/// Every order to print carries a document. This one is never sent: the order says that its own has left already.
constexpr std::string_view kEmptyPage =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    "xref\n"
    "0 4\n"
    "0000000000 65535 f \n"
    "0000000009 00000 n \n"
    "0000000052 00000 n \n"
    "0000000101 00000 n \n"
    "trailer<</Size 4/Root 1 0 R>>\n"
    "startxref\n"
    "164\n"
    "%%EOF\n";

/// The printer has no such job any more, or is done with it. One that does not answer has said nothing.
bool is_gone(const frames::PrintSeen& seen) {
  switch (seen.state) {
    case PrinterJobState::completed:
    case PrinterJobState::canceled:
    case PrinterJobState::aborted: return true;
    case PrinterJobState::missing: return seen.waits_for.empty();
    case PrinterJobState::pending:
    case PrinterJobState::held:
    case PrinterJobState::processing:
    case PrinterJobState::stopped: break;
  }
  return false;
}

frames::Print order_of(const Recall& recall, std::uint64_t request) {
  frames::Print order;
  order.request = request;
  order.name = recall.name;
  order.bytes = kEmptyPage.size();
  order.printer_job = recall.printer_job;
  order.sent = true;
  order.withdrawn = true;
  return order;
}

}  // namespace

void PrintRecalls::want(Recall recall) {
  if (!stopping_) {
    tasks_.spawn("print recalled", carry_out(std::move(recall)));
  }
}

Awaitable<void> PrintRecalls::carry_out(Recall recall) {
  const Deadline until = deadline_in(kLongest);
  loop::Mailbox<int> rest(loop_);
  while (!stopping_ && SteadyClock::now() < until) {
    SourceDevice* device = devices_.find(recall.device.value);
    if (device != nullptr && device->try_acquire()) {
      const bool gone = co_await ask(*device, recall);
      device->release();
      if (gone) {
        log_.info("print {}: the printer has it no more", recall.name);
        co_return;
      }
    }
    const Deadline next = deadline_in(kRest);
    co_await rest.receive(next);
  }
  if (!stopping_) {
    log_.warning("print {}: its printer could not be asked to stop it", recall.name);
  }
}

Awaitable<bool> PrintRecalls::ask(SourceDevice& device, const Recall& recall) {
  supervise::Worker& worker = device.worker();
  const Deadline ready_by = deadline_in(deadlines_.ready);
  const bool ready = co_await worker.wait_ready(ready_by);
  const auto page = WritableBuffer::create(kEmptyPage.size());
  if (!ready || !page) {
    co_return false;
  }
  std::copy(kEmptyPage.begin(), kEmptyPage.end(), page->bytes().begin());
  const auto make = [&](std::uint64_t request) { return frames::ToWorker(order_of(recall, request)); };
  const Status started = worker.start(make, {page->fd()});
  if (!started) {
    co_return false;
  }
  co_return co_await hear(worker);
}

Awaitable<bool> PrintRecalls::hear(supervise::Worker& worker) {
  const Deadline stop_by = deadline_in(deadlines_.stop);
  bool gone = false;
  for (;;) {
    const Deadline deadline = deadline_in(deadlines_.frame);
    const Result<supervise::Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return false;
    }
    if (std::holds_alternative<frames::Finished>(incoming->message)) {
      co_return gone;
    }
    if (const auto* seen = std::get_if<frames::PrintSeen>(&incoming->message)) {
      gone = is_gone(*seen);
    }
    if (SteadyClock::now() >= stop_by) {
      worker.cancel();
    }
  }
}

}  // namespace quay::daemon::jobs
