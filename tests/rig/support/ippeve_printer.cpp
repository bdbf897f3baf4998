// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/ippeve_printer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

namespace fs = std::filesystem;

constexpr int kMostTries = 5;

constexpr const char* kBus =
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
    " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
    "<busconfig><type>system</type><listen>unix:path={}</listen><policy context=\"default\"><allow user=\"*\"/>"
    "<allow own=\"*\"/><allow send_destination=\"*\" eavesdrop=\"true\"/><allow "
    "eavesdrop=\"true\"/></policy></busconfig>\n";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// One that nobody listens on just now.
std::uint16_t free_port() {
  const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  return bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

bool listens(std::uint16_t port) {
  const UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Result<ChildProcess> start_bus(const fs::path& directory) {
  const fs::path socket = directory / "bus";
  std::ofstream(directory / "bus.conf") << fmt::format(kBus, socket.string());
  ChildOptions child;
  child.arguments = {"dbus-daemon", "--config-file", directory / "bus.conf", "--nofork"};
  child.output_directory = directory;
  child.output_name = "bus";
  auto bus = ChildProcess::start(child);
  if (bus && !wait_until([&] { return connect_unix(socket).has_value() || !bus->running(); })) {
    return failure(Errc::worker_start_failed, "rig.bus", bus->transcript());
  }
  return bus;
}

}  // namespace

Result<IppEvePrinter> IppEvePrinter::start(const fs::path& directory, const std::string& script) {
  fs::create_directories(directory / "spool");
  fs::create_directories(directory / "keys");
  std::ofstream(directory / "print.sh") << "#!/bin/sh\n" << script;
  fs::permissions(directory / "print.sh", fs::perms(0755));
  auto bus = start_bus(directory);
  if (!bus) {
    return failure(bus.error());
  }
  Error last = make_error(Errc::worker_start_failed, "rig.ippeveprinter", "no port");
  for (int attempt = 0; attempt < kMostTries; ++attempt) {
    const std::uint16_t port = free_port();
    ChildOptions child;
    child.arguments = {"/usr/sbin/ippeveprinter",
                       "-r",
                       "off",
                       "-n",
                       "localhost",
                       "-K",
                       directory / "keys",
                       "-vv",
                       "-p",
                       std::to_string(port),
                       "-d",
                       directory / "spool",
                       "-c",
                       directory / "print.sh",
                       "-f",
                       "application/pdf,image/pwg-raster",
                       "Eve"};
    child.environment = {{"DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + (directory / "bus").string()}};
    child.output_directory = directory;
    child.output_name = "ippeveprinter";
    auto printer = ChildProcess::start(child);
    if (!printer) {
      return failure(printer.error());
    }
    if (wait_until([&] { return listens(port) || !printer->running(); }) && printer->running()) {
      return IppEvePrinter(*std::move(bus), *std::move(printer), fmt::format("ipp://localhost:{}/ipp/print", port));
    }
    last.detail = printer->transcript();
  }
  return failure(last);
}

}  // namespace quay::rig
