// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/event_stream.hpp"

#include <algorithm>

namespace quay::client {
namespace {

constexpr std::size_t kFrames = 3;  // topic | sequence number | JSON
constexpr std::int32_t kReplayPage = 200;

protocol::Event own_event(const char* type, const std::string& journal, protocol::json::object data) {
  protocol::Event event;
  event.type = type;
  event.journal = journal;
  event.data = std::move(data);
  return event;
}

}  // namespace

Result<EventStream> EventStream::open(Client& client, Cursor start) {
  auto socket = client.open_socket(Socket::Kind::events, "events");
  if (!socket) {
    return failure(std::move(socket).error());
  }
  return EventStream(client, std::move(*socket), std::move(start));
}

Status EventStream::commit() {
  if (!file_ || saved_ == cursor_.position()) {
    return {};
  }
  Status written = file_->write(cursor_.position());
  if (written) {
    saved_ = cursor_.position();
  }
  return written;
}

Result<std::optional<protocol::Event>> EventStream::next(Deadline deadline, int wake_fd) {
  if (Status kept = commit(); !kept) {
    return failure(std::move(kept).error());
  }
  return await(deadline, wake_fd);
}

Result<std::optional<protocol::Event>> EventStream::await(Deadline deadline, int wake_fd) {
  for (;;) {
    if (auto event = take_replayed()) {
      return event;
    }
    if (behind_) {
      if (Status replayed = replay(); !replayed) {
        return failure(std::move(replayed).error());
      }
      continue;
    }
    const auto frames = receive(deadline, wake_fd);
    if (!frames) {
      return failure(frames.error());
    }
    if (!*frames) {
      return std::optional<protocol::Event>();
    }
    if (auto event = take_live(**frames); !event || *event) {
      return event;
    }
  }
}

Result<std::optional<Frames>> EventStream::receive(Deadline deadline, int wake_fd) {
  auto frames = socket_.receive(std::min(deadline, silent_after_), wake_fd);
  const bool silent = frames && !*frames && SteadyClock::now() >= silent_after_;
  if (silent || (frames && *frames)) {
    silent_after_ = deadline_in(kSilence);
  }
  if (silent) {
    return failure(Errc::daemon_unreachable, "events", "no heartbeat for 3 s");
  }
  return frames;
}

Result<std::optional<protocol::Event>> EventStream::take_live(const Frames& frames) {
  if (frames.size() != kFrames) {
    return failure(Errc::request_malformed, "events", std::to_string(frames.size()) + " frames where 3 were expected");
  }
  auto event = protocol::decode_event(text_of(frames.back()));
  if (!event) {
    return failure(std::move(event).error());
  }
  const std::string before = cursor_.position().journal;
  const Verdict verdict = cursor_.judge(*event);
  say_journal_changed(before);
  behind_ = behind_ || verdict == Verdict::replay;
  if (verdict == Verdict::apply && !replayed_.empty()) {
    replayed_.push_back(std::move(*event));  // it comes after what the stream itself has to say
    return std::nullopt;
  }
  if (verdict != Verdict::apply) {
    return std::nullopt;
  }
  cursor_.advance(*event);
  return std::move(*event);
}

std::optional<protocol::Event> EventStream::take_replayed() {
  while (!replayed_.empty()) {
    protocol::Event event = std::move(replayed_.front());
    replayed_.pop_front();
    if (cursor_.advance(event)) {
      return event;
    }
  }
  return std::nullopt;
}

Status EventStream::replay() {
  protocol::ReplayArguments from;
  from.from = cursor_.position().seq + 1;
  from.limit = kReplayPage;
  auto page = client_.call_as<protocol::ReplayResult>("replay", from);
  if (!page) {
    return failure(std::move(page).error());
  }
  const std::string before = cursor_.position().journal;
  if (cursor_.follow_journal(page->journal)) {
    say_journal_changed(before);
    return {};  // asked from where the old one stood: ask again, from the beginning
  }
  return take_page(*page);
}

void EventStream::say_journal_changed(const std::string& before) {
  const Cursor& now = cursor_.position();
  if (now.journal != before && !before.empty()) {
    replayed_.push_back(own_event(kJournalChanged, now.journal, {{"before", before}}));
  }
}

Status EventStream::take_page(const protocol::ReplayResult& page) {
  if (page.truncated) {
    replayed_.push_back(own_event(kReplayTruncated, page.journal,
                                  {{"oldest", page.oldest},
                                   {"captures", protocol::to_json(page.captures)},
                                   {"documents", protocol::to_json(page.documents)}}));
  }
  std::uint64_t reached = page.next > 0 ? page.next - 1 : 0;
  for (const protocol::json::object& text : page.events) {
    auto event = protocol::from_json<protocol::Event>(text);
    if (!event) {
      return failure(std::move(event).error());
    }
    reached = std::max(reached, event->seq.value_or(0));
    replayed_.push_back(std::move(*event));
  }
  if (page.events.empty()) {
    cursor_.skip_to(page.next > 0 ? reached : page.seq);
  }
  behind_ = !page.events.empty() && reached < page.seq;
  return {};
}

}  // namespace quay::client
