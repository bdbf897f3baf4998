// SPDX-License-Identifier: Apache-2.0
// A stream socket (UNIX, or TCP on 127.0.0.1) with one thread a connection: enough for a simulator, and every handler
// reads top to bottom. Knows nothing of what is said on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::rig {

/// A port of 127.0.0.1; 0: any that is free.
struct LoopbackPort {
  std::uint16_t number = 0;
};

class SocketServer {
 public:
  using Address = std::variant<std::filesystem::path, LoopbackPort>;

  /// Runs on the connection's own thread; when it returns, the connection is closed.
  using Handler = std::function<void(int fd)>;

  SocketServer(Address address, Handler handler);
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;
  /// Cuts everything and waits for the handlers to return.
  ~SocketServer();

  /// Listens; a leftover socket file is replaced. Nothing happens when it listens already.
  /// Errors: usage when the path exceeds sockaddr_un (107 bytes); device_io with errno. Thread: not a handler's.
  Status open();

  /// The port it listens on, kept over close() and open(); 0 on a UNIX socket.
  std::uint16_t port() const { return port_.number; }

  /// Stops listening, removes the socket file, cuts every connection. Thread: any, a handler's too.
  void close();

 private:
  struct Connection {
    UniqueFd fd;
    std::thread thread;
    bool done = false;
  };

  void accept_all(int listener);
  void serve(Connection& connection);
  void reap();

  std::filesystem::path path_;  ///< empty: TCP
  LoopbackPort port_;
  Handler handler_;
  std::mutex mutex_;
  UniqueFd listener_;
  bool listening_ = false;
  std::thread acceptor_;
  std::list<Connection> connections_;
};

/// Sends all of `bytes` and never raises SIGPIPE. False when the peer is gone.
bool send_all(int fd, std::span<const std::uint8_t> bytes);
bool send_all(int fd, std::string_view text);

/// Waits until `until` or until the peer hangs up. False when it hung up. Bytes that arrive stay unread.
bool wait_while_connected(int fd, Deadline until);

/// A connected stream socket. Errors: usage for a path too long; device_absent with errno.
Result<UniqueFd> connect_unix(const std::filesystem::path& path);

}  // namespace quay::rig
