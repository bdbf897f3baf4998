// SPDX-License-Identifier: Apache-2.0
// The smallest C++ front end of quayd: connect, call, read the answer. Synchronous and single-threaded; every wait has
// a deadline, and a daemon that is not there is said so within two seconds. Events: event_stream.hpp. Bytes:
// image_fetch.hpp. What the commands mean: docs/protocol.md.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/socket.hpp"
#include "clients/cpp/visit_keys.hpp"
#include "protocol/client/commands.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/json/writer.hpp"

namespace quay::client {

inline constexpr Milliseconds kConnectPatience{2000};
inline constexpr Milliseconds kCallPatience{10'000};
inline constexpr Milliseconds kResendAfter{3000};  // a reply is lost only with its connection
inline constexpr Milliseconds kLongestResend{15'000};

/// The directory of quayd's sockets: $QUAY_RUNTIME_DIRECTORY, else /run/quay.
std::filesystem::path default_run_directory();

/// What goes with a command besides its arguments.
struct CallOptions {
  Milliseconds patience = kCallPatience;  ///< how long to wait here for the first reply
  std::string request_id;                 ///< names the wish: sent twice, carried out once; empty: one is made
  Milliseconds deadline{0};               ///< after which the daemon gives the whole job up; 0: its own deadlines only
};

/// A connection to `control`. Thread: one. Outlives every EventStream and ImageFetcher made from it.
class Client {
 public:
  /// Finds quayd at `address` (a run directory is one) and says hello; `program` is what other front ends see of a
  /// lease. Errors: daemon_unreachable (nobody listens, no right to, or no answer within `patience`), request_version,
  /// peer_not_allowed.
  static Result<Client> connect(Address address, Milliseconds patience = kConnectPatience,
                                const std::string& program = {});

  /// What the daemon said of itself on connect.
  const protocol::HelloResult& hello() const { return hello_; }

  /// Sends a command and waits for its first reply: `done` of most commands, `accepted` of one that became a job (its
  /// outcome is the event job.finished, which survives a restart of the daemon; job_wait.hpp waits for it). As long as
  /// no answer comes it is sent again under the same request id: over a lost reply and a restart it is carried out
  /// once. Errors: what the daemon answered; request_deadline; daemon_unreachable.
  Result<protocol::json::object> call(const std::string& name, protocol::json::object args,
                                      const CallOptions& options = {});

  /// The same with the structs of protocol/client/commands.hpp: `call_as<Visit>("visit.open", NoArguments{})`.
  template <class ResultStruct, class Arguments>
  Result<ResultStruct> call_as(const std::string& name, const Arguments& arguments, const CallOptions& options = {}) {
    auto result = call(name, protocol::to_json_object(arguments), options);
    if (!result) {
      return failure(std::move(result).error());
    }
    return protocol::from_json<ResultStruct>(*result);
  }

  /// The keys of the visits that this client opened or took over. call() adds the right one by itself; keys that came
  /// from elsewhere can be given here.
  VisitKeys& keys() { return keys_; }

  /// Another socket of the same daemon: `events` or `images`.
  Result<Socket> open_socket(Socket::Kind kind, const std::string& name);

 private:
  Client(Address address, std::unique_ptr<zmq::context_t> context, Socket control)
      : address_(std::move(address)), context_(std::move(context)), control_(std::move(control)) {}

  Result<protocol::Reply> exchange(protocol::Command command, Deadline deadline);
  Result<std::optional<protocol::Reply>> await_reply(const std::vector<std::string>& ids, Deadline deadline);
  Status greet(Milliseconds patience, const std::string& program);

  Address address_;
  std::unique_ptr<zmq::context_t> context_;  // before the sockets: it must go after them
  Socket control_;
  protocol::HelloResult hello_;
  VisitKeys keys_;
};

/// The result of a reply, or the error it carries. `operation` names the command, for the error text.
Result<protocol::json::object> result_of(protocol::Reply reply, const std::string& operation);

}  // namespace quay::client
