// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/form_desk.hpp"

#include "daemon/jobs/page_request.hpp"
#include "daemon/jobs/page_store.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;

namespace {

/// Fonts are looked for once, and a form is set in a blink.
constexpr Milliseconds kPatience{20'000};
constexpr const char* kTurn = "forms";

Awaitable<Status> take_rendition(std::optional<BoundDocument>& into, supervise::Incoming incoming) {
  const auto* rendition = std::get_if<frames::Rendition>(&incoming.message);
  if (rendition == nullptr) {
    co_return Status();
  }
  const frames::Rendition said = *rendition;
  auto bytes = open_bytes(incoming, said.bytes);
  if (!bytes) {
    co_return failure(bytes.error());
  }
  into = BoundDocument{said, *std::move(bytes)};
  co_return Status();
}

}  // namespace

supervise::Worker& FormDesk::worker() {
  if (!worker_) {
    worker_ = std::make_unique<supervise::Worker>(loop_, log_, *spec_);
    tasks_.spawn("forms", worker_->run());
  }
  return *worker_;
}

void FormDesk::stop() {
  if (worker_) {
    worker_->stop();
  }
}

Awaitable<Result<BoundDocument>> FormDesk::set(frames::SetForm order) {
  const loop::Turns::Turn turn = co_await turns_.take(kTurn);
  std::optional<BoundDocument> form;
  ImageOrder wish;
  wish.patience = kPatience;
  wish.frame = [&order](std::uint64_t number) {
    order.request = number;
    return frames::ToWorker(order);
  };
  const TakeFrame take = [&form](supervise::Incoming incoming) { return take_rendition(form, std::move(incoming)); };
  const Status done = co_await carry_out(std::move(wish), worker(), take);
  if (!done) {
    co_return failure(done.error());
  }
  if (!form) {
    co_return failure(Errc::worker_protocol, "form.set", "no form came");
  }
  co_return *std::move(form);
}

Awaitable<Result<protocol::FormListResult>> FormDesk::list() {
  const loop::Turns::Turn turn = co_await turns_.take(kTurn);
  protocol::FormListResult forms;
  ImageOrder wish;
  wish.patience = kPatience;
  wish.frame = [](std::uint64_t number) { return frames::ToWorker(frames::ListForms{{}, number}); };
  const TakeFrame take = [&forms](supervise::Incoming incoming) -> Awaitable<Status> {
    if (auto* listed = std::get_if<frames::FormsListed>(&incoming.message)) {
      forms = std::move(listed->forms);
    }
    co_return Status();
  };
  const Status done = co_await carry_out(std::move(wish), worker(), take);
  if (!done) {
    co_return failure(done.error());
  }
  co_return forms;
}

}  // namespace quay::daemon::jobs
