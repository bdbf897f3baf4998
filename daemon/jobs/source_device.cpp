// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/source_device.hpp"

#include "daemon/core/device_status.hpp"
#include "protocol/client/error_table.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using core::WorkerState;
using loop::Awaitable;

namespace {

/// How often a device that did not answer is asked again: presence is a probe, not a listing.
constexpr Milliseconds kProbeInterval{5'000};

/// How often one that has a condition is asked for it; also what keeps a camera from falling asleep.
constexpr Milliseconds kLookInterval{10'000};

/// Trouble after which the device has to be got to know anew.
bool means_unreachable(const std::optional<Error>& trouble) {
  return trouble && (trouble->code == Errc::device_absent || trouble->code == Errc::device_io ||
                     trouble->code == Errc::device_timeout || trouble->code == Errc::worker_crashed);
}

/// What the owner of a phone has to do; the next look sees it done.
bool is_of_phone(const std::optional<Error>& trouble) {
  return trouble && (trouble->code == Errc::phone_locked || trouble->code == Errc::phone_no_file_transfer ||
                     trouble->code == Errc::phone_not_trusted);
}

}  // namespace

SourceDevice::SourceDevice(loop::Loop& loop, const Log& log, Ledger& ledger, SourceSpec spec)
    : log_(log), ledger_(ledger), spec_(std::move(spec)), worker_(loop, log, spec_.worker) {}

/// A fresh worker's device is described at once; one whose last use lost it, and one that has a condition, at the
/// interval: a device that fails at once must not be asked without a pause.
Awaitable<void> SourceDevice::watch() {
  while (!worker_.changes().closed()) {
    const Deadline wake = due() == Question::none ? loop::kUntilClosed : next_question();
    co_await worker_.changes().receive(wake);
    notice_exit();
    take_news();
    const Question question = due();
    if (question != Question::none && SteadyClock::now() >= next_question()) {
      watching_ = true;
      co_await ask(question);
      watching_ = false;
    }
    if (worker_.changes().size() == 0) {
      co_await publish_change();
    }
  }
  if (leaving_) {
    protocol::Device gone = snapshot();
    gone.status = protocol::DeviceStatus::absent;
    gone.reasons = {std::string(protocol::error_row(Errc::device_absent).wire)};
    co_await publish(std::move(gone));
  }
}

/// A process that ended took with it all that was known of its device.
void SourceDevice::notice_exit() {
  if (std::exchange(exits_, worker_.exits()) != worker_.exits()) {
    described_ = false;
    lose();
    asked_.reset();
  }
}

Deadline SourceDevice::next_question() const {
  const bool idle = due() == Question::look && !is_of_phone(trouble_) && !visit_over_;
  return asked_ ? *asked_ + (idle ? kLookInterval : kProbeInterval) : Deadline{};
}

SourceDevice::Question SourceDevice::due() const {
  if (worker_.state() != WorkerState::ready || in_use_) {
    return Question::none;
  }
  if (!described_ || means_unreachable(trouble_)) {
    return Question::describe;
  }
  return described_as_ && described_as_->looks ? Question::look : Question::none;
}

Awaitable<void> SourceDevice::ask(Question question) {
  const auto make = [question](std::uint64_t request) {
    return question == Question::look ? frames::ToWorker(frames::Look{{}, request})
                                      : frames::ToWorker(frames::Describe{{}, request});
  };
  std::optional<Error> trouble;
  if (Status started = worker_.start(make); !started) {
    trouble = started.error();
  }
  const Deadline deadline = deadline_in(spec_.describe_deadline);
  bool over = trouble.has_value();
  while (!over) {
    Result<supervise::Incoming> incoming = co_await worker_.next(deadline);
    if (!incoming) {
      trouble = incoming.error();
      over = true;
    } else if (const auto* finished = std::get_if<frames::Finished>(&incoming->message)) {
      trouble = finished->error ? std::optional(protocol::from_body(*finished->error)) : std::nullopt;
      over = true;
    } else {
      take(std::move(incoming->message));
    }
  }
  asked_ = SteadyClock::now();
  conclude(question, std::move(trouble));
}

Awaitable<Status> SourceDevice::meet() {
  notice_exit();
  if (spec_.kind != protocol::DeviceKind::camera || met_) {
    co_return Status();
  }
  co_await ask(Question::describe);
  if (!met_) {
    co_return failure(trouble_.value_or(make_error(Errc::scan_cancelled, "device.describe", spec_.id)));
  }
  co_return Status();
}

void SourceDevice::cancel() {
  if (!watching_) {
    worker_.cancel();
  }
}

void SourceDevice::conclude(Question question, std::optional<Error> trouble) {
  if (trouble && trouble->code == Errc::scan_cancelled) {
    return;
  }
  if (means_unreachable(trouble)) {
    lose();
  }
  if (question == Question::describe) {
    described_ = !trouble;
    trouble_ = std::move(trouble);
  } else if (means_unreachable(trouble) || is_of_phone(trouble) || is_of_phone(trouble_)) {
    trouble_ = std::move(trouble);
  }
}

void SourceDevice::take(frames::FromWorker answer) {
  if (auto* described = std::get_if<frames::Described>(&answer)) {
    described->identity.port_path = spec_.port_path;
    described_as_ = std::move(*described);
    met_ = true;
  } else if (const auto* condition = std::get_if<frames::Condition>(&answer)) {
    note(*condition);
  }
}

/// What comes back may be another device, or another citizen's: of a phone that is gone nothing stays.
void SourceDevice::lose() {
  met_ = false;
  guest_of_.clear();
  visit_over_ = false;
  if (is_guest()) {
    described_as_.reset();
  }
}

/// A device that speaks up by itself has the last word on how it is.
void SourceDevice::take_news() {
  std::optional<frames::Described> news = worker_.take_news();
  if (!news) {
    return;
  }
  trouble_ = news->trouble ? std::optional(protocol::from_body(*news->trouble)) : std::nullopt;
  described_ = !trouble_;
  met_ = true;
  spoke_up_ = in_use_;
  news->identity.port_path = spec_.port_path;
  described_as_ = std::move(*news);
}

Awaitable<void> SourceDevice::publish_change() { co_await publish(snapshot()); }

Awaitable<void> SourceDevice::publish(protocol::Device device) {
  std::string text = boost::json::serialize(protocol::to_json(device));
  if (text == published_) {
    co_return;
  }
  published_ = std::move(text);
  const Ledger::Change change = [device](storage::Journal& journal, storage::Spool&, Events& events) {
    return journal.transact([&](storage::Journal& open) {
      return append(open, events, make_event(protocol::topic::kDeviceChanged, device));
    });
  };
  const Status committed = co_await ledger_.commit(change);
  if (!committed) {
    log_.error("device {}: {}", spec_.id, describe(committed.error()));
  }
}

void SourceDevice::note(std::optional<Error> trouble) {
  if (!trouble) {
    forgiven_kills_ = worker_.recovery().kills;
  }
  take_outcome(std::move(trouble));
}

void SourceDevice::take_outcome(std::optional<Error> trouble) {
  take_news();
  if (means_unreachable(trouble)) {
    lose();
  } else if (spoke_up_) {
    touch();
    return;
  }
  trouble_ = trouble && core::blames_device(trouble->code) ? std::move(trouble) : std::nullopt;
  described_ = described_ || (!trouble_ && met_);
  touch();
}

void SourceDevice::note_cancelled(const Status& ended) {
  take_outcome(std::nullopt);
  if (!ended && means_unreachable(ended.error())) {
    lose();
  }
}

void SourceDevice::note(const frames::Condition& condition) {
  if (described_as_ && described_as_->camera) {
    described_as_->camera->battery_percent = condition.battery_percent;
    described_as_->camera->pictures_left = condition.pictures_left;
    touch();
  }
}

Status SourceDevice::admit(const std::string& visit) const {
  if (visit_over_) {
    return failure(Errc::phone_visit_over, "device.guest", spec_.id);
  }
  if (!guest_of_.empty() && guest_of_ != visit) {
    return failure(Errc::device_leased, "device.guest", spec_.id + " is another visit's phone");
  }
  return {};
}

Status SourceDevice::claim(const std::string& visit) {
  Status admitted = admit(visit);
  if (admitted && is_guest()) {
    guest_of_ = visit;
  }
  return admitted;
}

/// That it can be described after each death says little: only a use that went well does.
bool SourceDevice::take_hung() {
  constexpr std::int32_t kEnough = 2;
  const std::int32_t hung = worker_.recovery().kills - forgiven_kills_;
  const bool news = hung >= kEnough && hung != hung_told_;
  hung_told_ = hung;
  return news;
}

void SourceDevice::end_visit(const std::string& visit) {
  if (!guest_of_.empty() && guest_of_ == visit) {
    visit_over_ = true;
    touch();
  }
}

protocol::Device SourceDevice::snapshot() const {
  protocol::Device device;
  device.id = spec_.id;
  device.kind = spec_.kind;
  device.name = spec_.name;
  device.identity.port_path = spec_.port_path;
  if (described_as_) {
    device.identity = described_as_->identity;
    device.camera = described_as_->camera;
    device.printer = described_as_->printer;
    device.guest = described_as_->guest;
    device.card = described_as_->card;
    if (spec_.kind == protocol::DeviceKind::scanner) {
      device.scanner = described_as_->capabilities;
    }
  }
  const protocol::DeviceRecovery& recovery = worker_.recovery();
  if (recovery.cancels + recovery.kills + resets_ > 0) {
    device.recovery = protocol::DeviceRecovery{{}, recovery.cancels, recovery.kills, resets_};
  }
  const core::DeviceCondition condition = core::device_condition(worker_.state(), described_, trouble_);
  device.status = condition.status;
  device.reasons = condition.reasons;
  if (visit_over_) {
    const Error over = make_error(Errc::phone_visit_over, "device.guest", spec_.id);
    const core::DeviceCondition parked = core::device_condition(WorkerState::ready, described_, over);
    device.status = parked.status;
    device.reasons = parked.reasons;
  }
  return device;
}

}  // namespace quay::daemon::jobs
