// SPDX-License-Identifier: Apache-2.0
// The way of every command: received, counted, checked against its row, repeated or carried out, answered in time. Each
// check and each reply of `control` and `images` stands here once; what a command does stands in its family.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

/// No answer takes longer, whatever the client would wait: long work is a job.
inline constexpr Milliseconds kLongestAnswer{120'000};

class Dispatcher {
 public:
  Dispatcher(Services& services, const CommandSet& commands) : services_(services), commands_(commands) {}

  /// Takes commands until the socket is closed. Many are under way at once, but images.fetch one after another: a chunk
  /// is read when it can be sent, so few of them are ever in memory.
  loop::Awaitable<void> serve(publish::CommandSocket& socket, protocol::Endpoint endpoint);

  /// From now on everything that starts something is refused with daemon.stopping.
  void refuse_new_work() { stopping_ = true; }

 private:
  using Answers = std::shared_ptr<loop::Mailbox<Outcome>>;

  /// Nothing when the command was malformed or one too many, which is answered here.
  RequestPtr take(publish::CommandSocket& socket, publish::ReceivedCommand received);
  loop::Awaitable<void> serve_fetches(publish::CommandSocket& images,
                                      std::shared_ptr<loop::Mailbox<RequestPtr>> fetches);
  loop::Awaitable<void> answer(publish::CommandSocket& socket, protocol::Endpoint endpoint, RequestPtr request);
  void note_answer(const CommandEntry* entry, const Outcome& outcome, Deadline begun);
  loop::Awaitable<Outcome> written_down(const CommandEntry& entry, RequestPtr request, Outcome outcome);
  loop::Awaitable<void> answer_job(publish::CommandSocket& socket, RequestPtr request, Success success);
  loop::Awaitable<Outcome> in_time(const CommandEntry& entry, RequestPtr request);
  loop::Awaitable<void> carry_out(const CommandEntry& entry, RequestPtr request, Answers answers);
  loop::Awaitable<Outcome> decide(const CommandEntry& entry, RequestPtr request);
  loop::Awaitable<Outcome> repeat_or_run(const CommandEntry& entry, RequestPtr request);
  loop::Awaitable<Result<std::optional<Success>>> look_back(const CommandEntry& entry, RequestPtr request);
  loop::Awaitable<Outcome> run(const CommandEntry& entry, RequestPtr request);

  Services& services_;
  const CommandSet& commands_;
  bool stopping_ = false;
};

}  // namespace quay::daemon::commands
