// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/replay/player.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "protocol/json/parse.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/worker/seqpacket.hpp"
#include "tests/rig/replay/made_up.hpp"

namespace quay::rig {

namespace frames = protocol::worker;
using protocol::TraceEntry;
using protocol::TraceWay;

namespace {

/// Frames of quayd that are no requests.
constexpr std::array<std::string_view, 5> kRemarks{"cancel", "kept", "release_buffer", "withdraw", "shutdown"};

bool is_request(const TraceEntry& entry) {
  return entry.way == TraceWay::to_worker && std::count(kRemarks.begin(), kRemarks.end(), type_of(entry)) == 0;
}

std::uint64_t request_of(const protocol::json::object& frame) {
  const auto* number = frame.if_contains("request");
  return number != nullptr && number->is_number() ? number->to_number<std::uint64_t>() : 0;
}

/// Whether quayd cancelled this request then, too.
bool was_cancelled(const Session& session, std::size_t from) {
  for (std::size_t at = from + 1; at < session.entries.size() && !is_request(session.entries[at]); ++at) {
    if (session.entries[at].way == TraceWay::to_worker && type_of(session.entries[at]) == "cancel") {
      return true;
    }
  }
  return false;
}

}  // namespace

int Player::run() {
  while (at_ < session_.entries.size() && type_of(session_.entries[at_]) != "hello") {
    ++at_;
  }
  if (at_ == session_.entries.size()) {
    return EXIT_FAILURE;
  }
  say(session_.entries[at_++], 0);
  while (!ended_) {
    play_idle();
    if (const auto heard = hear(std::nullopt); heard && !ended_) {
      answer(*heard);
    }
  }
  return EXIT_SUCCESS;
}

std::optional<Player::Heard> Player::hear(std::optional<Deadline> until) {
  if (until) {
    const auto left = std::chrono::ceil<Milliseconds>(*until - SteadyClock::now()).count();
    pollfd ready{channel_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left))) <= 0) {
      return std::nullopt;
    }
  }
  const auto packet = frames::receive_packet(channel_.get(), frames::Blocking::yes);
  const auto frame = packet ? protocol::parse_object(packet->text) : tl::unexpected(std::string());
  if (!frame) {
    ended_ = true;
    return std::nullopt;
  }
  Heard heard{std::string(frame->at("type").as_string()), request_of(*frame)};
  ended_ = ended_ || heard.type == "shutdown";
  cancelled_ = cancelled_ || heard.type == "cancel";
  return heard;
}

/// The next such request of the session; after the last one, the first again.
void Player::answer(const Heard& request) {
  if (std::count(kRemarks.begin(), kRemarks.end(), request.type) > 0) {
    return;
  }
  cancelled_ = false;
  std::size_t found = find_request(session_, at_, request.type);
  if (found == session_.entries.size()) {
    found = find_request(session_, 0, request.type);
  }
  if (found == session_.entries.size()) {
    finish(request, "worker.protocol", "the session has no such request");
  } else {
    play(found, request);
  }
}

/// From a request to its end, as it was then. Where quayd spoke in between, its word is waited for.
void Player::play(std::size_t from, const Heard& request) {
  const std::uint64_t then = request_of(session_.entries[from].frame);
  const bool cancel_comes = was_cancelled(session_, from);
  std::int64_t last_ms = session_.entries[from].at_ms;
  Deadline due = SteadyClock::now();
  for (at_ = from + 1; at_ < session_.entries.size() && !ended_; ++at_) {
    const TraceEntry& entry = session_.entries[at_];
    due += Milliseconds(entry.at_ms - std::exchange(last_ms, entry.at_ms));
    if (entry.way == TraceWay::to_worker) {
      const std::string type = type_of(entry);
      if (type == "cancel" || type == "kept") {
        await(type);
        due = SteadyClock::now();
      }
      continue;
    }
    while (!cancelled_ && SteadyClock::now() < due && hear(due)) {
    }
    if (cancelled_ && !cancel_comes) {
      finish(request, "scan.cancelled", "");
      return;
    }
    if (entry.way == TraceWay::process) {
      end(entry);
      return;
    }
    say(entry, request_of(entry.frame) == then ? request.request : 0);
    if (type_of(entry) == "finished") {
      ++at_;
      return;
    }
  }
  finish(request, "worker.protocol", "the session ends before this request does");
}

/// What the device said without being asked, until the next request.
void Player::play_idle() {
  std::int64_t last_ms = at_ > 0 ? session_.entries[at_ - 1].at_ms : 0;
  while (at_ < session_.entries.size() && session_.entries[at_].way == TraceWay::from_worker) {
    const TraceEntry& entry = session_.entries[at_];
    pollfd ready{channel_.get(), POLLIN, 0};
    const auto wait = static_cast<int>(std::max<std::int64_t>(0, entry.at_ms - std::exchange(last_ms, entry.at_ms)));
    if (::poll(&ready, 1, wait) > 0) {
      return;
    }
    say(entry, 0);
    ++at_;
  }
}

/// False when quayd went instead.
bool Player::await(const std::string& type) {
  if (type == "cancel" && cancelled_) {
    return true;
  }
  while (!ended_) {
    const auto heard = hear(std::nullopt);
    if (heard && (heard->type == type || heard->type == "cancel")) {
      return true;
    }
  }
  return false;
}

void Player::say(const TraceEntry& entry, std::uint64_t request) {
  protocol::json::object frame = entry.frame;
  frame.erase("redacted");
  if (frame.contains("request")) {
    frame["request"] = request;
  }
  std::vector<WritableBuffer> made_up;
  std::vector<int> descriptors;
  for (const protocol::TracePayload& payload : entry.payloads) {
    auto buffer = make_up(payload.bytes, frame);
    if (!buffer) {
      ended_ = true;
      return;
    }
    made_up.push_back(std::move(*buffer));
    descriptors.push_back(made_up.back().fd());
  }
  const Status sent =
      frames::send_packet(channel_.get(), protocol::json::serialize(frame), descriptors, frames::Blocking::yes);
  ended_ = ended_ || !sent;
}

/// As it ended then: by a signal of its own, by leaving, or by being killed, which is waited for.
void Player::end(const TraceEntry& entry) {
  const auto* killed = entry.frame.if_contains("killed_by_quayd");
  const auto* how = entry.frame.if_contains("how");
  const std::string words = how != nullptr && how->is_string() ? std::string(how->get_string()) : std::string();
  if (killed != nullptr && killed->is_bool() && killed->get_bool()) {
    while (!ended_) {
      hear(std::nullopt);
    }
  } else if (words.starts_with("signal ")) {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(words == "signal SEGV" ? SIGSEGV : SIGKILL);
  }
  ::_exit(EXIT_FAILURE);
}

void Player::finish(const Heard& request, const std::string& code, const std::string& detail) {
  const protocol::json::object error{{"code", code}, {"detail", request.type + ": " + detail}};
  const protocol::json::object frame{
      {"type", "finished"}, {"request", request.request}, {"pages", 0}, {"error", error}};
  const Status sent = frames::send_packet(channel_.get(), protocol::json::serialize(frame), {}, frames::Blocking::yes);
  ended_ = ended_ || !sent;
}

}  // namespace quay::rig
