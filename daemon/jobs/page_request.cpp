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

Awaitable<Status> carry_out(ImageOrder order, supervise::Worker& worker, TakeFrame take) {
  const Deadline ready_by = deadline_in(order.patience);
  const bool ready = co_await worker.wait_ready(ready_by);
  if (!ready) {
    co_return failure(Errc::worker_start_failed, "image worker", "not ready");
  }
  if (Status started = worker.start(order.frame, order.descriptors); !started) {
    co_return started;
  }
  Status taken;
  for (;;) {
    const Deadline deadline = deadline_in(order.patience);
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

Awaitable<Status> make_page(PageRequest request, supervise::Worker& worker, TakeFrame take) {
  const PageTask& task = request.task;
  const auto column = protocol::parse_object(task.capture.geometry);
  if (!column) {
    co_return failure(Errc::journal_failed, "capture.geometry", column.error());
  }
  const auto geometry = protocol::from_json<protocol::PageGeometry>(*column);
  if (!geometry) {
    co_return failure(geometry.error());
  }
  ImageOrder order;
  order.frame = [&task, geometry = *geometry, text = request.text](std::uint64_t number) {
    return frames::ToWorker(
        frames::ProcessPage{{}, number, geometry, task.capture.raw_bytes, task.profile, task.settings, text});
  };
  order.descriptors = {request.pixels};
  order.patience = request.patience;
  co_return co_await carry_out(std::move(order), worker, std::move(take));
}

}  // namespace quay::daemon::jobs
