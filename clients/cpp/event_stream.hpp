// SPDX-License-Identifier: Apache-2.0
// Events in order and without gaps: subscribes to `events`, notices what is missing (delivery_cursor.hpp) and fetches
// it with `replay`. Reconnects by itself when the daemon restarts.
#pragma once

#include <deque>
#include <optional>

#include "clients/cpp/client.hpp"
#include "clients/cpp/cursor_file.hpp"
#include "clients/cpp/delivery_cursor.hpp"

namespace quay::client {

/// Events that the stream makes itself, without a number.
/// What was missed is older than what quayd keeps: `data` has `oldest`, and `captures` and `documents` that nobody has
/// acknowledged, for whatever was in the events that are gone.
inline constexpr const char* kReplayTruncated = "replay.truncated";
/// quayd's journal was made anew: forget what you know, everything follows from its beginning.
inline constexpr const char* kJournalChanged = "journal.changed";

/// quayd sends a heartbeat each second; after this long without any frame it counts as gone.
inline constexpr Milliseconds kSilence{3000};

/// Borrows its Client. Thread: the client's.
class EventStream {
 public:
  /// Follows everything after `start`. `Cursor{hello.journal, hello.seq}` means: from now on.
  static Result<EventStream> open(Client& client, Cursor start);

  /// The next event, transient ones (job.progress) included, heartbeats not; nothing when `deadline` passed or
  /// `wake_fd` (-1: none) became readable. Errors: daemon_unreachable after kSilence without a sign of life; calling
  /// again goes on where it was, also over a restart of the daemon.
  Result<std::optional<protocol::Event>> next(Deadline deadline, int wake_fd = -1);

  /// Where to go on after a restart of this program.
  const Cursor& position() const { return cursor_.position(); }

  /// From now on `file` remembers the position: an event counts as handled when next() is called again, and is on disk
  /// then. Who is killed in between gets that event again, never loses one. Errors of next() then: file_unwritable too.
  void keep_position_in(CursorFile file) { file_ = std::move(file); }

  /// The event that next() gave last has been handled. Errors: file_unwritable.
  Status commit();

 private:
  EventStream(Client& client, Socket socket, Cursor start)
      : client_(client), socket_(std::move(socket)), cursor_(std::move(start)) {}

  Result<std::optional<protocol::Event>> await(Deadline deadline, int wake_fd);
  Result<std::optional<Frames>> receive(Deadline deadline, int wake_fd);
  std::optional<protocol::Event> take_replayed();
  Result<std::optional<protocol::Event>> take_live(const Frames& frames);
  Status replay();
  Status take_page(const protocol::ReplayResult& page);
  void say_journal_changed(const std::string& before);

  Client& client_;
  Socket socket_;
  DeliveryCursor cursor_;
  std::optional<CursorFile> file_;
  std::optional<Cursor> saved_;
  std::deque<protocol::Event> replayed_;  ///< and what the stream itself has to say before them
  bool behind_ = false;                   ///< something between the cursor and now has still to be replayed
  Deadline silent_after_ = deadline_in(kSilence);
};

}  // namespace quay::client
