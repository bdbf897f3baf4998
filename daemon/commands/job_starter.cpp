// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/job_starter.hpp"

#include "daemon/commands/job_replies.hpp"
#include "daemon/jobs/consent.hpp"
#include "daemon/jobs/make_room.hpp"
#include "daemon/jobs/open_visit.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr Milliseconds kLongestJob{86'400'000};

storage::JobRow job_row(const jobs::CaptureOrder& order) {
  storage::JobRow row;
  row.job = order.job;
  row.visit = order.visit;
  row.device = order.device;
  row.kind = order.kind;
  row.arguments = boost::json::serialize(order.arguments);
  row.created_at = rfc3339_now();
  return row;
}

/// The row of the job and the room for its pages, or why it cannot be taken. Inside a transaction.
Status admit(storage::Journal& journal, storage::Spool& spool, const jobs::CaptureOrder& order, std::uint64_t room) {
  if (Status open = jobs::check_open(journal, order.visit, order.kind); !open) {
    return open;
  }
  if (Status agreed = jobs::check_consent(journal, order.visit, order.profile); !agreed) {
    return agreed;
  }
  const Status besides = order.consent ? jobs::check_consent(journal, order.visit, *order.consent) : Status();
  if (!besides) {
    return besides;
  }
  if (Status enough = spool.check_room(room); !enough) {
    return enough;
  }
  return journal.put(job_row(order));
}

protocol::DeviceKind device_kind_of(const jobs::CaptureOrder& order) {
  if (order.kind == "card") {
    return protocol::DeviceKind::card;
  }
  return order.kind == "scan" ? protocol::DeviceKind::scanner : protocol::DeviceKind::camera;
}

}  // namespace

Deadline deadline_of(const protocol::Command& command) {
  const bool limited = command.deadline_ms && *command.deadline_ms > 0;
  return limited ? deadline_in(std::min(Milliseconds(*command.deadline_ms), kLongestJob)) : Deadline::max();
}

/// The device, acquired and leased, or why it cannot be had. A live view of the same visit makes way.
Awaitable<Result<jobs::SourceDevice*>> JobStarter::acquire(RequestPtr request, const jobs::CaptureOrder& order) {
  const std::string id = order.device.value;
  jobs::SourceDevice* device = services_.devices.find(id);
  if (device == nullptr) {
    co_return failure(Errc::device_unknown, order.kind, quoted(id));
  }
  if (device->spec().kind != device_kind_of(order)) {
    co_return failure(Errc::device_unsupported, order.kind, id + " is another kind of device");
  }
  if (Status admitted = device->admit(order.visit.value); !admitted) {
    co_return failure(admitted.error());
  }
  co_await services_.live.pause(id, order.visit.value);
  const core::LeaseHolder who = holder_of(request->peer, order.visit.value);
  if (Status leased = services_.leases.start_job(id, who); !leased) {
    services_.live.resume(id, {0, leased.error()});
    co_return failure(leased.error());
  }
  device = services_.devices.find(id);  // it may have gone while the live view ended
  if (device == nullptr || !device->try_acquire()) {
    const Error busy = make_error(Errc::device_busy, order.kind, "another job uses " + id);
    services_.leases.end_job(id, false);
    services_.live.resume(id, {0, busy});
    co_return failure(busy);
  }
  co_return device;
}

void JobStarter::give_back(const std::string& device, bool used, const jobs::DeviceUse& use) {
  services_.leases.end_job(device, used);
  services_.live.resume(device, use);
}

Awaitable<Outcome> JobStarter::start(RequestPtr request, jobs::CaptureOrder order, std::uint64_t room) {
  const Result<jobs::SourceDevice*> device = co_await acquire(request, order);
  if (!device) {
    co_return failure(device.error());
  }
  if ((*device)->is_guest()) {
    order.arguments["guest"] = true;  // whose phone it is, is nobody's business later; that it was one, is counted
  }
  const auto change = [order, room](storage::Journal& journal, storage::Spool& spool, jobs::Events&) -> Outcome {
    if (Status admitted = admit(journal, spool, order, room); !admitted) {
      return failure(admitted.error());
    }
    Success accepted = success(protocol::JobAccepted{{}, order.job.value});
    accepted.job = order.job;
    return accepted;
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome && outcome.error().code == Errc::spool_full) {
    const Status made = co_await jobs::make_room(services_.ledger, room);
    if (made) {
      outcome = co_await services_.outcomes.commit(request, change);
    }
  }
  if (!outcome) {
    (*device)->release();
    give_back(order.device.value, false, {0, outcome.error()});
    co_return failure(outcome.error());
  }
  const auto free = [this, id = order.device.value](const jobs::DeviceUse& use) { give_back(id, true, use); };
  services_.capture_jobs.enlist(order, **device, free);
  services_.tasks.spawn("capture job", carry_out(order.job));
  co_return std::move(outcome);
}

Awaitable<void> JobStarter::carry_out(JobId id) {
  const jobs::CaptureJobs::Ended ended = co_await services_.capture_jobs.run(id);
  const protocol::Reply reply = final_reply(ended.job);
  for (const publish::ReplyAddress& waiter : ended.waiters) {
    services_.control.reply(waiter, reply);
  }
}

}  // namespace quay::daemon::commands
