// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/control/socket_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

namespace quay::rig {
namespace {

constexpr int kBacklog = 64;

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof(address.sun_path)) {
    return failure(Errc::usage, "rig.socket", "path longer than 107 bytes: " + text);
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

auto socket_failure(const char* call, int error) { return failure(errno_error(Errc::device_io, call, error)); }

template <class SocketAddress>
Result<UniqueFd> listen_at(int family, const SocketAddress& address) {
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    return socket_failure("rig.socket", errno);
  }
  const int yes = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return socket_failure("rig.bind", errno);
  }
  if (::listen(fd.get(), kBacklog) != 0) {
    return socket_failure("rig.listen", errno);
  }
  return fd;
}

Result<UniqueFd> listen_on(const std::filesystem::path& path) {
  auto address = address_of(path);
  if (!address) {
    return failure(address.error());
  }
  ::unlink(address->sun_path);
  return listen_at(AF_UNIX, *address);
}

/// Fills in the number that the kernel chose.
Result<UniqueFd> listen_on(LoopbackPort& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port.number);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto fd = listen_at(AF_INET, address);
  socklen_t size = sizeof address;
  if (fd && ::getsockname(fd->get(), reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port.number = ntohs(address.sin_port);
  }
  return fd;
}

}  // namespace

SocketServer::SocketServer(Address address, Handler handler) : handler_(std::move(handler)) {
  if (auto* path = std::get_if<std::filesystem::path>(&address)) {
    path_ = std::move(*path);
  } else {
    port_ = std::get<LoopbackPort>(address);
  }
}

SocketServer::~SocketServer() {
  close();
  if (acceptor_.joinable()) {
    acceptor_.join();
  }
  for (Connection& connection : connections_) {
    connection.thread.join();
  }
}

Status SocketServer::open() {
  {
    const std::scoped_lock lock(mutex_);
    if (listening_) {
      return {};
    }
  }
  if (acceptor_.joinable()) {
    acceptor_.join();
  }
  auto listener = path_.empty() ? listen_on(port_) : listen_on(path_);
  if (!listener) {
    return failure(listener.error());
  }
  const std::scoped_lock lock(mutex_);
  listener_ = std::move(*listener);
  listening_ = true;
  acceptor_ = std::thread([this, fd = listener_.get()] { accept_all(fd); });
  return {};
}

void SocketServer::close() {
  const std::scoped_lock lock(mutex_);
  if (listening_) {
    listening_ = false;
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
    ::shutdown(listener_.get(), SHUT_RDWR);  // wakes accept(); the descriptor goes when the next one is opened
  }
  for (const Connection& connection : connections_) {
    if (!connection.done) {
      ::shutdown(connection.fd.get(), SHUT_RDWR);
    }
  }
}

void SocketServer::accept_all(int listener) {
  while (true) {
    UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd && (errno == EINTR || errno == ECONNABORTED)) {
      continue;
    }
    const std::scoped_lock lock(mutex_);
    if (!fd || !listening_) {
      return;
    }
    reap();
    Connection& connection = connections_.emplace_back();
    connection.fd = std::move(fd);
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void SocketServer::serve(Connection& connection) {
  handler_(connection.fd.get());
  const std::scoped_lock lock(mutex_);
  connection.done = true;
  connection.fd.reset();
}

void SocketServer::reap() {
  for (auto at = connections_.begin(); at != connections_.end();) {
    if (at->done) {
      at->thread.join();
      at = connections_.erase(at);
    } else {
      ++at;
    }
  }
}

bool send_all(int fd, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent <= 0) {
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

bool send_all(int fd, std::string_view text) {
  return send_all(fd, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

bool wait_while_connected(int fd, Deadline until) {
  while (true) {
    const auto left = std::chrono::ceil<Milliseconds>(until - SteadyClock::now()).count();
    pollfd watched{fd, POLLRDHUP, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready == 0) {
      return true;
    }
    if (ready > 0 || errno != EINTR) {
      return false;
    }
  }
}

Result<UniqueFd> connect_unix(const std::filesystem::path& path) {
  auto address = address_of(path);
  if (!address) {
    return failure(address.error());
  }
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    return socket_failure("rig.socket", errno);
  }
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) != 0) {
    return failure(errno_error(Errc::device_absent, "rig.connect", errno));
  }
  return fd;
}

}  // namespace quay::rig
