// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/scan_commands.hpp"

#include "daemon/commands/job_replies.hpp"
#include "daemon/jobs/consent.hpp"
#include "daemon/jobs/make_room.hpp"
#include "protocol/client/profiles.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr Milliseconds kLongestJob{86'400'000};

/// Room for a few pages of the size asked for, so that a full disk is said before paper moves.
std::uint64_t room_for(const protocol::ScanSettings& settings) {
  constexpr std::uint64_t kPages = 3;
  const double width_mm = settings.width_mm > 0 ? settings.width_mm : kA4.width.value;
  const double height_mm = settings.height_mm > 0 ? settings.height_mm : kA4.height.value;
  const double dpi = settings.resolution_dpi;
  const double pixels = width_mm / kMillimetresPerInch * dpi * height_mm / kMillimetresPerInch * dpi;
  return kPages * static_cast<std::uint64_t>(pixels * 3.0);
}

Status check_arguments(const protocol::ScanStartArguments& arguments) {
  if (!protocol::is_profile(arguments.profile)) {
    return failure(Errc::request_bad_argument, "scan.start",
                   "/args/profile: one of " + protocol::profile_names() + " was expected");
  }
  const protocol::ScanSettings& settings = arguments.settings;
  if (settings.resolution_dpi < 50 || settings.resolution_dpi > 2400) {
    return failure(Errc::request_bad_argument, "scan.start", "/args/settings/resolution_dpi: 50 to 2400 were expected");
  }
  if (settings.width_mm < 0 || settings.width_mm > 1000 || settings.height_mm < 0 || settings.height_mm > 2000) {
    return failure(Errc::request_bad_argument, "scan.start",
                   "/args/settings: width_mm from 0 to 1000 and height_mm from 0 to 2000 were expected");
  }
  if (arguments.max_pages < 0 || arguments.max_pages > 1000 || arguments.pages_expected < 0) {
    return failure(Errc::request_bad_argument, "scan.start",
                   "/args: max_pages from 0 to 1000 and pages_expected from 0 on were expected");
  }
  return {};
}

Status check_open(storage::Journal& journal, const VisitId& visit) {
  const auto row = journal.visit(visit);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, "scan.start", quoted(visit.value));
  }
  return (*row)->open ? Status() : Status(failure(Errc::visit_closed, "scan.start", visit.value));
}

storage::JobRow job_row(const jobs::ScanOrder& order) {
  storage::JobRow row;
  row.job = order.job;
  row.visit = VisitId{order.arguments.visit};
  row.device = DeviceId{order.arguments.device};
  row.kind = "scan";
  row.arguments = boost::json::serialize(protocol::to_json(order.arguments));
  row.created_at = rfc3339_now();
  return row;
}

/// The row of the job and the room for its pages, or why it cannot be taken. Inside a transaction.
Status admit(storage::Journal& journal, storage::Spool& spool, const jobs::ScanOrder& order) {
  if (Status open = check_open(journal, VisitId{order.arguments.visit}); !open) {
    return open;
  }
  if (Status agreed = jobs::check_consent(journal, order.arguments); !agreed) {
    return agreed;
  }
  if (Status room = spool.check_room(room_for(order.arguments.settings)); !room) {
    return room;
  }
  return journal.put(job_row(order));
}

jobs::ScanOrder order_of(const protocol::Command& command, protocol::ScanStartArguments arguments) {
  jobs::ScanOrder order{JobId{random_uuid()}, std::move(arguments), command.request_id, Deadline::max()};
  if (command.deadline_ms && *command.deadline_ms > 0) {
    order.deadline = deadline_in(std::min(Milliseconds(*command.deadline_ms), kLongestJob));
  }
  return order;
}

}  // namespace

void ScanCommands::add_to(CommandSet& commands) {
  commands.add({"scan.start",
                core::Role::front_end,
                Subject::visit,
                Effect::starts,
                handler(this, &ScanCommands::start),
                false,
                {},
                Access::logged});
  commands.add({"job.get", core::kEverybody, Subject::none, Effect::reads, handler(this, &ScanCommands::get)});
  commands.add({"job.cancel", core::Role::front_end | core::Role::technician, Subject::job, Effect::changes,
                handler(this, &ScanCommands::cancel), true});
}

/// The device, acquired and leased, or why it cannot be had.
Result<jobs::ScannerDevice*> ScanCommands::acquire(const core::Peer& peer,
                                                   const protocol::ScanStartArguments& arguments) {
  jobs::ScannerDevice* device = services_.devices.find(arguments.device);
  if (device == nullptr) {
    return failure(Errc::device_unknown, "scan.start", quoted(arguments.device));
  }
  if (Status leased = services_.leases.start_job(arguments.device, holder_of(peer, arguments.visit)); !leased) {
    return failure(leased.error());
  }
  if (!device->try_acquire()) {
    services_.leases.end_job(arguments.device, false);
    return failure(Errc::device_busy, "scan.start", "another job uses " + arguments.device);
  }
  return device;
}

Awaitable<Outcome> ScanCommands::start(RequestPtr request) {
  const auto arguments = arguments_of<protocol::ScanStartArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  const Result<jobs::ScannerDevice*> device = acquire(request->peer, *arguments);
  if (!device) {
    co_return failure(device.error());
  }
  const jobs::ScanOrder order = order_of(request->command, *arguments);
  const auto change = [order](storage::Journal& journal, storage::Spool& spool, jobs::Events&) -> Outcome {
    if (Status admitted = admit(journal, spool, order); !admitted) {
      return failure(admitted.error());
    }
    Success accepted = success(protocol::JobAccepted{{}, order.job.value});
    accepted.job = order.job;
    return accepted;
  };
  Outcome outcome = co_await services_.outcomes.commit(request, change);
  if (!outcome && outcome.error().code == Errc::spool_full) {
    const std::uint64_t bytes = room_for(arguments->settings);
    const Status room = co_await jobs::make_room(services_.ledger, bytes);
    if (room) {
      outcome = co_await services_.outcomes.commit(request, change);
    }
  }
  if (!outcome) {
    (*device)->release();
    services_.leases.end_job(arguments->device, false);
    co_return failure(outcome.error());
  }
  services_.scans.enlist(order, **device, [this, id = order.arguments.device] { services_.leases.end_job(id, true); });
  services_.tasks.spawn("scan", carry_out(order.job));
  co_return std::move(outcome);
}

Awaitable<void> ScanCommands::carry_out(JobId id) {
  const jobs::ScanJobs::Ended ended = co_await services_.scans.run(id);
  const protocol::Reply reply = final_reply(ended.job);
  for (const publish::ReplyAddress& waiter : ended.waiters) {
    services_.control.reply(waiter, reply);
  }
}

Awaitable<Outcome> ScanCommands::get(RequestPtr request) {
  const auto arguments = arguments_of<protocol::JobArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const JobId id{arguments->job};
  const Result<protocol::Job> job = co_await find_job(services_.ledger, id);
  if (!job) {
    co_return failure(job.error());
  }
  co_return success(*job);
}

Awaitable<Outcome> ScanCommands::cancel(RequestPtr request) {
  const Outcome job = co_await get(request);
  if (!job) {
    co_return failure(job.error());
  }
  const JobId id{std::string(job->result.at("job").as_string())};
  if (!services_.scans.cancel(id)) {
    const std::string state(job->result.at("state").as_string());
    co_return failure(Errc::job_finished, request->command.cmd, "the job is " + state);
  }
  co_return job;
}

}  // namespace quay::daemon::commands
