// SPDX-License-Identifier: Apache-2.0
// Who may connect at all (ZAP, ZeroMQ RFC 27): over tcp whoever holds a key of the list (CURVE, RFC 26), over ipc
// whoever `admit` lets in. Decides before a first message; what a peer may do is decided for each command.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "daemon/publish/credentials.hpp"
#include "daemon/publish/zmq_socket.hpp"

namespace quay::daemon::publish {

/// A CURVE secret key. Refuses a file that others than its owner may read: config_invalid, file_unreadable.
Result<std::string> read_secret_key(const std::filesystem::path& file);

class KeyGate {
 public:
  using Admit = std::function<bool(const Credentials&)>;

  /// Must be open before the sockets that ask it are bound, and one to a context.
  KeyGate(loop::Loop& loop, zmq::context_t& context, Admit admit);

  Status open();

  /// The key list: public key (Z85) to the name of its holder.
  void set_keys(std::map<std::string, std::string> keys) { keys_ = std::move(keys); }

  /// Answers until close().
  loop::Awaitable<void> serve();
  void close() { socket_.close(); }

 private:
  struct Verdict {
    bool allowed = false;
    std::string name;  ///< becomes libzmq's "User-Id" of every message of the connection
  };
  Verdict judge(const Parts& question) const;

  Admit admit_;
  std::map<std::string, std::string> keys_;
  ZmqSocket socket_;
};

}  // namespace quay::daemon::publish
