// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/scanner_model.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.hpp"

namespace quay::rig {
namespace {

constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kServerError = 500;
constexpr int kUnavailable = 503;
constexpr double kSecondsPerMinute = 60;
constexpr int kPagesAhead = 2;

SteadyClock::duration seconds(double span) {
  return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(span));
}

bool is_page_effect(FaultKind kind) {
  switch (kind) {
    case FaultKind::stall:
    case FaultKind::stall_headers:
    case FaultKind::truncate:
    case FaultKind::drop:
    case FaultKind::garbage:
    case FaultKind::half_jpeg:
    case FaultKind::slow:
    case FaultKind::unplug: return true;
    default: return false;
  }
}

std::string adf_state_of(FaultKind trouble) {
  switch (trouble) {
    case FaultKind::jam: return "ScannerAdfJam";
    case FaultKind::cover_open: return "ScannerAdfDoorOpen";
    case FaultKind::hatch_open: return "ScannerAdfHatchOpen";
    case FaultKind::multipick: return "ScannerAdfMultipickDetected";
    default: return "ScannerAdfEmpty";
  }
}

}  // namespace

ScannerModel::ScannerModel(const Options& options, Narrator say)
    : say_(std::move(say)),
      sheets_(options.sheets),
      pages_per_minute_(options.pages_per_minute),
      first_page_after_(options.first_page_ms) {
  set_fault(options.fault);
}

std::optional<Refusal> ScannerModel::job_obstacle(const ScanSettings& settings) {
  switch (fault_.kind) {
    case FaultKind::post_503: spend_fault(); return Refusal{kUnavailable};
    case FaultKind::post_409: spend_fault(); return Refusal{kConflict};
    case FaultKind::post_500: spend_fault(); return Refusal{kServerError};
    default: break;
  }
  if (job_active() && job_->in_flight) {
    return Refusal{kUnavailable};
  }
  if (settings.feeder && (trouble_ != FaultKind::none || sheets_ == 0)) {
    say_(fmt::format("scan refused: {}", adf_state()));
    return Refusal{kConflict};
  }
  return std::nullopt;
}

std::variant<JobId, Refusal> ScannerModel::create_job(const ScanSettings& settings) {
  const std::scoped_lock lock(mutex_);
  if (const auto obstacle = job_obstacle(settings)) {
    return *obstacle;
  }
  if (job_active()) {
    end_job("Aborted", "AbortedBySystem");
  }
  job_ = Job{};
  job_->id = random_uuid();
  job_->settings = settings;
  job_->sheets_at_start = sheets_;
  job_->first_page_at = deadline_in(first_page_after_);
  busy_until_.reset();
  say_(fmt::format("scan started: {}{}, {} dpi, {}", settings.feeder ? "feeder" : "glass",
                   settings.duplex ? " both sides" : "", settings.picture.dpi,
                   settings.picture.format == PixelFormat::rgb ? "colour" : "gray"));
  return JobId{job_->id};
}

std::variant<PageOrder, Refusal> ScannerModel::next_page(const std::string& job_id) {
  const std::scoped_lock lock(mutex_);
  if (!job_active() || job_->id != job_id) {
    return Refusal{kNotFound};
  }
  if (job_->in_flight) {
    return Refusal{kUnavailable};
  }
  const int page = job_->pages + 1;
  if (const auto obstacle = page_obstacle(page)) {
    return *obstacle;
  }
  const auto picture = take_picture();
  if (!picture) {
    end_job("Completed", "JobCompletedSuccessfully");
    return Refusal{kNotFound};
  }
  PageOrder order;
  order.picture = *picture;
  order.settings = job_->settings.picture;
  order.not_before = job_->first_page_at;
  const double slow_seconds = fault_.seconds;
  order.effect = strike(page);
  set_pace(order, slow_seconds);
  job_->pages = page;
  job_->in_flight = true;
  return order;
}

std::optional<Refusal> ScannerModel::page_obstacle(int page) {
  const bool due = fault_.page == 0 || fault_.page == page;
  if (fault_.kind == FaultKind::next_503 && due) {
    if (!busy_until_) {
      busy_until_ = SteadyClock::now() + seconds(fault_.seconds);
    }
    if (SteadyClock::now() < *busy_until_) {
      return Refusal{kUnavailable};
    }
  }
  if (fault_.kind == FaultKind::lost_pages && due) {
    say_(fmt::format("page {}: job lost", page));
    spend_fault();
    end_job("Aborted", "AbortedBySystem");
    return Refusal{kNotFound};
  }
  if (is_feeder_trouble(fault_.kind) && fault_.page == page) {
    trouble_ = fault_.kind;
  }
  if (job_->settings.feeder && trouble_ != FaultKind::none) {
    say_(fmt::format("page {}: {}", page, adf_state()));
    end_job("Aborted", "AbortedBySystem");
    return Refusal{kConflict};
  }
  return std::nullopt;
}

