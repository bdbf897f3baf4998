// SPDX-License-Identifier: Apache-2.0
// The simulated printer without its network: jobs, a tray of paper, an engine that prints sheet by sheet, and faults.
// Counts what really fell into the tray, whatever it says of it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "tests/rig/printer/output_tray.hpp"
#include "tests/rig/printer/printer_fault.hpp"

namespace quay::rig {

/// Numbers of RFC 8011, 5.3.7.
enum class SimJobState : int {
  held = 4,
  pending = 3,
  processing = 5,
  stopped = 6,
  canceled = 7,
  aborted = 8,
  completed = 9
};

struct SimJob {
  int id = 0;
  std::string name;
  std::string format;
  SimJobState state = SimJobState::held;
  std::string reason = "job-incoming";
  int copies = 1;
  bool duplex = false;
  int pages = 0;
  int printed = 0;  ///< sheets of it that fell into the tray
  int media_width = 0;
  int media_length = 0;
  bool wants_scaling = true;
  bool canceling = false;

  bool over() const { return static_cast<int>(state) >= static_cast<int>(SimJobState::canceled); }
  int sheets() const { return copies * (duplex ? (pages + 1) / 2 : pages); }
};

class PrinterModel {
 public:
  struct Options {
    int paper = 1000;
    int sheet_ms = 0;
  };

  /// What the engine does to the world around it: the network goes away, the process ends.
  struct World {
    std::function<void()> leave_network;
    std::function<void()> die;
  };

  PrinterModel(Options options, OutputTray& tray, World world);
  PrinterModel(const PrinterModel&) = delete;
  PrinterModel& operator=(const PrinterModel&) = delete;
  ~PrinterModel();

  /// A job without a document; nothing when the printer is busy (the fault).
  std::optional<int> create(SimJob job);
  /// Its document is here. False: there is no such job, or it has one.
  bool give_document(int id, const std::string& format, int pages);
  bool cancel(int id);
  std::optional<SimJob> job(int id);
  std::vector<SimJob> jobs();

  /// printer-state (3 idle, 4 processing, 5 stopped) and its reasons.
  struct State {
    int state = 3;
    std::vector<std::string> reasons;
  };
  State state();

  void load(int sheets);
  void set_fault(const PrinterFault& fault);
  PrinterFault fault();
  /// True when the fault is of that kind and strikes now: a fault with `times` strikes so often.
  bool strikes(PrinterFaultKind kind);
  std::string status_line();

 private:
  void run();
  void print(std::unique_lock<std::mutex>& lock, int id);
  bool wait_to_print(std::unique_lock<std::mutex>& lock, SimJob& job, int sheet);
  bool is_blocked(int sheet) const;
  bool befall(std::unique_lock<std::mutex>& lock, SimJob& job, int sheet);
  void finish(SimJob& job, SimJobState state, const char* reason);
  SimJob* next_job();

  Options options_;
  OutputTray& tray_;
  World world_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, SimJob> jobs_;
  PrinterFault fault_;
  int struck_ = 0;
  int paper_;
  int next_id_ = 1;
  int blocked_sheet_ = 0;  ///< the sheet that cannot be printed now; 0: none
  bool ending_ = false;
  std::thread engine_;
};

}  // namespace quay::rig
