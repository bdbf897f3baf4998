// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/printer_model.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quay::rig {
namespace {

struct BlockRow {
  PrinterFaultKind kind;
  const char* reason;
};
constexpr BlockRow kBlocks[] = {{PrinterFaultKind::media_jam, "media-jam-error"},
                                {PrinterFaultKind::cover_open, "cover-open-error"},
                                {PrinterFaultKind::toner_empty, "toner-empty-error"}};

const char* block_reason(PrinterFaultKind kind) {
  const auto* row =
      std::find_if(std::begin(kBlocks), std::end(kBlocks), [&](const BlockRow& one) { return one.kind == kind; });
  return row == std::end(kBlocks) ? nullptr : row->reason;
}

}  // namespace

PrinterModel::PrinterModel(Options options, OutputTray& tray, World world)
    : options_(options), tray_(tray), world_(std::move(world)), paper_(options.paper), engine_([this] { run(); }) {}

PrinterModel::~PrinterModel() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  engine_.join();
}

std::optional<int> PrinterModel::create(SimJob job) {
  if (strikes(PrinterFaultKind::busy)) {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  job.id = next_id_++;
  const int id = job.id;
  jobs_.emplace(id, std::move(job));
  return id;
}

bool PrinterModel::give_document(int id, const std::string& format, int pages) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || found->second.state != SimJobState::held) {
    return false;
  }
  found->second.format = format;
  found->second.pages = pages;
  found->second.state = SimJobState::pending;
  found->second.reason = "none";
  changed_.notify_all();
  return true;
}

bool PrinterModel::cancel(int id) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || found->second.over()) {
    return false;
  }
  SimJob& job = found->second;
  if (job.state == SimJobState::processing || job.state == SimJobState::stopped) {
    job.canceling = true;  // the engine sees it before the next sheet
    job.reason = "processing-to-stop-point";
  } else {
    finish(job, SimJobState::canceled, "job-canceled-by-user");
  }
  changed_.notify_all();
  return true;
}

std::optional<SimJob> PrinterModel::job(int id) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  const bool forgotten = found != jobs_.end() && found->second.over() && fault_.kind == PrinterFaultKind::forget;
  return found == jobs_.end() || forgotten ? std::nullopt : std::optional(found->second);
}

std::vector<SimJob> PrinterModel::jobs() {
  const std::lock_guard lock(mutex_);
  std::vector<SimJob> all;
  for (const auto& [id, job] : jobs_) {
    if (!job.over() || fault_.kind != PrinterFaultKind::forget) {
      all.push_back(job);
    }
  }
  return all;
}

PrinterModel::State PrinterModel::state() {
  const std::lock_guard lock(mutex_);
  State state;
  const bool works = std::any_of(jobs_.begin(), jobs_.end(), [](const auto& entry) {
    return entry.second.state == SimJobState::processing || entry.second.state == SimJobState::stopped;
  });
  state.state = works ? 4 : 3;
  if (const char* reason = block_reason(fault_.kind); reason != nullptr && (blocked_sheet_ > 0 || fault_.at <= 0)) {
    state.reasons.emplace_back(reason);
  }
  if (paper_ == 0) {
    state.reasons.emplace_back("media-empty-error");
  }
  if (!state.reasons.empty()) {
    state.state = 5;
  }
  return state;
}

void PrinterModel::load(int sheets) {
  const std::lock_guard lock(mutex_);
  paper_ = sheets;
  changed_.notify_all();
}

void PrinterModel::set_fault(const PrinterFault& fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  struck_ = 0;
  changed_.notify_all();
}

PrinterFault PrinterModel::fault() {
  const std::lock_guard lock(mutex_);
  return fault_;
}

bool PrinterModel::strikes(PrinterFaultKind kind) {
  const std::lock_guard lock(mutex_);
  if (fault_.kind != kind || struck_ >= fault_.times) {
    return false;
  }
  ++struck_;
  return true;
}

std::string PrinterModel::status_line() {
  const State now = state();
  const std::lock_guard lock(mutex_);
  const auto open = std::count_if(jobs_.begin(), jobs_.end(), [](const auto& entry) { return !entry.second.over(); });
  return fmt::format("sheets={} paper={} jobs={} open={} state={} struck={} fault={}", tray_.sheets(), paper_,
                     jobs_.size(), open, now.state, struck_, to_text(fault_));
}

SimJob* PrinterModel::next_job() {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(),
                                  [](const auto& entry) { return entry.second.state == SimJobState::pending; });
  return found == jobs_.end() ? nullptr : &found->second;
}

void PrinterModel::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    SimJob* job = next_job();
    if (job == nullptr) {
      changed_.wait(lock);
    } else {
      print(lock, job->id);
    }
  }
}

void PrinterModel::finish(SimJob& job, SimJobState state, const char* reason) {
  job.state = state;
  job.reason = reason;
}

bool PrinterModel::is_blocked(int sheet) const {
  return paper_ == 0 || (block_reason(fault_.kind) != nullptr && sheet >= fault_.at);
}

/// False when the job is not wanted any more.
bool PrinterModel::wait_to_print(std::unique_lock<std::mutex>& lock, SimJob& job, int sheet) {
  const auto keeps = [&] { return fault_.kind == PrinterFaultKind::keep && sheet >= fault_.at; };
  while (!ending_ && keeps()) {
    changed_.wait(lock);
  }
  while (!ending_ && !job.canceling && is_blocked(sheet)) {
    blocked_sheet_ = sheet;
    job.state = SimJobState::stopped;
    job.reason = "printer-stopped";
    changed_.wait(lock);
  }
  blocked_sheet_ = 0;
  if (!job.canceling) {
    job.state = SimJobState::processing;
    job.reason = "job-printing";
  }
  return !ending_ && !job.canceling;
}

/// What happens before that sheet. False: the job is over.
bool PrinterModel::befall(std::unique_lock<std::mutex>& lock, SimJob& job, int sheet) {
  if (sheet < fault_.at || struck_ >= fault_.times) {
    return true;
  }
  if (fault_.kind == PrinterFaultKind::offline) {
    ++struck_;
    lock.unlock();
    world_.leave_network();
    lock.lock();
  } else if (fault_.kind == PrinterFaultKind::die) {
    world_.die();
  } else if (fault_.kind == PrinterFaultKind::abort) {
    ++struck_;
    finish(job, SimJobState::aborted, "aborted-by-system");
    return false;
  } else if (fault_.kind == PrinterFaultKind::power_cut) {
    ++struck_;
    jobs_.clear();
    next_id_ = 1;
    return false;
  }
  return true;
}

void PrinterModel::print(std::unique_lock<std::mutex>& lock, int id) {
  SimJob* job = &jobs_.at(id);
  job->state = SimJobState::processing;
  job->reason = "job-printing";
  const bool drops = fault_.kind == PrinterFaultKind::silent_drop;
  for (int sheet = 1; !drops && sheet <= job->sheets(); ++sheet) {
    if (!wait_to_print(lock, *job, sheet)) {
      finish(*job, SimJobState::canceled, "job-canceled-by-user");
      return;
    }
    if (!befall(lock, *job, sheet)) {
      return;
    }
    const auto due = deadline_in(Milliseconds(options_.sheet_ms));
    while (options_.sheet_ms > 0 && !ending_ && SteadyClock::now() < due) {
      changed_.wait_until(lock, due);
    }
    tray_.drop_sheet(job->name);
    --paper_;
    ++job->printed;
  }
  finish(*job, SimJobState::completed, "job-completed-successfully");
}

}  // namespace quay::rig
