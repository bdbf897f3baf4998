// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/worker.hpp"

#include <algorithm>

#include "protocol/worker/seqpacket.hpp"

namespace quay::daemon::supervise {

using core::WorkerAction;
using core::WorkerEvent;
using core::WorkerState;
using loop::Awaitable;
using loop::kAwait;

namespace {

/// How long a killed process may take to leave before it is given up as stuck in the kernel.
constexpr Milliseconds kDeathDeadline{10'000};

std::uint64_t request_of(const frames::FromWorker& message) {
  return std::visit(
      [](const auto& body) -> std::uint64_t {
        if constexpr (requires { body.request; }) {
          return body.request;
        } else {
          return 0;
        }
      },
      message);
}

/// `how` as Process::reap says it.
WorkerEnd end_of(const std::string& how, bool killed) {
  if (how.empty()) {
    return WorkerEnd::stuck;
  }
  if (killed) {
    return WorkerEnd::deadline;
  }
  return how.starts_with("signal") ? WorkerEnd::signal : WorkerEnd::exit;
}

bool ends_request(const Result<Incoming>& incoming) {
  return !incoming || std::holds_alternative<frames::Finished>(incoming->message);
}

}  // namespace

std::string_view name(WorkerEnd how) {
  switch (how) {
    case WorkerEnd::exit: return "exit";
    case WorkerEnd::signal: return "signal";
    case WorkerEnd::deadline: return "deadline";
    case WorkerEnd::stuck: return "stuck";
  }
  return "";
}

Worker::Worker(loop::Loop& loop, const Log& log, WorkerSpec spec)
    : loop_(loop),
      log_(log),
      spec_(std::move(spec)),
      crashes_(spec_.crashes),
      changes_(loop),
      settled_(loop),
      frames_(loop),
      rest_over_(loop),
      killer_(loop),
      grace_(loop) {}

Awaitable<void> Worker::run() {
  while (!stopping_) {
    apply(WorkerEvent::spawned);
    if (const Status launched = launch(); launched) {
      co_await live();
      co_await await_exit();
    } else {
      log_.error("{}: cannot start: {}", spec_.name, describe(launched.error()));
    }
    ++exits_;
    apply(WorkerEvent::exited);
    if (!stopping_) {
      co_await rest();
    }
  }
  changes_.close();
  settled_.close();
}

Status Worker::launch() {
  auto ends = frames::make_channel();
  if (!ends) {
    return failure(ends.error());
  }
  ProcessSpec spec = spec_.process;
  const auto late = std::chrono::duration_cast<Milliseconds>(late_until_ - SteadyClock::now());
  if (late.count() > 0 && !spec_.late_work_option.empty()) {
    spec.arguments.insert(spec.arguments.end(), {spec_.late_work_option, std::to_string(late.count())});
  }
  auto process = Process::spawn(spec, ends->second);
  if (!process) {
    return failure(process.error());
  }
  killed_ = false;
  process_ = std::make_unique<Process>(std::move(*process));
  channel_ = std::make_shared<WorkerChannel>(loop_, std::move(ends->first), trace_);
  trace_.note_spawned(spec.program.filename().string());
  kill_after(spec_.deadlines.start);
  return {};
}

/// Reads frames until the worker is gone or talks nonsense.
Awaitable<void> Worker::live() {
  for (;;) {
    Result<Incoming> incoming = co_await channel_->receive();
    if (!incoming) {
      if (incoming.error().code == Errc::worker_protocol) {
        log_.error("{}: {}", spec_.name, describe(incoming.error()));
      }
      co_return;
    }
    take(std::move(*incoming));
  }
}

void Worker::watch_for_late_work(const frames::FromWorker& message) {
  const auto* progress = std::get_if<frames::Progress>(&message);
  const auto* finished = std::get_if<frames::Finished>(&message);
  if (progress != nullptr &&
      (progress->stage == frames::Stage::feeding || progress->stage == frames::Stage::waiting_for_button)) {
    late_until_ = deadline_in(spec_.late_work);
  } else if (std::holds_alternative<frames::PageRead>(message) || (finished != nullptr && !finished->error)) {
    late_until_ = {};  // a capture that was cancelled or failed may still bring something
  }
}

void Worker::take(Incoming incoming) {
  if (std::holds_alternative<frames::Hello>(incoming.message)) {
    killer_.cancel();
    apply(WorkerEvent::hello);
    return;
  }
  if (auto* told = std::get_if<frames::Described>(&incoming.message); told != nullptr && told->request == 0) {
    news_ = std::move(*told);
    touch();
    return;
  }
  watch_for_late_work(incoming.message);
  if (request_open_ && request_of(incoming.message) == request_) {
    frames_.push(std::move(incoming));
  } else {
    discard(std::move(incoming));
  }
}

Awaitable<void> Worker::await_exit() {
  process_->kill();
  channel_->close();
  loop::asio::posix::stream_descriptor ended(loop_, ::dup(process_->pidfd()));
  loop::asio::steady_timer give_up(loop_, kDeathDeadline);
  give_up.async_wait([&ended](const boost::system::error_code& error) {
    if (!error) {
      ended.cancel();
    }
  });
  const auto wait = loop::asio::posix::stream_descriptor::wait_read;
  co_await ended.async_wait(wait, kAwait);
  give_up.cancel();
  killer_.cancel();  // its deadline ends with it
  const pid_t pid = process_->pid();
  const std::string how = process_->reap();
  if (!stopping_) {
    log_.warning("{}: pid {} ended: {}{}", spec_.name, pid, how.empty() ? "stuck in the kernel" : how,
                 killed_ ? " (killed by quayd)" : "");
    if (spec_.ended) {
      spec_.ended(end_of(how, killed_));
    }
  }
  trace_.note_ended(how, killed_);
  if (killed_ && !stopping_) {
    ++recovery_.kills;
  }
  if (request_open_) {
    frames_.push(failure(killed_ ? Errc::device_timeout : Errc::worker_crashed, spec_.name, how));
  }
  process_.reset();
  channel_.reset();
}

Awaitable<void> Worker::rest() {
  const core::CrashHistory::Verdict verdict = crashes_.note(SteadyClock::now());
  if (verdict.quarantine) {
    apply(WorkerEvent::gave_up);
    log_.error("{}: died too often, parked for {} s", spec_.name, verdict.rest.count() / 1000);
  }
  rest_over_.clear();
  const Deadline over = deadline_in(verdict.rest);
  co_await rest_over_.receive(over);
  apply(WorkerEvent::rested);
}

void Worker::stop() {
  stopping_ = true;
  rest_over_.push(0);
  if (channel_) {
    if (const Status asked = channel_->send(frames::Shutdown{}); !asked) {
      kill();
    }
    kill_after(spec_.deadlines.cancel_grace);
  }
}

void Worker::revive() {
  crashes_.clear();
  if (state_ == WorkerState::resting || state_ == WorkerState::quarantined) {
    rest_over_.push(0);
  }
}

Awaitable<bool> Worker::wait_ready(Deadline deadline) {
  settled_.clear();
  while (state_ != WorkerState::ready) {
    if (state_ == WorkerState::quarantined || stopping_ || SteadyClock::now() >= deadline) {
      co_return false;
    }
    co_await settled_.receive(deadline);
  }
  co_return true;
}

Status Worker::start_frame(const frames::ToWorker& frame, const std::vector<int>& descriptors) {
  if (state_ == WorkerState::quarantined) {
    return failure(Errc::device_quarantined, spec_.name, "parked after repeated crashes");
  }
  if (state_ != WorkerState::ready) {
    return failure(state_ == WorkerState::busy ? Errc::device_busy : Errc::worker_crashed, spec_.name,
                   "the worker is " + std::string(core::name(state_)));
  }
  frames_.clear();
  ++request_;
  if (Status sent = channel_->send(frame, descriptors); !sent) {
    apply(WorkerEvent::deaf);  // not ready any more: who tries again gets the next process
    return sent;
  }
  request_open_ = true;
  apply(WorkerEvent::request);
  return {};
}

Awaitable<Result<Incoming>> Worker::next(Deadline deadline) {
  bool overdue = false;
  while (request_open_) {
    const Deadline until = state_ == WorkerState::cancelling ? grace_ends_ : deadline;
    std::optional<Result<Incoming>> incoming = co_await frames_.receive(until);
    if (!incoming) {
      overdue = overdue || state_ == WorkerState::busy;
      deadline = climb(deadline);
      continue;
    }
    if (ends_request(*incoming)) {
      request_open_ = false;
      apply(WorkerEvent::finished);
    }
    if (!overdue) {
      co_return std::move(*incoming);
    }
    discard(*incoming);
  }
  co_return failure(Errc::device_timeout, spec_.name, "no sign of life in time");
}

/// One rung of the ladder: Cancel, then SIGKILL, then give the request up. Gives the deadline of the next.
Deadline Worker::climb(Deadline deadline) {
  if (state_ == WorkerState::busy) {
    ++recovery_.cancels;
    apply(WorkerEvent::deadline);
    return deadline;
  }
  if (state_ == WorkerState::cancelling) {
    apply(WorkerEvent::grace_over);
    return deadline_in(kDeathDeadline + Milliseconds(1000));
  }
  request_open_ = false;
  return deadline;
}

void Worker::note_kept(std::int32_t page) {
  if (request_open_ && channel_) {
    // One that cannot take this frame is about to be found dead by its reader.
    [[maybe_unused]] const Status sent = channel_->send(frames::Kept{{}, request_, page});
  }
}

void Worker::withdraw() {
  if (request_open_ && channel_) {
    [[maybe_unused]] const Status sent = channel_->send(frames::Withdraw{{}, request_});  // as note_kept
  }
}

void Worker::cancel() {
  if (request_open_) {
    apply(WorkerEvent::cancelled);
  }
}

void Worker::discard(const Result<Incoming>& incoming) const {
  if (!incoming) {
    return;
  }
  if (const auto* page = std::get_if<frames::PageRead>(&incoming->message)) {
    lease(page->buffer);  // a temporary lease gives the buffer straight back
  }
}

void Worker::apply(WorkerEvent event) {
  const auto transition = core::step(state_, event);
  if (!transition) {
    return;
  }
  state_ = transition->to;
  if (transition->action == WorkerAction::send_cancel) {
    begin_grace();
    if (!channel_ || !channel_->send(frames::Cancel{{}, request_})) {
      kill();
    }
  } else if (transition->action == WorkerAction::kill) {
    kill();
  }
  if (event == WorkerEvent::finished) {
    crashes_.clear();
  }
  touch();
  wake(settled_);
}

/// Whoever waits in next() may have much later a deadline in mind: the grace has a timer of its own.
void Worker::begin_grace() {
  grace_ends_ = deadline_in(spec_.deadlines.cancel_grace);
  grace_.expires_at(grace_ends_);
  grace_.async_wait([this, request = request_](const boost::system::error_code& error) {
    if (!error && request == request_) {
      apply(WorkerEvent::grace_over);
    }
  });
}

void Worker::kill_after(Milliseconds span) {
  killer_.expires_after(span);
  killer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      apply(WorkerEvent::deadline);
      kill();
    }
  });
}

void Worker::kill() {
  if (process_) {
    killed_ = true;
    process_->kill();
  }
}

}  // namespace quay::daemon::supervise
