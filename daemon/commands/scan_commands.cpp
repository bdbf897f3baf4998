// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/scan_commands.hpp"

#include "daemon/commands/job_replies.hpp"
#include "protocol/client/profiles.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

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

jobs::CaptureOrder order_of(const protocol::Command& command, const protocol::ScanStartArguments& arguments) {
  jobs::CaptureOrder order;
  order.job = JobId{random_uuid()};
  order.kind = "scan";
  order.visit = VisitId{arguments.visit};
  order.device = DeviceId{arguments.device};
  order.profile = arguments.profile;
  order.pages_expected = arguments.pages_expected;
  order.arguments = protocol::to_json_object(arguments);
  order.ask = [settings = arguments.settings, pages = arguments.max_pages](std::uint64_t request) {
    return protocol::worker::ToWorker(protocol::worker::Scan{{}, request, settings, pages});
  };
  order.request_id = command.request_id;
  order.deadline = deadline_of(command);
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

Awaitable<Outcome> ScanCommands::start(RequestPtr request) {
  const auto arguments = arguments_of<protocol::ScanStartArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status good = check_arguments(*arguments); !good) {
    co_return failure(good.error());
  }
  co_return co_await starter_.start(request, order_of(request->command, *arguments), room_for(arguments->settings));
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
  if (!services_.running.cancel(id)) {
    const std::string state(job->result.at("state").as_string());
    co_return failure(Errc::job_finished, request->command.cmd, "the job is " + state);
  }
  co_return job;
}

}  // namespace quay::daemon::commands
