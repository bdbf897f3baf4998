// SPDX-License-Identifier: Apache-2.0
// The way of every command: received, checked against its row, repeated or carried out, answered. Each check and each
// reply of `control` and `images` stands here once; what a command does stands in its family.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/services.hpp"

namespace quay::daemon::commands {

class Dispatcher {
 public:
  Dispatcher(Services& services, const CommandSet& commands) : services_(services), commands_(commands) {}

  /// Takes commands until the socket is closed. On `control` many are under way at once; on `images` one after another,
  /// so that chunks wait in the socket's queue and not in memory.
  loop::Awaitable<void> serve_control(publish::CommandSocket& control);
  loop::Awaitable<void> serve_images(publish::CommandSocket& images);

  /// From now on everything that starts something is refused with daemon.stopping.
  void refuse_new_work() { stopping_ = true; }

 private:
  loop::Awaitable<void> answer(publish::CommandSocket& socket, protocol::Endpoint endpoint, RequestPtr request);
  loop::Awaitable<Outcome> carry_out(const CommandEntry& entry, RequestPtr request);
  loop::Awaitable<void> answer_job(publish::CommandSocket& socket, RequestPtr request, Success success);
  Status admit(const CommandEntry& entry, const Request& request) const;

  Services& services_;
  const CommandSet& commands_;
  std::size_t in_flight_ = 0;
  bool stopping_ = false;
};

}  // namespace quay::daemon::commands
