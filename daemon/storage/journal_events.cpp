// SPDX-License-Identifier: Apache-2.0
// The journal's event log: numbers what is appended, gives it again from any number on, and keeps it bounded by
// dropping the oldest. What a front end may have missed that way is listed by unacknowledged().
#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "daemon/storage/journal_impl.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon::storage {
namespace {

/// Rows one call of drop_events deletes at most: some milliseconds of the storage thread.
constexpr std::int64_t kDroppedAtOnce = 2000;
/// Rows one call of events() looks at at most, however few of them are wanted.
constexpr std::int64_t kLookedAt = 5000;
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kShortText = 64;

std::string root_of(const std::string& type) {
  const std::size_t dot = type.find('.');
  return dot == std::string::npos ? type : type.substr(0, dot + 1);
}

std::int64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool is_short(const protocol::json::value& value) {
  return !value.is_structured() && (!value.is_string() || value.get_string().size() <= kShortText);
}

/// The text of an event, at most kLargestEvent: lists go first, then everything but ids and numbers. The receiver is
/// told by `cut` and asks for the whole.
std::string bounded_text(protocol::Event& event) {
  std::string text = protocol::encode(event);
  if (text.size() <= protocol::kLargestEvent) {
    return text;
  }
  event.cut = true;
  for (auto& [key, value] : event.data) {
    if (value.is_array()) {
      value = protocol::json::array();
    }
  }
  text = protocol::encode(event);
  if (text.size() <= protocol::kLargestEvent) {
    return text;
  }
  protocol::json::object kept;
  for (auto& [key, value] : event.data) {
    if (is_short(value)) {
      kept[key] = value;
    }
  }
  event.data = std::move(kept);
  return protocol::encode(event);
}

std::int64_t bounded(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min(number, static_cast<std::uint64_t>(kHighest)));
}

}  // namespace

const std::map<std::string, std::uint64_t>& Journal::newest_by_root() const { return impl_->sequence.by_root; }

Status Journal::append(protocol::Event& event, std::string* sent) {
  if (Status ready = writable(); !ready) {
    return ready;
  }
  const std::string root = root_of(event.type);
  std::uint64_t& newest_of_root = impl_->sequence.by_root[root];
  const std::uint64_t seq = impl_->sequence.newest + 1;
  event.journal = impl_->id;
  event.seq = seq;
  event.prev = newest_of_root;
  impl_->sequence.newest = seq;
  newest_of_root = seq;
  const std::string text = bounded_text(event);
  Status kept = impl_->database.run("INSERT INTO event(seq, text, topic, at_ms, visit) VALUES(?1, ?2, ?3, ?4, ?5)", seq,
                                    text, event.type, unix_ms(), event.visit);
  if (kept) {
    kept = impl_->database.run(
        "INSERT INTO topic(root, seq) VALUES(?1, ?2) ON CONFLICT(root) DO UPDATE SET seq = excluded.seq", root, seq);
  }
  if (sent != nullptr) {
    *sent = text;
  }
  return kept;
}

Result<std::uint64_t> Journal::oldest_event() {
  const auto read = [](Columns& columns) { return columns.integer<std::uint64_t>(); };
  auto oldest = impl_->database.select_one("SELECT seq FROM event ORDER BY seq LIMIT 1", read);
  if (!oldest) {
    return failure(oldest.error());
  }
  return oldest->value_or(last_sequence() + 1);
}

Result<EventPage> Journal::events(std::uint64_t from, std::int32_t limit, const std::vector<std::string>& topics) {
  const auto oldest = oldest_event();
  if (!oldest) {
    return failure(oldest.error());
  }
  const std::int64_t first = std::max(bounded(from), bounded(*oldest));
  const std::int64_t end = std::min(first, kHighest - kLookedAt) + kLookedAt;
  const std::int32_t most = std::max(limit, 0);  // SQLite takes a negative LIMIT for none
  const std::string prefixes = protocol::json::serialize(protocol::json::value_from(topics));
  const auto read = [](Columns& columns) {
    const auto seq = columns.integer<std::int64_t>();
    return std::pair(seq, columns.text());
  };
  auto rows = impl_->database.select(
      "SELECT seq, text FROM event WHERE seq >= ?1 AND seq < ?2 AND (?3 = '[]' OR EXISTS("
      "SELECT 1 FROM json_each(?3) AS wanted WHERE substr(topic, 1, length(wanted.value)) = wanted.value))"
      " ORDER BY seq LIMIT ?4",
      read, first, end, prefixes, most);
  if (!rows) {
    return failure(rows.error());
  }
  EventPage page;
  page.oldest = *oldest;
  const bool full = static_cast<std::int32_t>(rows->size()) == most;
  const std::int64_t looked_at = full && !rows->empty() ? rows->back().first + 1 : end;
  page.next = std::min(static_cast<std::uint64_t>(looked_at), last_sequence() + 1);
  for (auto& [seq, text] : *rows) {
    page.texts.push_back(std::move(text));
  }
  return page;
}

Status Journal::drop_events(const EventRetention& keep) {
  if (!impl_->database.in_transaction()) {
    return transact([&keep](Journal& journal) { return journal.drop_events(keep); });
  }
  const auto oldest = oldest_event();
  if (!oldest) {
    return failure(oldest.error());
  }
  const std::int64_t by_count = bounded(last_sequence()) + 1 - bounded(keep.newest);
  const std::int64_t first = bounded(*oldest);
  const std::int64_t at_most = first + kDroppedAtOnce;
  const std::int64_t since = unix_ms() - keep.age.count();
  const auto read = [](Columns& columns) { return columns.integer<std::int64_t>(); };
  const auto young = impl_->database.select_one(
      "SELECT seq FROM event WHERE seq < ?1 AND at_ms >= ?2 ORDER BY seq LIMIT 1", read, at_most, since);
  if (!young) {
    return failure(young.error());
  }
  const std::int64_t before = std::min(at_most, std::max(by_count, young->value_or(at_most)));
  return before > first ? impl_->database.run("DELETE FROM event WHERE seq < ?1", before) : Status();
}

}  // namespace quay::daemon::storage
