// SPDX-License-Identifier: Apache-2.0
// A queue of the print service that stopped because of its printer goes on by itself when the cause is gone. One that
// a person paused is left alone.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "devices/printer/printer_link.hpp"

namespace quay::printer {

/// What is to be done about a queue, from what it and the printer behind it say.
enum class Healing : std::uint8_t {
  none,    ///< it runs
  leave,   ///< somebody paused it
  wait,    ///< the cause is still there
  resume,  ///< the cause is gone, or cannot be seen
};

/// running_message: printer-state-message while the queue last ran. A queue that stopped by itself says nothing or what
/// it said before; who pauses one gives a reason, "Paused" without one. behind: the printer itself, when it could be
/// asked.
Healing healing_of(const PrinterFacts& queue, const std::string& running_message,
                   const std::optional<PrinterFacts>& behind);

class QueueHealer {
 public:
  explicit QueueHealer(const Log& log) : log_(log) {}

  /// Call with each look at the queue. Tries again with growing pauses, from five seconds to five minutes.
  void look(const PrinterLink& queue, const PrinterFacts& facts);

 private:
  void resume(const PrinterLink& queue);

  const Log& log_;
  std::string running_message_;
  Deadline next_{};
  Milliseconds pause_{0};
};

}  // namespace quay::printer
