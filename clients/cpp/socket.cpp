// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace quay::client {
namespace {

constexpr std::int64_t kLargestMessage = std::int64_t{8}
                                         << 20U;  // a chunk is 1 MiB, a long capture.list some hundred KiB
constexpr int kReconnectMs = 100;
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

void configure(zmq::socket_t& socket, Socket::Kind kind) {
  socket.set(zmq::sockopt::linger, 0);  // a leaving client never waits for a dead daemon
  socket.set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket.set(zmq::sockopt::maxmsgsize, kLargestMessage);
  if (kind == Socket::Kind::commands) {
    socket.set(zmq::sockopt::immediate, true);  // nothing is queued for a daemon that is not there
  } else {
    socket.set(zmq::sockopt::subscribe, "");
  }
}

std::chrono::milliseconds time_left(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

Status check_path(const std::string& path) {
  if (path.size() > kLongestPath) {
    return failure(Errc::usage, "connect " + path, "the path of a socket may have at most 107 characters");
  }
  return {};
}

}  // namespace

std::string_view text_of(const zmq::message_t& frame) { return {frame.data<char>(), frame.size()}; }

Result<Socket> Socket::connect(zmq::context_t& context, Kind kind, const std::string& path) {
  if (Status fits = check_path(path); !fits) {
    return failure(fits.error());
  }
  try {
    zmq::socket_t socket(context, kind == Kind::commands ? zmq::socket_type::dealer : zmq::socket_type::sub);
    configure(socket, kind);
    socket.connect("ipc://" + path);
    return Socket(std::move(socket));
  } catch (const zmq::error_t& error) {
    return failure(Errc::device_no_memory, "zmq_connect " + path, error.what());
  }
}

Status Socket::send(std::string_view frame, Deadline deadline) {
  int error = EINTR;
  while (error == EINTR) {
    error = try_send(frame, deadline);
  }
  if (error == EAGAIN) {
    return failure(Errc::daemon_unreachable, "zmq_send", "nobody took the command in time");
  }
  return error == 0 ? Status() : failure(Errc::daemon_unreachable, "zmq_send", zmq_strerror(error));
}

int Socket::try_send(std::string_view frame, Deadline deadline) {
  try {
    socket_.set(zmq::sockopt::sndtimeo, static_cast<int>(time_left(deadline).count()));
    return socket_.send(zmq::buffer(frame), zmq::send_flags::none) ? 0 : EAGAIN;
  } catch (const zmq::error_t& error) {
    return error.num();
  }
}

Result<std::optional<Frames>> Socket::receive(Deadline deadline, int wake_fd) {
  try {
    auto frames = take();
    while (!frames && await_input(deadline, wake_fd)) {
      frames = take();
    }
    return frames;
  } catch (const zmq::error_t& error) {
    return failure(Errc::bug, "zmq_poll", error.what());
  }
}

std::optional<Frames> Socket::take() {
  Frames frames;
  do {
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) {
      return std::nullopt;
    }
    frames.push_back(std::move(frame));
  } while (frames.back().more());
  return frames;
}

/// False when `deadline` has passed or `wake_fd` is readable; true: look again.
bool Socket::await_input(Deadline deadline, int wake_fd) {
  std::array<zmq::pollitem_t, 2> items{{{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, wake_fd, ZMQ_POLLIN, 0}}};
  const std::size_t watched = wake_fd >= 0 ? 2 : 1;
  try {
    const int ready = zmq::poll(items.data(), watched, time_left(deadline));
    return ready == 0 ? SteadyClock::now() < deadline : items[1].revents == 0;
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) {
      throw;
    }
    return true;
  }
}

Status probe_listener(const std::string& path) {
  if (Status fits = check_path(path); !fits) {
    return fits;
  }
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int rc = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  if (rc == 0 || errno == EAGAIN) {
    return {};
  }
  const bool forbidden = errno == EACCES;
  Error error = errno_error(Errc::daemon_unreachable, "connect " + path, errno);
  if (forbidden) {
    error.detail += "; only root and members of the group of that socket may speak to quayd";
  }
  return failure(std::move(error));
}

}  // namespace quay::client
