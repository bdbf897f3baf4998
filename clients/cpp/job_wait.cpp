// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/job_wait.hpp"

#include <algorithm>

#include "protocol/client/events.hpp"

namespace quay::client {
namespace {

constexpr Milliseconds kLookAgain{5000};  // without news of the job for this long it is looked at anyway

bool is_running(const protocol::Job& job) {
  return job.state == protocol::JobState::queued || job.state == protocol::JobState::running;
}

bool is_settled(const protocol::Capture& page) { return page.state != protocol::CaptureState::captured; }

/// An answer that may be another one later: quayd is restarting, or slow.
bool may_pass(const Error& error) {
  return error.code == Errc::daemon_unreachable || error.code == Errc::request_deadline;
}

bool concerns(const protocol::Event& event, const std::string& job) {
  const protocol::json::value* named = event.data.if_contains("job");
  return named != nullptr && named->is_string() && named->get_string() == job;
}

/// Events after which the job may be over.
bool is_news(const protocol::Event& event) {
  using namespace protocol;
  return event.type == topic::kJobFinished || event.type == topic::kCaptureReady || event.type == topic::kCaptureFailed;
}

/// The job with its pages when all is over; nothing as long as it is not.
Result<std::optional<JobOutcome>> look(Client& client, const std::string& id) {
  const CallOptions patience{kLookAgain, {}, {}};
  auto job = client.call_as<protocol::Job>("job.get", protocol::JobArguments{{}, id}, patience);
  if (!job) {
    return failure(std::move(job).error());
  }
  if (is_running(*job)) {
    return std::nullopt;
  }
  protocol::CaptureListArguments wanted;
  wanted.visit = job->visit;
  wanted.job = id;
  auto list = client.call_as<protocol::CaptureListResult>("capture.list", wanted, patience);
  if (!list) {
    return failure(std::move(list).error());
  }
  if (!std::all_of(list->captures.begin(), list->captures.end(), is_settled)) {
    return std::nullopt;
  }
  return JobOutcome{std::move(*job), std::move(list->captures)};
}

/// Returns when something happened that is worth a look, or at `until`. A silent daemon is waited for.
Status await_news(EventStream& events, const std::string& job, Deadline until, const JobListener& listener) {
  while (SteadyClock::now() < until) {
    auto event = events.next(until);
    if (!event && !may_pass(event.error())) {
      return failure(std::move(event).error());
    }
    if (!event || !*event || !concerns(**event, job)) {
      continue;
    }
    if (listener) {
      listener(**event);
    }
    if (is_news(**event)) {
      return {};
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> JobOutcome::good_pages() const {
  std::vector<std::string> good;
  for (const protocol::Capture& page : pages) {
    if (page.state == protocol::CaptureState::ready) {
      good.push_back(page.capture);
    }
  }
  return good;
}

Result<JobOutcome> await_job(Client& client, const std::string& job, Deadline deadline, Cursor start,
                             const JobListener& listener) {
  auto events = EventStream::open(client, std::move(start));
  if (!events) {
    return failure(std::move(events).error());
  }
  for (;;) {
    auto outcome = look(client, job);
    if (outcome && *outcome) {
      return std::move(**outcome);
    }
    if (!outcome && !may_pass(outcome.error())) {
      return failure(std::move(outcome).error());
    }
    if (SteadyClock::now() >= deadline) {
      return failure(Errc::request_deadline, "job.get", "the job is not over yet");
    }
    if (Status heard = await_news(*events, job, std::min(deadline, deadline_in(kLookAgain)), listener); !heard) {
      return failure(std::move(heard).error());
    }
  }
}

}  // namespace quay::client
