// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/migrations.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

#include "base/ids.hpp"

namespace quay::daemon::storage {
namespace {

/// `topic` keeps the newest sequence number of each topic root, so that `prev` and the next number are known without
/// reading the events, even when old events have been dropped. The `number`s keep the order in which things came.
constexpr std::array kSteps{
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE visit(
  number INTEGER PRIMARY KEY, visit TEXT NOT NULL UNIQUE, open INTEGER NOT NULL, opened_at TEXT NOT NULL) STRICT;
CREATE TABLE job(
  number INTEGER PRIMARY KEY, job TEXT NOT NULL UNIQUE, visit TEXT NOT NULL REFERENCES visit(visit),
  device TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, arguments TEXT NOT NULL, error TEXT,
  created_at TEXT NOT NULL) STRICT;
CREATE INDEX job_by_visit ON job(visit);
CREATE INDEX job_unfinished ON job(number) WHERE state IN ('queued', 'running');
CREATE TABLE capture(
  number INTEGER PRIMARY KEY, capture TEXT NOT NULL UNIQUE, visit TEXT NOT NULL REFERENCES visit(visit),
  job TEXT NOT NULL REFERENCES job(job), device TEXT NOT NULL, page INTEGER NOT NULL, state TEXT NOT NULL,
  profile TEXT NOT NULL, geometry TEXT NOT NULL, adjusted TEXT NOT NULL, raw_bytes INTEGER NOT NULL,
  raw_sha256 TEXT NOT NULL, error TEXT) STRICT;
CREATE INDEX capture_by_visit ON capture(visit, job, page);
CREATE INDEX capture_by_job ON capture(job);
CREATE INDEX capture_unprocessed ON capture(number) WHERE state = 'captured';
CREATE TABLE rendition(
  owner TEXT NOT NULL, rendition TEXT NOT NULL, media_type TEXT NOT NULL, bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, dpi REAL NOT NULL, width_mm REAL NOT NULL,
  height_mm REAL NOT NULL, report TEXT NOT NULL, PRIMARY KEY(owner, rendition)) STRICT, WITHOUT ROWID;
CREATE TABLE document(
  number INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, visit TEXT NOT NULL REFERENCES visit(visit)) STRICT;
CREATE INDEX document_by_visit ON document(visit);
CREATE TABLE document_page(
  document TEXT NOT NULL REFERENCES document(document) ON DELETE CASCADE, position INTEGER NOT NULL,
  capture TEXT NOT NULL REFERENCES capture(capture), PRIMARY KEY(document, position)) STRICT, WITHOUT ROWID;
CREATE INDEX document_page_by_capture ON document_page(capture);
CREATE TABLE request(
  request TEXT PRIMARY KEY, arguments_sha256 TEXT NOT NULL, job TEXT REFERENCES job(job),
  reply TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_job ON request(job);
CREATE TABLE event(seq INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE topic(root TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql",
    // Whose a visit is; and wishes by who had them, so that nobody is told what became of somebody else's.
    R"sql(
CREATE TABLE visit_access(
  number INTEGER PRIMARY KEY, visit TEXT NOT NULL REFERENCES visit(visit), owner TEXT NOT NULL,
  key_digest TEXT NOT NULL) STRICT;
CREATE INDEX visit_access_by_visit ON visit_access(visit);
DROP TABLE request;
CREATE TABLE request(
  owner TEXT NOT NULL, request TEXT NOT NULL, digest TEXT NOT NULL, job TEXT, result TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(owner, request)) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_age ON request(at);
)sql",
    // A visit: who, what for, how old, what is left of it. Its key, its consents. The end of the access log.
    R"sql(
ALTER TABLE visit ADD COLUMN operator TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN procedure TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN boot_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN wall_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN age_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN delivered_at TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN closed_at TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN close_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN documents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE visit SET purged = 1 WHERE open = 0;
CREATE INDEX visit_unpurged ON visit(number) WHERE purged = 0;
CREATE TABLE visit_key(visit TEXT PRIMARY KEY REFERENCES visit(visit), wrapped TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE consent(
  number INTEGER PRIMARY KEY, visit TEXT NOT NULL REFERENCES visit(visit), kind TEXT NOT NULL, given_at TEXT NOT NULL,
  operator TEXT NOT NULL, withdrawn_at TEXT NOT NULL, UNIQUE(visit, kind)) STRICT;
ALTER TABLE document ADD COLUMN delivered_at TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN visit TEXT;
UPDATE event SET visit = text ->> '$.visit';
CREATE INDEX event_by_visit ON event(visit);
CREATE TABLE access_head(id INTEGER PRIMARY KEY CHECK(id = 1), n INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
)sql",
    // Documents that are edited, and captures that are made anew.
    R"sql(
ALTER TABLE document ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE document ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN portal TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN max_bytes INTEGER NOT NULL DEFAULT 0;
CREATE TABLE document_revision(
  document TEXT NOT NULL REFERENCES document(document) ON DELETE CASCADE, revision INTEGER NOT NULL,
  parent INTEGER NOT NULL, pages TEXT NOT NULL, PRIMARY KEY(document, revision)) STRICT, WITHOUT ROWID;
INSERT INTO document_revision SELECT document, 1, 0, json_group_array(json_object(
  'page', position + 1, 'capture', capture, 'generation', 1, 'rotate_deg', 0))
  FROM (SELECT document, position, capture FROM document_page ORDER BY document, position) GROUP BY document;
DROP TABLE document_page;
CREATE TABLE generation(
  capture TEXT NOT NULL REFERENCES capture(capture) ON DELETE CASCADE, generation INTEGER NOT NULL,
  state TEXT NOT NULL, profile TEXT NOT NULL, settings TEXT NOT NULL, error TEXT,
  PRIMARY KEY(capture, generation)) STRICT, WITHOUT ROWID;
CREATE INDEX generation_unprocessed ON generation(capture) WHERE state = 'captured';
)sql",
    // The event log: by topic, and bounded by age. Captures and documents: who has them, which are set aside.
    // Renditions: the order in which they came, for those who follow a visit.
    R"sql(
ALTER TABLE event ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
UPDATE event SET topic = text ->> '$.type', at_ms = 1000 * CAST(strftime('%s', text ->> '$.at') AS INTEGER);
ALTER TABLE capture ADD COLUMN acknowledged_by TEXT;
ALTER TABLE capture ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE capture ADD COLUMN raw_kept INTEGER NOT NULL DEFAULT 1;
ALTER TABLE document ADD COLUMN acknowledged_by TEXT;
ALTER TABLE rendition ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX rendition_by_number ON rendition(number);
INSERT INTO meta VALUES('rendition', '0');
)sql",
    // Prints beside their jobs.
    R"sql(
CREATE TABLE print(
  job TEXT PRIMARY KEY REFERENCES job(job), visit TEXT NOT NULL REFERENCES visit(visit), report TEXT NOT NULL,
  bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, attempt INTEGER NOT NULL, printer_job INTEGER NOT NULL,
  sent INTEGER NOT NULL, withdrawn INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX print_by_visit ON print(visit);
)sql",
    // What the counter did, by local day. No row is of a visit or a citizen; the order of visits within a day is
    // nowhere.
    R"sql(
CREATE TABLE usage(
  day TEXT NOT NULL, measure TEXT NOT NULL, label TEXT NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY(day, measure, label)) STRICT, WITHOUT ROWID;
CREATE TABLE usage_key(day TEXT PRIMARY KEY, wrapped TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE usage_citizen(
  day TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY(day, mark)) STRICT, WITHOUT ROWID;
)sql",
};

Result<int> integer(Database& database, std::string_view sql) {
  const auto read = [](Columns& columns) { return columns.integer<int>(); };
  auto value = database.select_one(sql, read);
  if (!value) {
    return failure(value.error());
  }
  return value->value_or(0);
}

Status run_step(Database& database, std::size_t step) {
  if (Status begun = database.execute("BEGIN IMMEDIATE"); !begun) {
    return begun;
  }
  Status made = database.execute(kSteps[step]);
  if (made && step == 0) {
    const std::string id = random_uuid();
    made = database.run("INSERT INTO meta VALUES('journal', ?1)", id);
  }
  if (made) {
    made = database.execute(fmt::format("PRAGMA user_version={}; COMMIT", step + 1));
  }
  if (!made && database.in_transaction()) {
    [[maybe_unused]] const Status undone = database.execute("ROLLBACK");
  }
  return made;
}

}  // namespace

int newest_schema() { return static_cast<int>(kSteps.size()); }

Status migrate(Database& database, int target) {
  const Result<int> version = integer(database, "PRAGMA user_version");
  if (!version) {
    return failure(version.error());
  }
  const Result<int> tables = integer(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) {
    return failure(tables.error());
  }
  if (*version < 0 || *version > newest_schema() || (*version == 0) != (*tables == 0)) {
    return failure(Errc::journal_failed, "journal.migrate",
                   fmt::format("schema {} with {} tables and indexes where schema 1 to {}, or an empty file, was "
                               "expected: made by a newer quay or by another program",
                               *version, *tables, newest_schema()));
  }
  for (auto step = static_cast<std::size_t>(*version); step < static_cast<std::size_t>(target); ++step) {
    if (Status made = run_step(database, step); !made) {
      return made;
    }
  }
  return {};
}

}  // namespace quay::daemon::storage
