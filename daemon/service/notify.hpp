// SPDX-License-Identifier: Apache-2.0
// What quayd tells systemd: ready, status line, watchdog, stopping, reloading (sd_notify(3)).
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace quay::daemon::service {

/// Silent when there is no NOTIFY_SOCKET.
class Notify {
 public:
  void ready(const std::string& status) const;
  void status(const std::string& status) const;
  void reloading() const;
  void stopping() const;
  void alive() const;
  /// How often to call alive(): half of WATCHDOG_USEC; nothing when systemd watches nobody.
  std::optional<Milliseconds> watchdog_interval() const;
};

}  // namespace quay::daemon::service
