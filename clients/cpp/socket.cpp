// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace quay::client {
namespace {

constexpr std::int64_t kLargestMessage = std::int64_t{8}
                                         << 20U;  // a chunk is 1 MiB, a long capture.list some hundred KiB
constexpr int kReconnectMs = 100;
constexpr int kWaitingFrames = 4;

void configure(zmq::socket_t& socket, Socket::Kind kind) {
  socket.set(zmq::sockopt::linger, 0);  // a leaving client never waits for a dead daemon
  socket.set(zmq::sockopt::reconnect_ivl, kReconnectMs);
  socket.set(zmq::sockopt::maxmsgsize, kLargestMessage);
  if (kind == Socket::Kind::commands) {
    socket.set(zmq::sockopt::immediate, true);  // nothing is queued for a daemon that is not there
  } else if (kind == Socket::Kind::events) {
    socket.set(zmq::sockopt::subscribe, "");
  } else {
    socket.set(zmq::sockopt::rcvhwm, kWaitingFrames);
  }
}

std::chrono::milliseconds time_left(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

}  // namespace

std::string_view text_of(const zmq::message_t& frame) { return {frame.data<char>(), frame.size()}; }

Result<Socket> Socket::connect(zmq::context_t& context, Kind kind, const Address& address, std::string_view name) {
  const auto endpoint = address.endpoint(name);
  if (!endpoint) {
    return failure(endpoint.error());
  }
  try {
    zmq::socket_t socket(context, kind == Kind::commands ? zmq::socket_type::dealer : zmq::socket_type::sub);
    configure(socket, kind);
    if (address.keys()) {
      socket.set(zmq::sockopt::curve_serverkey, address.keys()->server_key);
      socket.set(zmq::sockopt::curve_publickey, address.keys()->public_key);
      socket.set(zmq::sockopt::curve_secretkey, address.keys()->secret_key);
    }
    socket.connect(*endpoint);
    return Socket(std::move(socket));
  } catch (const zmq::error_t& error) {
    return failure(Errc::device_no_memory, "zmq_connect " + *endpoint, error.what());
  }
}

void Socket::subscribe(const std::string& topic) {
  if (!topic_.empty()) {
    socket_.set(zmq::sockopt::unsubscribe, topic_);
  }
  socket_.set(zmq::sockopt::subscribe, topic);
  topic_ = topic;
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

}  // namespace quay::client
