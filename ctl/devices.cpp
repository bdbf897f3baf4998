// SPDX-License-Identifier: Apache-2.0
// quayctl devices: every device with its state, identity and abilities.
#include "ctl/describe_device.hpp"
#include "ctl/verbs.hpp"

namespace quay::ctl {
namespace {

void print_words(const Session& session, const protocol::Device& device) {
  session.print(describe_device(session.language, device));
  const protocol::DeviceIdentity& identity = device.identity;
  session.print(fmt::format("    {} {}  {}  {}", identity.maker, identity.model, identity.serial, identity.port_path));
  if (device.scanner) {
    session.print("    " + describe_scanner(*device.scanner));
  }
  if (device.camera) {
    session.print("    " + describe_camera(session.language, *device.camera));
  }
  if (device.printer) {
    session.print("    " + describe_printer(session.language, *device.printer));
  }
  for (const protocol::CardSlot& slot : device.card.value_or(protocol::CardReaders{}).slots) {
    session.print("    " + describe_slot(session.language, slot));
  }
}

int run(const Session& session) {
  auto client = session.connect();
  if (!client) {
    return session.complain(client.error());
  }
  const auto list = client->call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
  if (!list) {
    return session.complain(list.error());
  }
  if (session.json) {
    session.print(protocol::to_json(*list));
    return 0;
  }
  for (const protocol::Device& device : list->devices) {
    print_words(session, device);
  }
  if (list->devices.empty()) {
    session.print(session.say("không có thiết bị nào", "no device"));
  }
  return 0;
}

}  // namespace

void add_devices(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("devices", "List devices: state, identity, abilities");
  verb->callback([&line] { line.action = [&session = line.session] { return run(session); }; });
}

}  // namespace quay::ctl
