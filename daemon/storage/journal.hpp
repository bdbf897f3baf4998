// SPDX-License-Identifier: Apache-2.0
// The truth: an SQLite database (WAL, synchronous=FULL) of visits, jobs, captures, documents, requests and every
// event in sequence. A change and the event that tells of it are one transaction. Lives on the storage thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "daemon/storage/records.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/client/usage.hpp"

namespace quay::daemon::storage {

/// A wish to open a visit that is repeated gives another key: so many stay good at once.
inline constexpr int kMostVisitKeys = 4;

class Journal {
 public:
  /// Opens or makes the database (0600) and brings its schema up to date. After a crash the database is checked too.
  /// One process at a time: a second one is refused while the first lives. Errors: journal_failed, spool_full.
  static Result<Journal> open(const std::filesystem::path& file);

  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// Names this sequence of events; made once with the database.
  const std::string& id() const;
  /// Sequence number of the newest event, 0 when there is none.
  std::uint64_t last_sequence() const;
  /// The same for each topic root ("capture.").
  const std::map<std::string, std::uint64_t>& newest_by_root() const;

  /// Runs `change` between BEGIN IMMEDIATE and COMMIT; rolls back when it fails. On success everything it wrote is on
  /// the disk. Errors: what `change` returned, or journal_failed / spool_full (SQLITE_FULL). After a failed sync the
  /// journal stays failed until it is opened anew: a retry would lie. Transactions do not nest.
  template <class Change>
  Status transact(Change&& change) {
    if (Status begun = begin(); !begun) {
      return begun;
    }
    if (Status changed = change(*this); !changed) {
      roll_back();
      return changed;
    }
    return commit();
  }

  // Writers: only inside transact() (bug otherwise). "put" inserts or replaces by primary key. What a row names (its
  // visit, its job) must be there before it, or the put fails.
  Status put(const VisitRow& visit);
  Status put(const JobRow& job);
  Status put(const CaptureRow& capture);
  Status put(const PrintRow& print);
  Status put(const RenditionRow& rendition);
  Status put(const DocumentRow& document);
  Status put(const RevisionRow& revision);
  Status put(const GenerationRow& generation);
  /// Forgets one stored object; its file goes after the commit.
  Status drop_rendition(const std::string& owner, const std::string& name);
  Status put(const RequestRow& request);
  /// One more key of `owner` for its visit; the newest kMostVisitKeys count.
  Status add_visit_key(const VisitId& visit, const std::string& owner, const std::string& key_digest);
  /// From now on no key fits the visit and it is nobody's.
  Status revoke_visit_keys(const VisitId& visit);
  Status put(const ConsentRow& consent);
  /// The wrapped key of a visit that is new.
  Status keep_key(const VisitId& visit, const std::string& wrapped);
  /// Marks a document as taken by the portal.
  Status set_delivered(const DocumentId& document, const std::string& at);
  Status put(const AccessHead& head);
  /// The front end `consumer` has the page or document safe; a later one overwrites. An absent row is fine.
  Status acknowledge(const CaptureId& capture, const std::string& consumer);
  Status acknowledge(const DocumentId& document, const std::string& consumer);
  /// Sets a page aside, or takes it back.
  Status set_discarded(const CaptureId& capture, bool discarded);
  /// The raw page has been dropped from the spool.
  Status forget_raw(const CaptureId& capture);
  /// Gives the event its `journal`, `seq` and `prev` (in place; `prev` 0: the first of its topic root) and keeps it.
  /// One longer than kLargestEvent is cut down and says so (`cut`). `sent` receives the text as it was kept.
  /// When the transaction fails, the numbers are given to the next event: do not send this one.
  Status append(protocol::Event& event, std::string* sent = nullptr);

