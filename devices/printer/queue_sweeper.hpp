// SPDX-License-Identifier: Apache-2.0
// What a print service keeps of our prints goes: documents and history, some time after each is over, whatever
// PreserveJobFiles says. The time is for quayd to have heard how it ended.
#pragma once

#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "devices/printer/printer_link.hpp"

namespace quay::printer {

class QueueSweeper {
 public:
  QueueSweeper(Milliseconds age, const Log& log) : age_(age), log_(log) {}

  /// Call with each look at an idle queue.
  void look(const PrinterLink& queue);

 private:
  Milliseconds age_;
  const Log& log_;
  std::map<std::string, Deadline> over_;  ///< when each may go, by name
};

}  // namespace quay::printer
