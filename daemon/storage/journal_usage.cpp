// SPDX-License-Identifier: Apache-2.0
// The usage of the counter by day: what a visit was is added when its rows go, in the same transaction, so each counts
// once whenever quayd dies. These tables hold no visit and nothing of a citizen, and are not erased with one.
#include <algorithm>

#include "daemon/storage/journal_impl.hpp"
#include "daemon/usage/visit_usage.hpp"

namespace quay::daemon::storage {

using usage::Moment;

namespace {

std::int64_t integer_of(Columns& columns) { return columns.integer<std::int64_t>(); }

/// RFC 3339 -> milliseconds since 1970; what is no time is 0.
constexpr std::string_view kMilliseconds =
    "SELECT coalesce(CAST(round((julianday(?1) - 2440587.5) * 86400000.0) AS INTEGER), 0)";

Result<std::int64_t> milliseconds(Database& database, const std::string& time) {
  auto value = database.select_one(kMilliseconds, integer_of, time);
  if (!value) {
    return failure(value.error());
  }
  return value->value_or(0);
}

Moment::Step step_of(const std::string& topic) {
  if (topic == "job.started") {
    return Moment::Step::job_begun;
  }
  if (topic == "capture.captured") {
    return Moment::Step::page_safe;
  }
  return topic == "job.finished" ? Moment::Step::job_over : Moment::Step::page_made;
}

Moment read_moment(Columns& columns) {
  Moment moment;
  moment.step = step_of(columns.text());
  moment.at_ms = columns.integer<std::int64_t>();
  moment.job = columns.text();
  moment.page = columns.text();
  return moment;
}

usage::JobFacts read_job(Columns& columns) {
  usage::JobFacts job;
  job.kind = columns.text();
  job.device = columns.text();
  job.state = columns.text();
  job.code = columns.text();
  return job;
}

usage::PageFacts read_page(Columns& columns) {
  usage::PageFacts page;
  page.source = columns.text();
  page.raw_bytes = columns.integer<std::uint64_t>();
  page.thrown_away = columns.integer<int>() != 0;
  page.fault = columns.text();
  return page;
}

constexpr std::string_view kJobs =
    "SELECT kind, CASE WHEN json_valid(arguments) AND arguments ->> '$.guest' THEN 'phone' ELSE device END, state,"
    " coalesce(CASE WHEN json_valid(error) THEN error ->> '$.code' END, '') FROM job WHERE visit = ?1 ORDER BY number";

/// A page's fault is what its newest picture was told of, or why none could be made. One that some revision of a
/// document had and the current one has not was taken out.
constexpr std::string_view kPages =
    "SELECT CASE job.kind WHEN 'scan' THEN coalesce(CASE WHEN json_valid(job.arguments) THEN"
    " job.arguments ->> '$.settings.source' END, 'automatic') ELSE CASE WHEN json_valid(job.arguments) AND"
    " job.arguments ->> '$.guest' THEN 'phone' ELSE 'camera' END END,"
    " c.raw_bytes,"
    " c.discarded OR (EXISTS(SELECT 1 FROM document AS d JOIN document_revision AS r USING(document), "
    "json_each(r.pages)"
    " AS p WHERE d.visit = ?1 AND p.value ->> '$.capture' = c.capture) AND NOT EXISTS(SELECT 1 FROM document AS d JOIN"
    " document_revision AS r ON r.document = d.document AND r.revision = d.revision, json_each(r.pages) AS p"
    " WHERE d.visit = ?1 AND p.value ->> '$.capture' = c.capture)),"
    " coalesce(CASE WHEN json_valid(c.error) THEN c.error ->> '$.code' END,"
    " (SELECT report ->> '$.quality[0].code' FROM rendition WHERE owner = c.capture AND json_valid(report)"
    " AND (rendition = 'page' OR rendition LIKE 'page-%') ORDER BY rendition.number DESC LIMIT 1), '')"
    " FROM capture AS c JOIN job USING(job) WHERE c.visit = ?1 ORDER BY c.number";

constexpr std::string_view kMoments =
    "SELECT topic, at_ms, coalesce(text ->> '$.data.job', ''), coalesce(text ->> '$.data.capture', '') FROM event"
    " WHERE visit = ?1 AND topic IN ('job.started', 'capture.captured', 'capture.ready', 'capture.failed',"
    " 'job.finished') AND coalesce(text ->> '$.data.kind', '') <> 'print' ORDER BY seq";

constexpr std::string_view kBytesOut =
    "SELECT coalesce(sum(bytes), 0) FROM rendition WHERE owner IN (SELECT capture FROM capture WHERE visit = ?1"
    " UNION ALL SELECT document FROM document WHERE visit = ?1)"
    " AND rendition NOT LIKE 'preview%' AND rendition NOT LIKE 'codes%'";

constexpr std::string_view kAdd =
    "INSERT INTO usage(day, measure, label, value) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(day, measure, label) DO UPDATE "
    "SET"
    " value = CASE measure WHEN 'opened_minute' THEN min(value, excluded.value)"
    " WHEN 'closed_minute' THEN max(value, excluded.value) ELSE value + excluded.value END";

Result<usage::VisitFacts> facts_of(Database& database, const VisitRow& visit) {
  const auto opened = milliseconds(database, visit.opened_at);
  const auto closed = milliseconds(database, visit.closed_at);
  auto jobs = database.select(kJobs, read_job, visit.visit);
  auto pages = database.select(kPages, read_page, visit.visit);
  auto moments = database.select(kMoments, read_moment, visit.visit);
  const auto bytes = database.select_one(kBytesOut, integer_of, visit.visit);
  if (!opened || !closed || !bytes) {
    return failure(!opened ? opened.error() : !closed ? closed.error() : bytes.error());
  }
  if (!jobs || !pages || !moments) {
    return failure(!jobs ? jobs.error() : !pages ? pages.error() : moments.error());
  }
  usage::VisitFacts facts;
  facts.opened_ms = *opened;
  facts.closed_ms = *closed;
  facts.close_reason = visit.close_reason;
  facts.delivered = !visit.delivered_at.empty();
  facts.jobs = *std::move(jobs);
  facts.pages = *std::move(pages);
  facts.moments = *std::move(moments);
  facts.bytes_out = static_cast<std::uint64_t>(bytes->value_or(0));
  return facts;
}

}  // namespace

Status Journal::add_usage(const protocol::UsageRow& row) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run(kAdd, row.day, row.measure, row.label, row.value);
}

