// SPDX-License-Identifier: Apache-2.0
// What the journal keeps, as plain rows. Front ends never see these: daemon/jobs turns them into protocol structs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::storage {

/// One reading of the clocks that no wall clock can bend: time since the machine started, and which start that was.
struct TimeStampRow {
  std::string boot_id;
  std::int64_t boot_ms = 0;  ///< CLOCK_BOOTTIME
  std::int64_t wall_ms = 0;  ///< since 1970-01-01 UTC
};

/// What stays of a visit when it is over.
struct VisitCounters {
  std::int32_t pages = 0;
  std::int32_t documents = 0;
  std::uint64_t bytes = 0;  ///< of content, as it was before sealing
};

/// `open` -> closed and not `purged` (its key is gone, the rest is going) -> `purged` (counters only).
struct VisitRow {
  VisitId visit;
  bool open = true;
  std::string opened_at;
  std::string operator_id{};  ///< the clerk's staff code; empty once purged
  std::string procedure{};
  TimeStampRow touched{};      ///< when it was used last
  std::int64_t age_ms = 0;     ///< its age at `touched`
  std::string delivered_at{};  ///< empty: not yet
  std::string closed_at{};
  std::string close_reason{};  ///< closed | delivered | idle | too_old | clock | no_key
  bool purged = false;
  VisitCounters counters{};
};

/// The citizen agreed to one kind of use, or took it back.
struct ConsentRow {
  VisitId visit;
  std::string kind;  ///< portrait | id_card_image | chip
  std::string given_at;
  std::string operator_id;
  std::string withdrawn_at{};  ///< empty: it holds
};

/// The newest line of the access log, as the journal knows it.
struct AccessHead {
  std::uint64_t n = 0;  ///< 0: none yet
  std::string hash;
};

struct JobRow {
  JobId job;
  VisitId visit;
  DeviceId device;
  std::string kind;
  protocol::JobState state = protocol::JobState::queued;
  std::string arguments;             ///< the command's args as JSON
  std::optional<std::string> error;  ///< ErrorBody as JSON
  std::string created_at;
};

/// A print beside its job. Its document is the spool's object "print" of the job.
struct PrintRow {
  JobId job;
  VisitId visit;
  std::string report;  ///< PrintReport as JSON
  std::uint64_t bytes = 0;
  std::string sha256;
  std::int32_t attempt = 1;      ///< a new one has a new name at the printer
  std::int32_t printer_job = 0;  ///< the printer's number of it; 0: not known
  bool sent = false;             ///< its document may have left this machine
  bool withdrawn = false;        ///< somebody cancelled it
};

struct CaptureRow {
  CaptureId capture;
  VisitId visit;
  JobId job;
  DeviceId device;
  std::int32_t page = 0;
  protocol::CaptureState state = protocol::CaptureState::captured;
  std::string profile;
  std::string geometry;  ///< PageGeometry as JSON
  std::string adjusted;  ///< [SettingAdjustment] as JSON
  std::uint64_t raw_bytes = 0;
  std::string raw_sha256;
  std::optional<std::string> error;  ///< ErrorBody as JSON
  // Set by members of Journal of their own, not by put():
  std::optional<std::string> acknowledged_by;
  bool discarded = false;
  bool raw_kept = true;
};

/// One stored object: `owner` is a capture's or a document's id.
struct RenditionRow {
  std::string owner;
  protocol::RenditionInfo info;
  std::string report;  ///< what the image worker said of it, JSON
};

/// A capture made anew from its raw page; the first generation is the capture itself, so these begin with 2.
struct GenerationRow {
  CaptureId capture;
  std::int32_t generation = 2;
  protocol::CaptureState state = protocol::CaptureState::captured;
  std::string profile;
  std::string settings;                ///< PageSettings as JSON
  std::optional<std::string> error{};  ///< ErrorBody as JSON
};

/// A rendition and its place in the order in which a visit's renditions came.
struct NumberedRendition {
  std::uint64_t number = 0;
  RenditionRow row;
};

/// What a document is for, and which of its revisions is the current one.
struct DocumentRow {
  DocumentId document;
  VisitId visit;
  std::int32_t revision = 1;
  std::string code{};
  std::int32_t ordinal = 0;
  std::string portal{};
  std::string kind{};
  std::uint64_t max_bytes = 0;
};

/// One list of pages, for good. `pages` is [DocumentPage] as JSON; the first revision has parent 0.
struct RevisionRow {
  DocumentId document;
  std::int32_t revision = 1;
  std::int32_t parent = 0;
  std::string pages;
};

struct Unacknowledged {
  std::vector<CaptureRow> captures;
  std::vector<DocumentRow> documents;
};

/// What a wish came to. A wish is named by who had it (`owner`, an account) and its request_id; `digest`, over command
/// and arguments, tells a repeat from a reuse. Holds no secret.
struct RequestRow {
  std::string owner;
  RequestId request;
  std::string digest;
  std::optional<JobId> job;  ///< which the wish became
  std::string result;        ///< of the reply, as JSON
  std::string at;
};

/// Whose a visit is: one account, and whoever of it has one of the keys.
struct VisitAccess {
  std::string owner;
  std::vector<std::string> key_digests;  ///< SHA-256 in lower-case hex, newest first
};

/// A piece of the event log.
struct EventPage {
  std::uint64_t oldest = 0;        ///< of all that is kept: what lies before it is gone
  std::uint64_t next = 0;          ///< everything wanted before this number is in here or gone: go on with it
  std::vector<std::string> texts;  ///< as they were sent, oldest first
};

/// How much of the event log is kept: an event goes when it is beyond the `newest` or older than `age`. What is lost to
/// a front end that was away that long is listed for it instead (Journal::unacknowledged).
struct EventRetention {
  std::uint64_t newest = 100'000;
  std::chrono::milliseconds age = std::chrono::days(30);
};

/// What the spool should hold: every visit, capture and document that is not erased, and every object with a row.
struct SpoolIndex {
  std::set<std::string> visits;
  std::set<std::string> owners;
  std::set<std::string> objects;  ///< "<owner>.<name>"
};

}  // namespace quay::daemon::storage
