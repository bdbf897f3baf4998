// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/text_pass.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "daemon/jobs/page_request.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using loop::Awaitable;
using supervise::Incoming;

namespace {

/// Papers of a dossier. What is written on a card or beside a photo is nobody's to search.
constexpr std::array<std::string_view, 2> kReadProfiles{"hoso", "bitonal"};

/// A page of text takes seconds; one of the lowest priority may wait for the others meanwhile.
constexpr Milliseconds kPatience{180'000};
constexpr Milliseconds kLook{20};
constexpr std::size_t kMostWaiting = 2000;

bool is_wanted(const PageTask& task) {
  const bool is_paper = std::find(kReadProfiles.begin(), kReadProfiles.end(), task.profile) != kReadProfiles.end();
  return task.page_stored && is_paper && (task.settings.format.empty() || task.settings.format == "pdf");
}

}  // namespace

TextPass::TextPass(loop::Loop& loop, const Log& log, Ledger& ledger, std::function<std::size_t()> in_work)
    : loop_(loop), log_(log), store_(log, ledger), in_work_(std::move(in_work)), wake_(loop) {}

void TextPass::start(const supervise::WorkerSpec& spec, loop::TaskGroup& tasks) {
  worker_ = std::make_unique<supervise::Worker>(loop_, log_, spec);
  tasks.spawn("text worker", worker_->run());
  tasks.spawn("text pass", run());
}

void TextPass::stop() {
  wake_.close();
  if (worker_) {
    worker_->stop();
  }
}

void TextPass::page_ended(PageTask task) {
  if (!worker_ || no_language_) {
    return;
  }
  if (is_wanted(task) && waiting_.size() < kMostWaiting) {
    task.outcome.reset();
    waiting_.push_back(std::move(task));
  }
  wake_.push(0);
}

Awaitable<void> TextPass::run() {
  while (co_await wake_.receive(loop::kUntilClosed)) {
    while (co_await may_begin()) {
      PageTask next = std::move(waiting_.front());
      waiting_.pop_front();
      co_await read(std::move(next));
    }
  }
}

/// Until the worker is there a page stays among those that leave() can take away.
Awaitable<bool> TextPass::may_begin() {
  if (waiting_.empty() || in_work_() > 0 || wake_.closed()) {
    co_return false;
  }
  const Deadline ready_by = deadline_in(kPatience);
  const bool ready = co_await worker_->wait_ready(ready_by);
  co_return ready && !waiting_.empty() && in_work_() == 0;
}

Awaitable<void> TextPass::read(PageTask task) {
  reading_ = task.capture.visit;
  Result<UniqueFd> pixels = co_await store_.pixels_of(task);
  Status done = pixels ? Status() : Status(failure(pixels.error()));
  if (done) {
    const PageRequest request{task, pixels->get(), true, kPatience};
    const TakeFrame take = [this, &task](Incoming incoming) { return take_frame(task, std::move(incoming)); };
    done = co_await make_page(request, *worker_, take);
  }
  reading_.reset();
  if (!done) {
    log_.info("capture {}: no text: {}", task.capture.capture.value, describe(done.error()));
    no_language_ = done.error().code == Errc::text_language_missing;
  }
  if (no_language_) {
    log_.warning("pages get no text layer until quayd is started with the language's data installed");
    waiting_.clear();
  }
}

Awaitable<Status> TextPass::take_frame(const PageTask& task, Incoming incoming) {
  const auto* rendition = std::get_if<frames::Rendition>(&incoming.message);
  if (rendition == nullptr) {
    co_return Status();
  }
  PageStore::Made made{info_of(*rendition, "text"), rendition->report, {}};
  auto buffer = open_bytes(incoming, rendition->bytes);
  if (!buffer) {
    co_return failure(buffer.error());
  }
  made.bytes = *buffer;
  const auto kept = co_await store_.keep(task, made);
  co_return kept ? Status() : Status(failure(kept.error()));
}

Awaitable<void> TextPass::leave(VisitId visit) {
  std::erase_if(waiting_, [&](const PageTask& task) { return task.capture.visit == visit; });
  loop::Mailbox<int> pause(loop_);
  while (reading_ == visit) {
    worker_->cancel();
    const Deadline soon = deadline_in(kLook);
    co_await pause.receive(soon);
  }
}

}  // namespace quay::daemon::jobs
