// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/views.hpp"

#include "daemon/documents/page_list.hpp"
#include "daemon/jobs/page_choice.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::jobs {
namespace {

/// Columns that quayd itself wrote as JSON; one that cannot be read any more is an empty value, never a dead daemon.
template <class T>
T parse_column(const std::string& text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  if (error) {
    return T{};
  }
  return protocol::from_json<T>(value).value_or(T{});
}

std::optional<protocol::ErrorBody> parse_error(const std::optional<std::string>& text) {
  return text ? std::optional(parse_column<protocol::ErrorBody>(*text)) : std::nullopt;
}

}  // namespace

protocol::Visit view(const storage::VisitRow& row) {
  return protocol::Visit{{}, row.visit.value, row.open ? "open" : "closed", row.opened_at};
}

protocol::VisitClosed closed_view(const storage::VisitRow& row) {
  protocol::VisitClosed closed;
  closed.visit = row.visit.value;
  closed.state = row.open ? "open" : "closed";
  closed.opened_at = row.opened_at;
  closed.closed_at = row.closed_at;
  closed.reason = row.close_reason;
  closed.pages = row.counters.pages;
  closed.documents = row.counters.documents;
  closed.bytes = row.counters.bytes;
  return closed;
}

Result<protocol::Job> view(storage::Journal& journal, const storage::JobRow& row) {
  const auto captures = journal.captures(row.visit, row.job);
  if (!captures) {
    return failure(captures.error());
  }
  protocol::Job job;
  job.job = row.job.value;
  job.kind = row.kind;
  job.visit = row.visit.value;
  job.device = row.device.value;
  job.state = row.state;
  job.pages = static_cast<std::int32_t>(captures->size());
  job.error = parse_error(row.error);
  for (const storage::CaptureRow& capture : *captures) {
    job.captures.push_back(capture.capture.value);
  }
  const auto print = journal.print(row.job);
  if (!print) {
    return failure(print.error());
  }
  if (*print) {
    job.print = print_report(**print);
  }
  return job;
}

protocol::PrintReport print_report(const storage::PrintRow& row) {
  return parse_column<protocol::PrintReport>(row.report);
}

Result<protocol::Capture> view(storage::Journal& journal, const storage::CaptureRow& row) {
  const auto renditions = journal.renditions(row.capture.value);
  if (!renditions) {
    return failure(renditions.error());
  }
  protocol::Capture capture;
  capture.capture = row.capture.value;
  capture.visit = row.visit.value;
  capture.job = row.job.value;
  capture.device = row.device.value;
  capture.page = row.page;
  capture.state = row.state;
  capture.profile = row.profile;
  capture.geometry = parse_column<protocol::PageGeometry>(row.geometry);
  capture.adjusted = parse_column<std::vector<protocol::SettingAdjustment>>(row.adjusted);
  capture.raw_bytes = row.raw_bytes;
  capture.error = parse_error(row.error);
  capture.acknowledged_by = row.acknowledged_by;
  capture.discarded = row.discarded;
  capture.raw_kept = row.raw_kept;
  for (const storage::RenditionRow& rendition : *renditions) {
    capture.renditions.push_back(rendition.info);
  }
  const auto generations = journal.generations(row.capture);
  if (!generations) {
    return failure(generations.error());
  }
  for (const storage::GenerationRow& one : *generations) {
    capture.generations.push_back(
        {{}, one.generation, one.state, one.profile, settings_of(one), parse_error(one.error)});
  }
  return capture;
}

Result<protocol::Capture> full_view(storage::Journal& journal, const storage::CaptureRow& row) {
  auto capture = view(journal, row);
  const auto later = capture ? journal.generations(row.capture) : failure(capture.error());
  if (!later) {
    return failure(later.error());
  }
  const auto page = journal.rendition(row.capture.value, documents::rendition_name("page", handed_over(*later)));
  if (!page) {
    return failure(page.error());
  }
  if (*page) {
    capture->report = parse_column<protocol::PageReport>((*page)->report);
  }
  return capture;
}

}  // namespace quay::daemon::jobs
