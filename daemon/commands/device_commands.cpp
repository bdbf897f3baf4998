// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/device_commands.hpp"

#include "daemon/commands/query.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

namespace {

constexpr std::int32_t kMostSeconds =
    static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::seconds>(core::kLongestLease).count());

Outcome outcome_of(const Result<protocol::Lease>& lease) {
  return lease ? Outcome(success(*lease)) : Outcome(failure(lease.error()));
}

}  // namespace

void DeviceCommands::add_to(CommandSet& commands) {
  commands.add({"device.list", core::kEverybody, Subject::none, Effect::reads, handler(this, &DeviceCommands::list)});
  commands.add(
      {"device.describe", core::kEverybody, Subject::none, Effect::reads, handler(this, &DeviceCommands::describe)});
  commands.add(
      {"device.lease", core::Role::front_end, Subject::visit, Effect::starts, handler(this, &DeviceCommands::lease)});
  commands.add({"device.release", core::Role::front_end, Subject::visit, Effect::changes,
                handler(this, &DeviceCommands::release)});
  commands.add({"device.request", core::Role::front_end, Subject::visit, Effect::starts,
                handler(this, &DeviceCommands::request)});
  commands.add({"device.refuse", core::Role::front_end, Subject::visit, Effect::changes,
                handler(this, &DeviceCommands::refuse)});
  commands.add(
      {"device.trace", core::Role::technician, Subject::none, Effect::reads, handler(this, &DeviceCommands::trace)});
}

Awaitable<Outcome> DeviceCommands::list(RequestPtr) {
  const protocol::DeviceListResult result{{}, services_.devices.snapshot()};
  co_return success(result);
}

Awaitable<Outcome> DeviceCommands::describe(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeviceArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  const jobs::SourceDevice* device = services_.devices.find(arguments->device);
  if (device == nullptr) {
    co_return failure(Errc::device_unknown, request->command.cmd, quoted(arguments->device));
  }
  co_return success(device->snapshot());
}

Status DeviceCommands::check_known(const std::string& device) const {
  if (services_.devices.find(device) == nullptr) {
    return failure(Errc::device_unknown, "device", quoted(device));
  }
  return {};
}

Awaitable<Outcome> DeviceCommands::lease(RequestPtr request) {
  const auto arguments = arguments_of<protocol::LeaseArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status known = check_known(arguments->device); !known) {
    co_return failure(known.error());
  }
  if (arguments->seconds < 1 || arguments->seconds > kMostSeconds) {
    co_return failure(Errc::request_bad_argument, request->command.cmd,
                      "/args/seconds: 1 to " + std::to_string(kMostSeconds) + " were expected");
  }
  const Status open = co_await check_open_visit(services_.ledger, arguments->visit, request->command.cmd);
  if (!open) {
    co_return failure(open.error());
  }
  const core::LeaseHolder who = holder_of(request->peer, arguments->visit);
  co_return outcome_of(services_.leases.take(arguments->device, who, std::chrono::seconds(arguments->seconds)));
}

Awaitable<Outcome> DeviceCommands::request(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeviceVisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status known = check_known(arguments->device); !known) {
    co_return failure(known.error());
  }
  const Status open = co_await check_open_visit(services_.ledger, arguments->visit, request->command.cmd);
  if (!open) {
    co_return failure(open.error());
  }
  const core::LeaseHolder who = holder_of(request->peer, arguments->visit);
  co_return outcome_of(services_.leases.request(arguments->device, who));
}

Awaitable<Outcome> DeviceCommands::release(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeviceVisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status known = check_known(arguments->device); !known) {
    co_return failure(known.error());
  }
  co_return outcome_of(services_.leases.release(arguments->device, arguments->visit));
}

Awaitable<Outcome> DeviceCommands::refuse(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeviceVisitArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  if (const Status known = check_known(arguments->device); !known) {
    co_return failure(known.error());
  }
  co_return outcome_of(services_.leases.refuse(arguments->device, arguments->visit));
}

Awaitable<Outcome> DeviceCommands::trace(RequestPtr request) {
  const auto arguments = arguments_of<protocol::DeviceTraceArguments>(request->command);
  if (!arguments) {
    co_return failure(arguments.error());
  }
  jobs::SourceDevice* device = services_.devices.find(arguments->device);
  if (device == nullptr) {
    co_return failure(Errc::device_unknown, request->command.cmd, quoted(arguments->device));
  }
  protocol::DeviceTraceResult result = device->worker().trace().since(arguments->after);
  result.device = device->id();
  result.kind = device->spec().kind;
  co_return success(result);
}

}  // namespace quay::daemon::commands