  // Readers. An absent row is an empty optional, not an error.
  Result<std::optional<VisitRow>> visit(const VisitId& id);
  Result<std::optional<JobRow>> job(const JobId& id);
  Result<std::optional<CaptureRow>> capture(const CaptureId& id);
  Result<std::optional<PrintRow>> print(const JobId& id);
  Result<std::optional<DocumentRow>> document(const DocumentId& id);
  Result<std::optional<RequestRow>> request(const std::string& owner, const RequestId& id);
  /// Nothing for a visit that is nobody's (any more).
  Result<std::optional<VisitAccess>> visit_access(const VisitId& visit);
  /// Documents of a visit, oldest first.
  Result<std::vector<DocumentRow>> documents(const VisitId& visit);
  Result<std::optional<RevisionRow>> revision(const DocumentId& document, std::int32_t number);
  /// (revision, parent) of all, by number.
  Result<std::vector<std::pair<std::int32_t, std::int32_t>>> revision_tree(const DocumentId& document);
  Result<std::optional<GenerationRow>> generation(const CaptureId& capture, std::int32_t number);
  Result<std::vector<GenerationRow>> generations(const CaptureId& capture);
  /// Generations that were asked for and are not made yet.
  Result<std::vector<GenerationRow>> unprocessed_generations();
  Result<std::optional<RenditionRow>> rendition(const std::string& owner, const std::string& name);
  Result<std::vector<RenditionRow>> renditions(const std::string& owner);
  Result<std::vector<VisitRow>> open_visits();
  /// Visits that are closed and not purged yet: what a crash interrupted.
  Result<std::vector<VisitRow>> unpurged_visits();
  Result<std::vector<ConsentRow>> consents(const VisitId& visit);
  /// Does this visit hold a consent of that kind that was not taken back?
  Result<bool> has_consent(const VisitId& visit, const std::string& kind);
  /// Wrapped keys by visit.
  Result<std::vector<std::pair<VisitId, std::string>>> keys();
  /// True when the portal has every document of the visit, and there is one.
  Result<bool> all_delivered(const VisitId& visit);
  Result<AccessHead> access_head();
  Result<std::vector<JobRow>> unfinished_jobs();
  /// Captures of a visit, and of one job when given, by job and page.
  Result<std::vector<CaptureRow>> captures(const VisitId& visit, const std::optional<JobId>& job);
  /// Captures whose raw page is durable but whose rendition is not there yet.
  Result<std::vector<CaptureRow>> unprocessed_captures();
  /// Ready captures whose first making has a page and no text layer, and whose raw page is kept; and later makings.
  Result<std::vector<CaptureRow>> captures_without_text();
  Result<std::vector<GenerationRow>> generations_without_text();
  /// Pages and documents of open visits that nobody has acknowledged, oldest first; set aside ones not.
  Result<Unacknowledged> unacknowledged();
  /// At most `most` finished, acknowledged pages of open visits whose raw page is still kept and is not being worked
  /// on, oldest first.
  Result<std::vector<CaptureRow>> raws_to_drop(std::int32_t most);
  /// Number of the rendition that was put last.
  Result<std::uint64_t> newest_rendition();
  /// The first rendition of a visit that came after `number` and is called one of `names`. Numbers only grow; a
  /// rendition that is made anew gets a new one.
  Result<std::optional<NumberedRendition>> rendition_after(const VisitId& visit, std::uint64_t number,
                                                           const std::vector<std::string>& names);
  /// Events from `from` on, oldest first, at most `limit`; with `topics` only those whose topic begins with one of
  /// them.
  Result<EventPage> events(std::uint64_t from, std::int32_t limit, const std::vector<std::string>& topics = {});
  /// Sequence number of the oldest event that is kept; the next one's when there is none.
  Result<std::uint64_t> oldest_event();

  /// Everything that the spool should hold: what Spool::sweep keeps.
  Result<SpoolIndex> spool_index();

  /// Which service key wraps the keys in here. Errors: key_unusable when visits are wrapped by another one; when none
  /// is, `key_id` takes over.
  Status bind_service_key(const std::string& key_id);

  // The purge of a visit, in this order (daemon/storage/purge.hpp): key, files, rows.

  /// Overwrites and deletes the key, and takes every trace of it out of the files of the database.
  Status destroy_key(const VisitRow& closed);
  Result<VisitCounters> count(const VisitId& visit);
  /// Forgets everything of a visit but its row: captures, renditions, documents, consents, arguments, outcomes, and the
  /// data of its events. Inside transact() or, alone, as a transaction of its own.
  Status erase_visit(const VisitId& visit);
  /// What was deleted is gone from the database's files too, its write-ahead log included. Outside transact().
  Status scrub();

  // The usage of the counter by local day (daemon/usage); holds no visit, so it outlives them.

  /// Adds what the visit was to the day on which it ended: with its rows still there, in the transaction that erases
  /// them.
  Status count_visit(const VisitRow& visit);
  Status add_usage(const protocol::UsageRow& row);
  /// Days from `from` to `to`, both included, by day, measure and label; a day under way is told as it stands.
  Result<std::vector<protocol::UsageRow>> usage(const std::string& from, const std::string& to);
  // For daemon/storage/citizen_count.hpp: the key under which a day's citizens are marked, and the marks.
  Result<std::optional<std::string>> day_key(const std::string& day);
  Status keep_day_key(const std::string& day, const std::string& wrapped);
  Status keep_citizen(const std::string& day, const std::string& mark);
  Result<std::vector<std::string>> days_with_keys();
  /// The day's key is overwritten, its marks become their number.
  Status close_day(const std::string& day);

  /// Forgets what wishes came to that are older than `at` (RFC 3339), and whose the visits were that were purged before
  /// it. A transaction of its own.
  Status forget_requests_before(const std::string& at);
  /// Drops the oldest events beyond what `keep` says, some thousand at a time: call it now and then. Numbers are never
  /// given twice. A transaction of its own outside transact().
  Status drop_events(const EventRetention& keep);

  /// Moves the write-ahead log into the database when enough has gathered: for idle moments, since it takes two syncs.
  Status checkpoint_when_idle();

 private:
  class Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  Status begin();
  Status commit();
  Status writable() const;
  void roll_back();

  std::unique_ptr<Impl> impl_;
};

}  // namespace quay::daemon::storage
