// SPDX-License-Identifier: Apache-2.0
// scan.start: accepted at once, its row in the journal before the device is touched, and never carried out twice for
// one request_id.
#include "daemon/jobs/commands.hpp"
#include "daemon/jobs/views.hpp"
#include "daemon/storage/sha256.hpp"
#include "protocol/client/profiles.hpp"

namespace quay::daemon::jobs {

using loop::Awaitable;
using protocol::Command;
using publish::CommandSocket;

namespace {

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

std::string digest_of(const Command& command) {
  return storage::sha256_hex(std::string_view(command.cmd + boost::json::serialize(command.args)));
}

Status check_open(storage::Journal& journal, const VisitId& visit) {
  const auto row = journal.visit(visit);
  if (!row) {
    return failure(row.error());
  }
  if (!*row) {
    return failure(Errc::visit_unknown, "scan.start", "\"" + visit.value.substr(0, 64) + "\"");
  }
  return (*row)->open ? Status() : Status(failure(Errc::visit_closed, "scan.start", visit.value));
}

storage::JobRow job_row(const ScanOrder& order) {
  storage::JobRow row;
  row.job = order.job;
  row.visit = VisitId{order.arguments.visit};
  row.device = DeviceId{order.arguments.device};
  row.kind = "scan";
  row.arguments = boost::json::serialize(protocol::to_json(order.arguments));
  row.created_at = rfc3339_now();
  return row;
}

protocol::Reply accepted_reply(const std::string& job) {
  protocol::Reply reply;
  reply.status = protocol::ReplyStatus::accepted;
  reply.result = protocol::to_json_object(protocol::JobAccepted{{}, job});
  return reply;
}

}  // namespace

protocol::Reply Commands::final_reply(const protocol::Job& job) {
  protocol::Reply reply;
  reply.result = protocol::to_json_object(job);
  reply.error = job.error;
  switch (job.state) {
    case protocol::JobState::done: reply.status = protocol::ReplyStatus::done; break;
    case protocol::JobState::cancelled: reply.status = protocol::ReplyStatus::cancelled; break;
    default: reply.status = protocol::ReplyStatus::failed;
  }
  return reply;
}

/// The device, acquired, or why this order cannot start.
Result<ScannerDevice*> Commands::acquire(const Command& command, const protocol::ScanStartArguments& arguments) {
  if (stopping_) {
    return failure(Errc::daemon_stopping, command.cmd, "quayd is stopping");
  }
  ScannerDevice* device = context_.devices.find(arguments.device);
  if (device == nullptr) {
    return failure(Errc::device_unknown, command.cmd, "\"" + arguments.device.substr(0, 64) + "\"");
  }
  if (!device->try_acquire()) {
    return failure(Errc::device_busy, command.cmd, "another job uses " + arguments.device);
  }
  return device;
}

Awaitable<void> Commands::start_scan(CommandSocket& control, Received received) {
  const Command& command = received->command;
  --in_flight_;
  const auto arguments = arguments_of<protocol::ScanStartArguments>(command);
  Status refusal = arguments ? check_arguments(*arguments) : Status(failure(arguments.error()));
  const std::string digest = digest_of(command);
  if (refusal && command.request_id) {
    const bool repeated = co_await repeat(control, received, digest, refusal);
    if (repeated) {
      co_return;
    }
  }
  Result<ScannerDevice*> device = refusal ? acquire(command, *arguments) : failure(refusal.error());
  if (!device) {
    control.reply(received->from, publish::failed_reply(device.error()));
    co_return;
  }
  ScanOrder order{JobId{random_uuid()}, *arguments, command.request_id, Deadline::max()};
  if (command.deadline_ms && *command.deadline_ms > 0) {
    order.deadline = deadline_in(std::min(Milliseconds(*command.deadline_ms), Milliseconds(86'400'000)));
  }
  co_await carry_out(control, received->from, std::move(order), digest, **device);
}

Awaitable<void> Commands::carry_out(CommandSocket& control, publish::ReplyAddress from, ScanOrder order,
                                    std::string digest, ScannerDevice& device) {
  const Status admitted = co_await admit_scan(order, digest);
  if (!admitted) {
    device.release();
    control.reply(from, publish::failed_reply(admitted.error()));
    co_return;
  }
  control.reply(from, accepted_reply(order.job.value));
  auto waiters = std::make_shared<std::vector<publish::ReplyAddress>>(1, from);
  const protocol::Job job = co_await context_.scans.run(order, device, waiters);
  co_await finish_scan(control, job, order, *waiters);
}

Awaitable<Status> Commands::admit_scan(const ScanOrder& order, const std::string& digest) {
  const Ledger::Change change = [order, digest](storage::Journal& journal, storage::Spool& spool, Events&) -> Status {
    if (Status open = check_open(journal, VisitId{order.arguments.visit}); !open) {
      return open;
    }
    if (Status room = spool.check_room(room_for(order.arguments.settings)); !room) {
      return room;
    }
    return journal.transact([&](storage::Journal& open) -> Status {
      if (Status put = open.put(job_row(order)); !put) {
        return put;
      }
      if (!order.request_id) {
        return {};
      }
      return open.put(storage::RequestRow{RequestId{*order.request_id}, digest, order.job, {}});
    });
  };
  co_return co_await context_.ledger.commit(change);
}

Awaitable<Result<Commands::Earlier>> Commands::look_up(const std::optional<std::string>& request_id) {
  const RequestId id{request_id.value_or("")};
  const auto work = [id](storage::Journal& journal, storage::Spool&) -> Result<Earlier> {
    Earlier earlier;
    auto request = journal.request(id);
    if (!request) {
      return failure(request.error());
    }
    earlier.request = std::move(*request);
    if (!earlier.request || !earlier.request->job) {
      return earlier;
    }
    const auto row = journal.job(*earlier.request->job);
    if (row && *row) {
      auto job = view(journal, **row);
      if (job) {
        earlier.job = std::move(*job);
      }
    }
    return earlier;
  };
  co_return co_await context_.ledger.run(work);
}

/// True when this wish was known already and has been answered.
Awaitable<bool> Commands::repeat(CommandSocket& control, const Received& received, const std::string& digest,
                                 Status& refusal) {
  const Result<Earlier> earlier = co_await look_up(received->command.request_id);
  if (!earlier) {
    refusal = failure(earlier.error());
    co_return false;
  }
  if (!earlier->request) {
    co_return false;
  }
  if (earlier->request->arguments_sha256 != digest) {
    refusal = failure(Errc::request_key_reused, "scan.start", "/request_id was used with other arguments");
    co_return false;
  }
  if (!earlier->job) {
    refusal = failure(Errc::visit_closed, "scan.start", "the visit of this request was closed");
    co_return false;
  }
  control.reply(received->from, accepted_reply(earlier->job->job));
  if (!context_.scans.add_waiter(JobId{earlier->job->job}, received->from)) {
    control.reply(received->from, final_reply(*earlier->job));
  }
  co_return true;
}

Awaitable<void> Commands::finish_scan(CommandSocket& control, protocol::Job job, const ScanOrder& order,
                                      std::vector<publish::ReplyAddress> waiters) {
  const protocol::Reply reply = final_reply(job);
  if (order.request_id) {
    const std::string text = protocol::encode(reply);
    const Ledger::Change change = [order, text](storage::Journal& journal, storage::Spool&, Events&) -> Status {
      auto row = journal.request(RequestId{*order.request_id});
      if (!row || !*row) {
        return {};
      }
      (*row)->reply = text;
      return journal.transact([&](storage::Journal& open) { return open.put(**row); });
    };
    const Status committed = co_await context_.ledger.commit(change);
    if (!committed) {
      context_.log.error("request: {}", describe(committed.error()));
    }
  }
  for (const publish::ReplyAddress& waiter : waiters) {
    control.reply(waiter, reply);
  }
}

}  // namespace quay::daemon::jobs
