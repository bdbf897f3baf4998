// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/witness.hpp"

#include <set>

#include <fmt/format.h>

#include "protocol/client/events.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::faults {
namespace {

/// Every step of the way, and the least computing: a death costs seconds, and a campaign has thousands.
constexpr const char* kProfile = "original";

constexpr Milliseconds kSettlePatience{60'000};

std::string gist(const protocol::Event& event) {
  const auto* capture = event.data.if_contains("capture");
  return event.type + (capture != nullptr && capture->is_string() ? " " + std::string(capture->as_string()) : "");
}

client::EventStream follow(client::Client& client, const client::Cursor& from) {
  auto stream = client::EventStream::open(client, from);
  if (!stream) {
    throw std::runtime_error(describe(stream.error()));
  }
  return std::move(*stream);
}

}  // namespace

Broken& Broken::operator+=(const Broken& other) {
  lost += other.lost;
  doubled += other.doubled;
  half += other.half;
  mixed += other.mixed;
  gaps += other.gaps;
  unfinished += other.unfinished;
  not_started += other.not_started;
  story += other.story;
  return *this;
}

bool Broken::none() const { return lost + doubled + half + mixed + gaps + unfinished + not_started == 0; }

std::string Broken::text() const {
  return fmt::format("lost {}, doubled {}, half {}, mixed {}, gaps {}, unfinished {}, not started {}", lost, doubled,
                     half, mixed, gaps, unfinished, not_started);
}

Witness::Witness(system_test::Counter& counter)
    : counter_(counter),
      client_(counter.connect()),
      start_{client_.hello().journal, client_.hello().seq},
      stream_(follow(client_, start_)) {}

bool Witness::start_scan() {
  visit_ = counter_.try_open_visit().value_or("");
  if (visit_.empty()) {
    return false;
  }
  system_test::Counter::Order order;
  order.visit = visit_;
  order.profile = kProfile;
  const auto job = counter_.start_scan(order);
  job_ = job ? *job : "";
  return job.has_value();
}

void Witness::take(const protocol::Event& event) {
  if (!event.seq) {
    return;
  }
  told_[*event.seq] = gist(event);
  if (event.type == protocol::topic::kCaptureCaptured) {
    acknowledged_[std::string(event.data.at("capture").as_string())] =
        static_cast<std::int32_t>(event.data.at("page").as_int64());
  }
  if (event.type == protocol::topic::kJobFinished && event.data.at("job").as_string() == job_) {
    job_over_ = true;
  }
}

bool Witness::watch(Deadline until) {
  while (!job_over_ && SteadyClock::now() < until) {
    const Deadline soon = std::min(until, deadline_in(Milliseconds(100)));
    const auto event = stream_.next(soon);
    if (!event || !counter_.daemon().running()) {
      return false;
    }
    if (*event) {
      take(**event);
    }
  }
  return true;
}

/// All pages finished and the job, if there is one, over.
bool Witness::settle() {
  return rig::wait_until(
      [&] {
        bool all = true;
        for (const protocol::Capture& page : counter_.captures(visit_)) {
          all = all && page.state != protocol::CaptureState::captured;
        }
        if (all && !job_.empty()) {
          const auto job = client_.call_as<protocol::Job>("job.get", protocol::JobArguments{{}, job_});
          all = job && job->state != protocol::JobState::running && job->state != protocol::JobState::queued;
        }
        return all;
      },
      kSettlePatience);
}

Broken Witness::audit(const Sheets& sheets) {
  Broken broken;
  if (visit_.empty()) {
    return broken;
  }
  if (!settle()) {
    ++broken.unfinished;
    broken.story = counter_.daemon().transcript();
  }
  check_events(broken);
  check_pages(sheets, broken);
  return broken;
}

/// The journal must hold what was told, as it was told, and each number once.
void Witness::check_events(Broken& broken) {
  std::uint64_t next = start_.seq + 1;
  std::set<std::string> seen;
  for (;;) {
    const auto page = client_.call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, next, 200, {}});
    if (!page || page->events.empty()) {
      broken.gaps += page ? 0 : 1;
      break;
    }
    for (const auto& text : page->events) {
      const auto event = protocol::decode_event(boost::json::serialize(text));
      if (!event || !event->seq || *event->seq != next) {
        ++broken.gaps;
        return;
      }
      ++next;
      const auto told = told_.find(*event->seq);
      broken.gaps += told != told_.end() && told->second != gist(*event) ? 1 : 0;
      const bool once =
          event->type == protocol::topic::kCaptureCaptured || event->type == protocol::topic::kCaptureReady;
      broken.doubled += once && !seen.insert(gist(*event)).second ? 1 : 0;
      take(*event);
    }
  }
  broken.gaps += !told_.empty() && told_.rbegin()->first >= next ? 1 : 0;
}

void Witness::check_pages(const Sheets& sheets, Broken& broken) {
  counter_.share_keys(client_);
  std::set<std::int32_t> numbers;
  std::set<std::string> present;
  for (const protocol::Capture& page : counter_.captures(visit_)) {
    broken.doubled += numbers.insert(page.page).second ? 0 : 1;
    present.insert(page.capture);
    check_bytes(page, sheets, broken);
  }
  for (const auto& [capture, page] : acknowledged_) {
    broken.lost += present.contains(capture) ? 0 : 1;
  }
}

void Witness::check_bytes(const protocol::Capture& page, const Sheets& sheets, Broken& broken) {
  if (page.state != protocol::CaptureState::ready) {
    ++broken.unfinished;
    broken.story = counter_.daemon().transcript();
    return;
  }
  const auto file = client::fetch_image(client_, page.capture, "page", deadline_in(Milliseconds(20'000)));
  if (!file) {
    ++broken.half;
    return;
  }
  const auto sheet = sheets.find(page.page);
  broken.mixed += sheet != sheets.end() && sheet->second != file->sha256 ? 1 : 0;
}

Sheets Witness::sheets() {
  Sheets found;
  settle();
  counter_.share_keys(client_);
  for (const protocol::Capture& page : counter_.captures(visit_)) {
    const auto file = client::fetch_image(client_, page.capture, "page", deadline_in(Milliseconds(20'000)));
    if (file) {
      found[page.page] = file->sha256;
    }
  }
  return found;
}

}  // namespace quay::faults
