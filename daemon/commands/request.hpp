// SPDX-License-Identifier: Apache-2.0
// A command on its way through quayd: who sent it, what it asks, and what became of it. Values only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "daemon/core/peer.hpp"
#include "daemon/loop/awaitable.hpp"
#include "daemon/publish/command_socket.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::commands {

struct Request {
  protocol::Command command;
  core::Peer peer;
  publish::ReplyAddress from;
};

/// Handlers are coroutines and outlive their caller: they share the request.
using RequestPtr = std::shared_ptr<const Request>;

/// What a command gave.
struct Success {
  protocol::json::object result;
  std::optional<std::vector<std::uint8_t>> bytes{};  ///< second frame of a reply on `images`
  std::optional<JobId> job{};    ///< the command became this job: answered `accepted`, and again when the job is over
  bool kept = false;             ///< the outcome is in the journal already (Outcomes::commit)
  std::function<void()> then{};  ///< is run when the answer is on its way: what may only come behind it
  /// Is told what came of the line in the access log: what may only begin when that is written.
  std::function<void(const Status&)> logged{};
};

using Outcome = Result<Success>;

/// The usual success: one struct of protocol/client/commands.hpp.
template <class T>
Success success(const T& result) {
  return Success{protocol::to_json_object(result)};
}

/// `args` of a command as T. Errors: request_bad_argument with the JSON pointer.
template <class T>
Result<T> arguments_of(const protocol::Command& command) {
  auto arguments = protocol::from_json<T>(protocol::json::value(command.args));
  if (!arguments) {
    Error error = arguments.error();
    error.operation = command.cmd;
    error.detail = "/args" + error.detail;
    return failure(std::move(error));
  }
  return arguments;
}

/// `"text"`, cut to what an error's detail may quote.
inline std::string quoted(const std::string& text) { return "\"" + text.substr(0, 64) + "\""; }

}  // namespace quay::daemon::commands
