// SPDX-License-Identifier: Apache-2.0
// A simulated printer and the worker program at it, for tests: orders go out, what quayd would write down is "written
// down" at once.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/rig/support/sim_printer.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {

class PrinterSetup {
 public:
  explicit PrinterSetup(std::vector<std::string> arguments = {});

  rig::SimPrinter& printer() { return *printer_; }
  void fault(const std::string& words);

  /// A fresh worker, greeted.
  std::unique_ptr<WorkerClient> worker(const std::vector<std::string>& more_arguments = {}) const;

  /// Sends the order with these bytes, answers Placed with Kept, and collects to the end. on_frame: called before each
  /// frame is looked at; false: stop collecting.
  static Answers print(WorkerClient& worker, frames::Print order, const std::vector<std::uint8_t>& pdf,
                       const std::function<bool(const frames::FromWorker&)>& on_frame = {});

  int sheets(const std::string& name) const;

 private:
  rig::TemporaryDirectory directory_;
  std::optional<rig::SimPrinter> printer_;
};

frames::Print order_named(const std::string& name);

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file);

/// What was last seen of the print.
frames::PrintSeen last(const Answers& answers);

/// Does the frame say that the print waits for this?
bool waits_for(const frames::FromWorker& frame, const std::string& code);

}  // namespace quay::test