/// A visit that cannot be counted is erased all the same, and that is counted.
Status Journal::count_visit(const VisitRow& visit) {
  const auto facts = facts_of(impl_->database, visit);
  const auto closed = milliseconds(impl_->database, visit.closed_at);
  const usage::LocalTime end = closed && *closed > 0 ? usage::local_time(*closed) : usage::local_time_now();
  std::vector<protocol::UsageRow> rows{{{}, end.day, protocol::measure::kUncounted, "", 1}};
  if (facts) {
    rows = usage::rows_of(*facts, usage::local_time(facts->opened_ms), end);
  }
  Status added;
  for (auto row = rows.begin(); added && row != rows.end(); ++row) {
    added = add_usage(*row);
  }
  return added;
}

Result<std::vector<protocol::UsageRow>> Journal::usage(const std::string& from, const std::string& to) {
  const auto read = [](Columns& columns) {
    protocol::UsageRow row;
    row.day = columns.text();
    row.measure = columns.text();
    row.label = columns.text();
    row.value = columns.integer<std::int64_t>();
    return row;
  };
  return impl_->database.select(
      "SELECT day, measure, label, sum(value) FROM (SELECT day, measure, label, value FROM usage"
      " UNION ALL SELECT day, 'citizens', '', count(*) FROM usage_citizen GROUP BY day)"
      " WHERE day BETWEEN ?1 AND ?2 GROUP BY day, measure, label ORDER BY day, measure, label",
      read, from, to);
}

Result<std::optional<std::string>> Journal::day_key(const std::string& day) {
  const auto read = [](Columns& columns) { return columns.text(); };
  return impl_->database.select_one("SELECT wrapped FROM usage_key WHERE day = ?1", read, day);
}

Status Journal::keep_day_key(const std::string& day, const std::string& wrapped) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("INSERT INTO usage_key(day, wrapped) VALUES(?1, ?2)", day, wrapped);
}

Status Journal::keep_citizen(const std::string& day, const std::string& mark) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  return impl_->database.run("INSERT OR IGNORE INTO usage_citizen(day, mark) VALUES(?1, ?2)", day, mark);
}

Result<std::vector<std::string>> Journal::days_with_keys() {
  const auto read = [](Columns& columns) { return columns.text(); };
  return impl_->database.select("SELECT day FROM usage_key", read);
}

Status Journal::close_day(const std::string& day) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const auto marks = impl_->database.select_one("SELECT count(*) FROM usage_citizen WHERE day = ?1", integer_of, day);
  if (!marks) {
    return failure(marks.error());
  }
  Status done = add_usage({{}, day, protocol::measure::kCitizens, "", marks->value_or(0)});
  for (const std::string_view statement :
       {"UPDATE usage_key SET wrapped = hex(zeroblob(length(wrapped) / 2)) WHERE day = ?1",
        "DELETE FROM usage_key WHERE day = ?1", "DELETE FROM usage_citizen WHERE day = ?1"}) {
    done = done ? impl_->database.run(statement, day) : done;
  }
  return done;
}

}  // namespace quay::daemon::storage
