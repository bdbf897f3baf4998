// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/device_commands.hpp"

namespace quay::daemon::commands {

using loop::Awaitable;

void DeviceCommands::add_to(CommandSet& commands) {
  commands.add({"device.list", core::kEverybody, Subject::none, Effect::reads, handler(this, &DeviceCommands::list)});
  commands.add(
      {"device.describe", core::kEverybody, Subject::none, Effect::reads, handler(this, &DeviceCommands::describe)});
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
  const jobs::ScannerDevice* device = services_.devices.find(arguments->device);
  if (device == nullptr) {
    co_return failure(Errc::device_unknown, request->command.cmd, quoted(arguments->device));
  }
  co_return success(device->snapshot());
}

}  // namespace quay::daemon::commands
