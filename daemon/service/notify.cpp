// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/notify.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace quay::daemon::service {
namespace {

void send(const std::string& message) {
  // A notification that cannot be sent changes nothing for us: systemd acts on its absence.
  ::sd_notify(0, message.c_str());
}

/// A line break in a status would begin a new assignment.
std::string status_line(std::string status) {
  std::replace_if(
      status.begin(), status.end(), [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
  return "STATUS=" + status;
}

}  // namespace

void Notify::ready(const std::string& status) const { send("READY=1\n" + status_line(status)); }

void Notify::status(const std::string& status) const { send(status_line(status)); }

void Notify::reloading() const {
  std::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds));
}

void Notify::stopping() const { send("STOPPING=1"); }

void Notify::alive() const { send("WATCHDOG=1"); }

std::optional<Milliseconds> Notify::watchdog_interval() const {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) {
    return std::nullopt;
  }
  return Milliseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(microseconds / 2000)));
}

}  // namespace quay::daemon::service
