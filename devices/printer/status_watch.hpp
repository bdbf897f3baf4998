// SPDX-License-Identifier: Apache-2.0
// How the printer is, looked at again and again by a thread of its own: slowly, and quicker while something is being
// printed. A printer that does not answer spoils the look, never the job.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "devices/printer/printer_link.hpp"

namespace quay::printer {

/// facts: the last that were heard. troubles: why it does not print now, the gravest first.
struct PrinterSeen {
  std::optional<PrinterFacts> facts;
  std::vector<Error> troubles;
};

class StatusWatch {
 public:
  /// `changed` is called on the watch's thread whenever something is new.
  StatusWatch(PrinterLink link, Milliseconds interval, const Log& log, std::function<void(const PrinterSeen&)> changed);
  StatusWatch(const StatusWatch&) = delete;
  StatusWatch& operator=(const StatusWatch&) = delete;
  ~StatusWatch();

  PrinterSeen now() const;
  /// Looks at once and gives what it saw.
  PrinterSeen look();
  void set_busy(bool busy);

 private:
  void run();
  void keep(const PrinterSeen& seen);
  Milliseconds pause() const;
  bool is_busy() const;

  PrinterLink link_;
  Milliseconds interval_;
  const Log& log_;
  std::function<void(const PrinterSeen&)> changed_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  PrinterSeen seen_;
  bool looked_ = false;
  bool busy_ = false;
  bool ending_ = false;
  std::thread thread_;
};

/// What one look said, as troubles.
std::vector<Error> troubles_of(const Result<PrinterFacts>& facts);

}  // namespace quay::printer
