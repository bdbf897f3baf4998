// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/page_request.hpp"

#include "protocol/client/error_body.hpp"
#include "protocol/json/parse.hpp"
#include "protocol/json/reader.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;
using supervise::Incoming;

namespace {

Status order(const PageRequest& request, supervise::Worker& worker) {
  const PageTask& task = request.task;
  const auto column = protocol::parse_object(task.capture.geometry);
  if (!column) {
    return failure(Errc::journal_failed, "capture.geometry", column.error());
  }
  const auto geometry = protocol::from_json<protocol::PageGeometry>(*column);
  if (!geometry) {
    return failure(geometry.error());
  }
  const auto make = [&](std::uint64_t number) {
    return frames::ToWorker(
        frames::ProcessPage{{}, number, *geometry, task.capture.raw_bytes, task.profile, task.settings, request.text});
  };
  return worker.start(make, {request.pixels});
}

}  // namespace

Awaitable<Status> make_page(PageRequest request, supervise::Worker& worker, TakeFrame take) {
  const Deadline ready_by = deadline_in(request.patience);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "image worker", "not ready");
  }
  if (Status started = order(request, worker); !started) {
    co_return started;
  }
  Status taken;
  for (;;) {
    const Deadline deadline = deadline_in(request.patience);
    Result<Incoming> incoming = co_await worker.next(deadline);
    if (!incoming) {
      co_return failure(incoming.error());
    }
    if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      if (finished->error) {
        co_return failure(protocol::from_body(*finished->error));
      }
      co_return taken;
    }
    if (taken) {
      taken = co_await take(std::move(*incoming));
    }
  }
}

}  // namespace quay::daemon::jobs