std::optional<std::size_t> ScannerModel::take_picture() {
  if (!job_->settings.feeder) {
    return job_->pages == 0 ? std::optional{on_glass_} : std::nullopt;
  }
  if (job_->back_side_due) {
    job_->back_side_due = false;
    return 2 * next_sheet_ - 1;
  }
  if (sheets_ == 0) {
    return std::nullopt;
  }
  --sheets_;
  const std::size_t sheet = next_sheet_++;
  job_->back_side_due = job_->settings.duplex;
  say_(fmt::format("sheet {} of {} fed", job_->sheets_at_start - sheets_, job_->sheets_at_start));
  return job_->settings.duplex ? 2 * sheet : sheet;
}

FaultKind ScannerModel::strike(int page) {
  if (!is_page_effect(fault_.kind) || (fault_.page != 0 && fault_.page != page)) {
    return FaultKind::none;
  }
  const FaultKind kind = fault_.kind;
  say_(fmt::format("page {}: fault {}", page, name_of(kind)));
  spend_fault();
  return kind;
}

void ScannerModel::spend_fault() {
  if (fault_.times > 0 && --fault_.times == 0) {
    fault_ = Fault{};
  }
}

/// A feeder runs at its own speed and keeps what it scanned: a client that asks late finds the page ready, up to
/// kPagesAhead pages.
void ScannerModel::set_pace(PageOrder& order, double slow_seconds) {
  const Deadline now = SteadyClock::now();
  order.scan_start = now;
  if (order.effect == FaultKind::slow) {
    order.page_time = seconds(slow_seconds);
    return;
  }
  if (pages_per_minute_ <= 0) {
    return;
  }
  const double sides = job_->settings.duplex ? 2 : 1;
  order.page_time = seconds(kSecondsPerMinute / (pages_per_minute_ * sides));
  if (job_->last_scan_start) {
    order.scan_start = std::max(*job_->last_scan_start + order.page_time, now - kPagesAhead * order.page_time);
  }
  job_->last_scan_start = order.scan_start;
}

void ScannerModel::finish_page(PageEnd end) {
  const std::scoped_lock lock(mutex_);
  if (!job_) {
    return;
  }
  job_->in_flight = false;
  if (end == PageEnd::broken && job_active()) {
    end_job("Aborted", "AbortedBySystem");
  }
}

bool ScannerModel::delete_job(const std::string& job_id) {
  const std::scoped_lock lock(mutex_);
  if (!job_ || job_->id != job_id) {
    return false;
  }
  if (job_active()) {
    end_job("Canceled", "JobCanceledByUser");
  }
  return true;
}

void ScannerModel::end_job(std::string state, std::string reason) {
  say_(fmt::format("scan ended: {} page(s), {}", job_->pages, state));
  job_->state = std::move(state);
  job_->reason = std::move(reason);
}

std::string ScannerModel::adf_state() const {
  if (trouble_ != FaultKind::none) {
    return adf_state_of(trouble_);
  }
  return sheets_ > 0 ? "ScannerAdfLoaded" : "ScannerAdfEmpty";
}

StatusFacts ScannerModel::status() const {
  const std::scoped_lock lock(mutex_);
  StatusFacts facts{job_active() ? "Processing" : "Idle", adf_state(), {}};
  if (job_) {
    facts.jobs.push_back({job_->id, job_->state, job_->reason, job_->pages});
  }
  return facts;
}

void ScannerModel::load(int sheets) {
  const std::scoped_lock lock(mutex_);
  sheets_ = sheets;
  next_sheet_ = 0;
  if (job_) {
    job_->back_side_due = false;
  }
  say_(fmt::format("feeder loaded with {} sheet(s)", sheets));
}

void ScannerModel::place(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  on_glass_ = index;
  say_(fmt::format("page {} laid on the glass", index + 1));
}

void ScannerModel::set_fault(const Fault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  ++fault_epoch_;
  busy_until_.reset();
  trouble_ = is_feeder_trouble(fault.kind) && fault.page == 0 ? fault.kind : FaultKind::none;
}

void ScannerModel::set_pages_per_minute(double pages_per_minute) {
  const std::scoped_lock lock(mutex_);
  pages_per_minute_ = pages_per_minute;
}

FaultKind ScannerModel::fault_kind() const {
  const std::scoped_lock lock(mutex_);
  return fault_.kind;
}

std::uint64_t ScannerModel::fault_epoch() const {
  const std::scoped_lock lock(mutex_);
  return fault_epoch_;
}

void ScannerModel::enter_stall() {
  const std::scoped_lock lock(mutex_);
  ++stalled_;
}

void ScannerModel::leave_stall() {
  const std::scoped_lock lock(mutex_);
  --stalled_;
}

std::string ScannerModel::status_line() const {
  const std::scoped_lock lock(mutex_);
  return fmt::format("sheets={} adf={} job={} pages={} stalled={} fault={}", sheets_, adf_state(),
                     job_ ? job_->state : "none", job_ ? job_->pages : 0, stalled_, name_of(fault_.kind));
}

}  // namespace quay::rig
