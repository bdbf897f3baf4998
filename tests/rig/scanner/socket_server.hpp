// SPDX-License-Identifier: Apache-2.0
// A UNIX stream socket with one thread a connection: enough for a simulator, and every handler reads top to bottom.
// Knows nothing of what is said on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::rig {

class SocketServer {
 public:
  /// Runs on the connection's own thread; when it returns, the connection is closed.
  using Handler = std::function<void(int fd)>;

  SocketServer(std::filesystem::path path, Handler handler);
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;
  /// Cuts everything and waits for the handlers to return.
  ~SocketServer();

  /// Listens; a leftover socket file is replaced. Nothing happens when it listens already.
  /// Errors: usage when the path exceeds sockaddr_un (107 bytes); device_io with errno. Thread: not a handler's.
  Status open();

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

  std::filesystem::path path_;
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
