// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/event_stream.hpp"

#include <algorithm>

namespace quay::client {
namespace {

constexpr std::size_t kFrames = 3;  // topic | sequence number | JSON
constexpr std::int32_t kReplayPage = 200;

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
    auto frames = receive(deadline, wake_fd);
    if (!frames) {
      return failure(std::move(frames).error());
    }
    if (!*frames) {
      return std::nullopt;
    }
    auto event = take_live(**frames);
    if (!event || *event) {
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
  const Verdict verdict = cursor_.judge(*event);
  behind_ = behind_ || verdict == Verdict::replay;
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
  cursor_.follow_journal(page->journal);
  for (const protocol::json::object& text : page->events) {
    auto event = protocol::from_json<protocol::Event>(text);
    if (!event) {
      return failure(std::move(event).error());
    }
    replayed_.push_back(std::move(*event));
  }
  const std::uint64_t reached = replayed_.empty() ? page->seq : replayed_.back().seq.value_or(page->seq);
  behind_ = reached < page->seq;
  return {};
}

}  // namespace quay::client
