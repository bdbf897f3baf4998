// SPDX-License-Identifier: Apache-2.0
#include "ctl/scan_job.hpp"

#include <algorithm>
#include <numeric>

#include "clients/cpp/event_stream.hpp"
#include "ctl/progress_bar.hpp"
#include "ctl/scan_progress.hpp"

namespace quay::ctl {
namespace {

constexpr Milliseconds kRedraw{500};
constexpr std::chrono::seconds kRestart{20};        // a daemon that is restarted by systemd is back before this
constexpr std::chrono::seconds kPagesMissing{120};  // after the job's end, without any news of its pages
constexpr std::chrono::seconds kDocument{60};

/// Follows the events of a job until it is over. The daemon holds all deadlines of the scan itself; here only its own
/// silence ends the wait.
class Follower {
 public:
  Follower(ScanProgress& progress, client::EventStream& events, ProgressBar& bar)
      : progress_(progress), events_(events), bar_(bar) {}

  /// Waits for one event; false when `wake_fd` may have been readable instead. Errors: daemon_unreachable, and
  /// capture_not_ready when pages stay unfinished.
  Result<bool> step(int wake_fd) {
    auto event = events_.next(deadline_in(kRedraw), wake_fd);
    if (!event) {
      return silence(std::move(event).error());
    }
    gone_since_.reset();
    if (*event && progress_.take(**event)) {
      last_news_ = SteadyClock::now();
      bar_.show(progress_);
    }
    if (progress_.outcome() && SteadyClock::now() > last_news_ + kPagesMissing) {
      return failure(Errc::capture_not_ready, "scan", "the job is over but its pages are not finished");
    }
    return event->has_value();
  }

 private:
  Result<bool> silence(Error error) {
    const auto now = SteadyClock::now();
    gone_since_ = gone_since_.value_or(now);
    if (error.code != Errc::daemon_unreachable || now > *gone_since_ + kRestart) {
      return failure(std::move(error));
    }
    return false;
  }

  ScanProgress& progress_;
  client::EventStream& events_;
  ProgressBar& bar_;
  Deadline last_news_ = SteadyClock::now();
  std::optional<Deadline> gone_since_;
};

Error stopped() { return make_error(Errc::scan_cancelled, "scan", "stopped by a signal"); }

/// How the job ended, as success or fault.
Status verdict(const protocol::Job& job, bool interrupted) {
  if (job.state == protocol::JobState::done) {
    return {};
  }
  if (interrupted) {
    return failure(stopped());
  }
  return failure(job.error ? protocol::from_body(*job.error) : make_error(Errc::job_interrupted, "scan", ""));
}

protocol::json::object scan_order(const ScanWish& wish, const std::string& visit, const std::string& device) {
  protocol::ScanStartArguments arguments;
  arguments.visit = visit;
  arguments.device = device;
  arguments.settings = wish.settings;
  arguments.profile = wish.profile;
  arguments.max_pages = wish.max_pages;
  arguments.pages_expected = wish.pages_expected;
  return protocol::to_json_object(arguments);
}

/// As many pictures as pages were asked for; one when nothing was said.
protocol::json::object picture_order(const ScanWish& wish, const std::string& visit, const std::string& device) {
  protocol::CameraCaptureArguments arguments;
  arguments.visit = visit;
  arguments.device = device;
  arguments.profile = wish.profile;
  arguments.pictures = std::max({1, wish.max_pages, wish.pages_expected});
  return protocol::to_json_object(arguments);
}

}  // namespace

std::uint64_t ScanOutcome::raw_bytes() const {
  return std::accumulate(captures.begin(), captures.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const protocol::Capture& c) { return sum + c.raw_bytes; });
}

Result<protocol::Device> choose_source(const std::vector<protocol::Device>& devices, const std::string& wanted) {
  std::vector<protocol::Device> sources;
  for (const auto kind : {protocol::DeviceKind::scanner, protocol::DeviceKind::camera}) {
    if (sources.empty() || !wanted.empty()) {
      std::copy_if(devices.begin(), devices.end(), std::back_inserter(sources),
                   [&](const protocol::Device& device) { return device.kind == kind; });
    }
  }
  std::vector<std::string> ids;
  std::transform(sources.begin(), sources.end(), std::back_inserter(ids), [](const auto& device) { return device.id; });
  const std::string all = fmt::format("{}", fmt::join(ids, ", "));
  if (!wanted.empty()) {
    const auto found = std::find(ids.begin(), ids.end(), wanted);
    return found != ids.end() ? Result<protocol::Device>(sources[static_cast<std::size_t>(found - ids.begin())])
                              : failure(Errc::device_unknown, "scan",
                                        fmt::format("no scanner or camera '{}'; there are: {}", wanted, all));
  }
  if (sources.empty()) {
    return failure(Errc::device_absent, "scan", "quayd knows no scanner and no camera");
  }
  if (sources.size() > 1) {
    return failure(Errc::usage, "scan", "several devices, choose one with --device: " + all);
  }
  return sources.front();
}

bool ScanOutcome::may_close_visit() const {
  const bool no_page_ever = job.empty() || kept == std::size_t{0};
  return own_visit && !visit.empty() && (!error || no_page_ever);
}

ScanOutcome ScanJob::run(const ScanWish& wish) {
  ScanOutcome outcome;
  outcome.visit = wish.visit;
  outcome.own_visit = wish.visit.empty();
  if (Status scanned = scan(wish, outcome); !scanned) {
    outcome.error = std::move(scanned).error();
  }
  return outcome;
}

