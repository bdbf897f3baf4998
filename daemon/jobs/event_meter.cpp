// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/event_meter.hpp"

#include <set>

#include "protocol/client/documents.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

using core::Metric;
using protocol::Event;

namespace {

double seconds_between(Deadline since, Deadline now) { return std::chrono::duration<double>(now - since).count(); }

/// `data` of an event as its struct; what was cut out of a long one is missing.
template <class Data>
Data data_of(const Event& event) {
  return protocol::from_json<Data>(protocol::json::value(event.data)).value_or(Data{});
}

/// "page-2" is a page as well as "page".
std::string plain_name(const std::string& rendition) { return rendition.substr(0, rendition.find('-')); }

bool needs_reading(const std::string& topic) {
  static const std::set<std::string, std::less<>> kRead{
      protocol::topic::kDeviceChanged,   protocol::topic::kJobStarted,    protocol::topic::kJobFinished,
      protocol::topic::kCaptureCaptured, protocol::topic::kCaptureReady,  protocol::topic::kCapturePreview,
      protocol::topic::kCaptureText,     protocol::topic::kCaptureFailed, protocol::topic::kCaptureDiscarded,
      protocol::topic::kDocumentReady,   protocol::topic::kVisitClosed};
  return kRead.contains(topic);
}

}  // namespace

void EventMeter::hear(const publish::Notice& notice, Deadline now) {
  meter_.add(Metric::events, {notice.topic});
  if (notice.topic == protocol::topic::kVisitOpened) {
    meter_.add(Metric::visits_opened);
  }
  if (!needs_reading(notice.topic)) {
    return;
  }
  const auto event = protocol::decode_event(notice.text);
  if (!event) {
    return;
  }
  if (notice.topic == protocol::topic::kDeviceChanged) {
    take_device(*event);
  } else if (notice.topic == protocol::topic::kJobStarted) {
    take_job_start(*event, now);
  } else if (notice.topic == protocol::topic::kJobFinished) {
    take_job_end(*event, now);
  } else if (notice.topic == protocol::topic::kCaptureCaptured) {
    take_raw(*event, now);
  } else if (notice.topic == protocol::topic::kCaptureReady) {
    take_ready(*event, now);
  } else if (notice.topic == protocol::topic::kCaptureFailed) {
    take_failed(*event);
  } else if (notice.topic == protocol::topic::kCaptureDiscarded) {
    take_discarded(*event);
  } else if (notice.topic == protocol::topic::kDocumentReady) {
    take_document(*event);
  } else if (notice.topic == protocol::topic::kVisitClosed) {
    take_visit_end(*event);
  } else {
    take_rendition(*event);
  }
}

void EventMeter::take_device(const Event& event) {
  const auto device = data_of<protocol::Device>(event);
  sources_[device.id] = device.guest ? "phone" : protocol::enum_name(device.kind);
}

void EventMeter::take_job_start(const Event& event, Deadline now) {
  const auto job = data_of<protocol::Job>(event);
  jobs_.insert_or_assign(job.job, Begun{job.visit, "", now});
}

void EventMeter::take_job_end(const Event& event, Deadline now) {
  const auto job = data_of<protocol::Job>(event);
  meter_.add(Metric::jobs, {job.kind, protocol::enum_name(job.state)});
  const bool failed = job.state == protocol::JobState::failed || job.state == protocol::JobState::interrupted;
  if (failed && job.error) {
    meter_.add(Metric::job_failures, {job.device, job.error->code});
  }
  if (job.print && job.print->sheets_printed > 0) {
    meter_.add(Metric::sheets_printed, {job.device}, job.print->sheets_printed);
  }
  if (const auto begun = jobs_.extract(job.job)) {
    meter_.observe(Metric::job_seconds, {job.kind}, seconds_between(begun.mapped().since, now));
  }
}

void EventMeter::take_raw(const Event& event, Deadline now) {
  const auto page = data_of<protocol::CaptureCaptured>(event);
  const auto known = sources_.find(page.device);
  const std::string source = known == sources_.end() ? "other" : known->second;
  meter_.add(Metric::pages_captured, {source});
  meter_.add(Metric::captured_bytes, {source}, static_cast<double>(page.raw_bytes));
  pages_.insert_or_assign(page.capture, Begun{event.visit.value_or(""), source, now});
}

/// Later makings of a page, and the papers on a glass, were not waited for since the raw page.
void EventMeter::take_ready(const Event& event, Deadline now) {
  const auto page = data_of<protocol::CaptureReady>(event);
  for (const protocol::RenditionNotice& made : page.renditions) {
    meter_.add(Metric::published_bytes, {plain_name(made.rendition)}, static_cast<double>(made.bytes));
  }
  for (const protocol::QualityNotice& issue : page.quality) {
    meter_.add(Metric::page_quality, {issue.code});
  }
  if (const auto begun = pages_.extract(page.capture)) {
    meter_.observe(Metric::page_ready_seconds, {begun.mapped().source}, seconds_between(begun.mapped().since, now));
  }
}

void EventMeter::take_failed(const Event& event) {
  const auto page = data_of<protocol::CaptureFailed>(event);
  meter_.add(Metric::pages_failed, {page.error.code});
  pages_.erase(page.capture);
}

void EventMeter::take_discarded(const Event& event) {
  const auto pages = data_of<protocol::CapturesNamed>(event);
  meter_.add(Metric::pages_discarded, {}, static_cast<double>(pages.captures.size()));
}

void EventMeter::take_rendition(const Event& event) {
  const auto made = data_of<protocol::CapturePreview>(event).rendition;
  meter_.add(Metric::published_bytes, {plain_name(made.rendition)}, static_cast<double>(made.bytes));
}

void EventMeter::take_document(const Event& event) {
  const auto document = data_of<protocol::DocumentReady>(event);
  meter_.add(Metric::published_bytes, {"document"}, static_cast<double>(document.bytes));
}

void EventMeter::take_visit_end(const Event& event) {
  const auto closed = data_of<protocol::VisitClosed>(event);
  meter_.add(Metric::visits_closed, {closed.reason});
  const auto of_visit = [&](const auto& begun) { return begun.second.visit == closed.visit; };
  std::erase_if(jobs_, of_visit);
  std::erase_if(pages_, of_visit);
}

}  // namespace quay::daemon::jobs
