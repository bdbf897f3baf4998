// SPDX-License-Identifier: Apache-2.0
// The simulated scanner as a machine: sheets in the feeder, a page on the glass, at most one job, a fault. Decides
// what each eSCL request gets; sends nothing itself. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "tests/rig/scanner/escl_documents.hpp"
#include "tests/rig/scanner/fault.hpp"

namespace quay::rig {

/// Told in plain words what happens ("sheet 2 of 3 fed"). May be called from any thread.
using Narrator = std::function<void(const std::string&)>;

/// An HTTP status instead of what was asked for.
struct Refusal {
  int http_status = 500;
};

/// One page on its way: which picture, how fast, and what goes wrong with it.
struct PageOrder {
  std::size_t picture = 0;
  PictureSettings settings;
  FaultKind effect = FaultKind::none;
  Deadline not_before{};              ///< nothing is sent earlier
  Deadline scan_start{};              ///< when the sheet passes the sensor; may lie in the past
  SteadyClock::duration page_time{};  ///< how long it passes; zero = as fast as it goes
};

/// How the sending of a page ended.
enum class PageEnd : std::uint8_t { delivered, broken };

struct JobId {
  std::string value;
};

class ScannerModel {
 public:
  /// `sheets` lie in the feeder, `pages_per_minute` 0 means without limit. No page comes earlier than `first_page_ms`
  /// after its job began: no motor is faster, and sane-airscan loses the pages of a job that ends before its own
  /// sane_start has woken up (README.md).
  struct Options {
    int sheets = 3;
    double pages_per_minute = 0;
    int first_page_ms = 150;
    Fault fault{};
  };

  ScannerModel(const Options& options, Narrator say);

  // What eSCL asks.
  std::variant<JobId, Refusal> create_job(const ScanSettings& settings);
  /// Every PageOrder must be answered by one finish_page.
  std::variant<PageOrder, Refusal> next_page(const std::string& job_id);
  void finish_page(PageEnd end);
  /// False when there is no such job.
  bool delete_job(const std::string& job_id);
  StatusFacts status() const;

  // What a hand at the scanner does.
  /// Takes out what lies in the feeder and puts `sheets` in; the first is again the first picture.
  void load(int sheets);
  /// Puts picture `index` (from 0) on the glass.
  void place(std::size_t index);
  void set_fault(const Fault& fault);
  void set_pages_per_minute(double pages_per_minute);

  // What the wire needs to know.
  FaultKind fault_kind() const;
  /// Changes with every set_fault: a stall lasts until then, even if it struck only once.
  std::uint64_t fault_epoch() const;
  /// Brackets a wait that a stall imposes, so that status_line can tell.
  void enter_stall();
  void leave_stall();

  /// "sheets=2 job=processing pages=1 stalled=0 fault=none"
  std::string status_line() const;

 private:
  struct Job {
    std::string id;
    ScanSettings settings;
    int pages = 0;
    int sheets_at_start = 0;
    Deadline first_page_at{};
    bool back_side_due = false;
    std::optional<Deadline> last_scan_start;
    bool in_flight = false;
    std::string state = "Processing";
    std::string reason = "JobScanning";
  };

  bool job_active() const { return job_ && job_->state == "Processing"; }
  void end_job(std::string state, std::string reason);
  std::optional<Refusal> job_obstacle(const ScanSettings& settings);
  std::optional<Refusal> page_obstacle(int page);
  std::optional<std::size_t> take_picture();
  FaultKind strike(int page);
  void spend_fault();
  void set_pace(PageOrder& order, double slow_seconds);
  std::string adf_state() const;

  Narrator say_;
  mutable std::mutex mutex_;
  int sheets_;
  std::size_t next_sheet_ = 0;
  std::size_t on_glass_ = 0;
  double pages_per_minute_;
  Milliseconds first_page_after_;
  Fault fault_;
  std::uint64_t fault_epoch_ = 0;
  FaultKind trouble_ = FaultKind::none;
  std::optional<SteadyClock::time_point> busy_until_;
  std::optional<Job> job_;
  int stalled_ = 0;
};

}  // namespace quay::rig