void ScanJob::finish(const ScanOutcome& outcome) {
  if (!outcome.may_close_visit()) {
    return;
  }
  protocol::VisitArguments arguments;
  arguments.visit = outcome.visit;
  const auto closed = client_.call_as<protocol::Visit>("visit.close", arguments);
  if (!closed) {
    session_.remark(fault_text(session_.language, closed.error()));
  }
}

Status ScanJob::scan(const ScanWish& wish, ScanOutcome& outcome) {
  if (Status started = start(wish, outcome); !started) {
    return started;
  }
  Status followed = follow(outcome);
  Status collected = collect(outcome);
  if (!followed) {
    return followed;
  }
  return collected ? assemble(wish, outcome) : collected;
}

Status ScanJob::start(const ScanWish& wish, ScanOutcome& outcome) {
  const auto devices = client_.call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
  if (!devices) {
    return failure(devices.error());
  }
  const auto device = choose_source(devices->devices, wish.device);
  if (!device) {
    return failure(device.error());
  }
  if (Status opened = open_visit(outcome); !opened) {
    return opened;
  }
  const bool is_camera = device->kind == protocol::DeviceKind::camera;
  const protocol::json::object arguments =
      is_camera ? picture_order(wish, outcome.visit, device->id) : scan_order(wish, outcome.visit, device->id);
  const client::CallOptions once{client::kCallPatience, random_uuid(), {}};
  const auto accepted = client_.call(is_camera ? "camera.capture" : "scan.start", arguments, once);
  if (!accepted) {
    return failure(accepted.error());
  }
  auto job = protocol::from_json<protocol::JobAccepted>(*accepted);
  if (!job) {
    return failure(job.error());
  }
  outcome.job = std::move(job->job);
  return {};
}

Status ScanJob::open_visit(ScanOutcome& outcome) {
  // A visit of an earlier run is taken over: its key went with that run.
  const client::CallOptions once{client::kCallPatience, random_uuid(), {}};
  auto visit = outcome.own_visit ? client_.call_as<protocol::VisitOpened>("visit.open", protocol::NoArguments{}, once)
                                 : client_.call_as<protocol::VisitOpened>(
                                       "visit.adopt", protocol::VisitArguments{{}, outcome.visit}, once);
  if (!visit) {
    return failure(std::move(visit).error());
  }
  outcome.visit = std::move(visit->visit);
  return {};
}

Status ScanJob::follow(ScanOutcome& outcome) {
  const protocol::HelloResult& hello = client_.hello();
  auto events = client::EventStream::open(client_, client::Cursor{hello.journal, hello.seq});
  if (!events) {
    return failure(std::move(events).error());
  }
  ScanProgress progress(outcome.job);
  ProgressBar bar(session_);
  Follower follower(progress, *events, bar);
  while (!progress.is_over()) {
    const auto heard = follower.step(interrupt_.fd());
    if (!heard) {
      return failure(heard.error());
    }
    Status going_on = *heard || !interrupt_.take() ? Status() : cancel(outcome, bar);
    if (!going_on) {
      return going_on;
    }
  }
  return verdict(*progress.outcome(), outcome.interrupted);
}

/// The first Ctrl-C asks the daemon to stop and waits for it to say so; the second leaves at once.
Status ScanJob::cancel(ScanOutcome& outcome, ProgressBar& bar) {
  bar.clear();
  if (outcome.interrupted) {
    return failure(stopped());
  }
  outcome.interrupted = true;
  session_.remark(session_.say("đang dừng quét...", "stopping the scan..."));
  protocol::JobArguments arguments;
  arguments.job = outcome.job;
  const auto answer = client_.call("job.cancel", protocol::to_json_object(arguments));
  if (!answer && answer.error().code != Errc::job_finished) {
    return failure(answer.error());
  }
  return {};
}

Status ScanJob::collect(ScanOutcome& outcome) {
  protocol::CaptureListArguments arguments;
  arguments.visit = outcome.visit;
  auto list = client_.call_as<protocol::CaptureListResult>("capture.list", arguments);
  if (!list) {
    return failure(std::move(list).error());
  }
  outcome.kept = list->captures.size();
  Status status;
  for (protocol::Capture& capture : list->captures) {
    if (capture.error && capture.job == outcome.job) {
      status = failure(protocol::from_body(*capture.error));
    }
    if (!capture.error) {  // a page that failed in an earlier scan of this visit was scanned again since
      outcome.captures.push_back(std::move(capture));
    }
  }
  return status;
}

Status ScanJob::assemble(const ScanWish& wish, ScanOutcome& outcome) {
  protocol::DocumentAssembleArguments arguments;
  arguments.visit = outcome.visit;
  for (const protocol::Capture& capture : outcome.captures) {
    arguments.captures.push_back(capture.capture);
  }
  const auto given = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  arguments.code = given(wish.code);
  arguments.ordinal = wish.ordinal;
  arguments.portal = given(wish.portal);
  arguments.kind = given(wish.kind);
  const client::CallOptions patient{kDocument, random_uuid(), {}};
  auto document = client_.call_as<protocol::Document>("document.assemble", arguments, patient);
  if (!document) {
    return failure(std::move(document).error());
  }
  outcome.document = std::move(*document);
  auto file =
      client::fetch_image(client_, outcome.document.document, outcome.document.file.rendition, deadline_in(kDocument));
  if (!file) {
    return failure(std::move(file).error());
  }
  outcome.file = std::move(*file);
  return {};
}

}  // namespace quay::ctl
