// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/zmq_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <memory>

namespace quay::daemon::publish {

using loop::Awaitable;
using loop::kAwait;

namespace {

/// After so many messages without a pause everything else gets a turn.
constexpr std::uint32_t kMessagesInARow = 32;
constexpr int kLargestIpcPath = 107;  // sun_path less its final zero

}  // namespace

zmq::message_t make_part(std::string_view text) { return zmq::message_t(text.data(), text.size()); }

zmq::message_t make_part(std::vector<std::uint8_t> bytes) {
  if (bytes.empty()) {
    return {};
  }
  auto owner = std::make_unique<std::vector<std::uint8_t>>(std::move(bytes));
  const auto release = [](void*, void* hint) {
    std::default_delete<std::vector<std::uint8_t>>()(static_cast<std::vector<std::uint8_t>*>(hint));
  };
  std::uint8_t* data = owner->data();
  const std::size_t size = owner->size();
  return zmq::message_t(data, size, release, owner.release());
}

zmq::message_t make_part(std::span<const std::uint8_t> bytes, std::shared_ptr<const void> owner) {
  using Owner = std::shared_ptr<const void>;
  auto kept = std::make_unique<Owner>(std::move(owner));
  const auto release = [](void*, void* hint) { std::default_delete<Owner>()(static_cast<Owner*>(hint)); };
  auto* data = const_cast<std::uint8_t*>(bytes.data());  // libzmq only reads it
  return zmq::message_t(data, bytes.size(), release, kept.release());
}

std::string_view text_of(const zmq::message_t& part) { return {part.data<char>(), part.size()}; }

ZmqSocket::ZmqSocket(loop::Loop& loop, zmq::context_t& context, zmq::socket_type type, IoThread thread)
    : loop_(loop), socket_(context, type) {
  socket_.set(zmq::sockopt::affinity, static_cast<std::uint64_t>(thread));
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::handshake_ivl, 1000);
  ready_.emplace(loop, ::dup(socket_.get(zmq::sockopt::fd)));
}

Status ZmqSocket::bind(const std::filesystem::path& path) {
  if (path.native().size() > kLargestIpcPath) {
    return failure(Errc::config_invalid, "bind " + path.string(),
                   "the path of a socket may have at most 107 characters: choose a shorter runtime_directory");
  }
  const mode_t before = ::umask(0117);
  Status bound = bind_endpoint("ipc://" + path.string());
  ::umask(before);
  return bound;
}

Status ZmqSocket::bind_loopback(std::uint16_t port, const std::string& secret_key) {
  socket_.set(zmq::sockopt::curve_server, true);
  socket_.set(zmq::sockopt::curve_secretkey, secret_key);
  socket_.set(zmq::sockopt::zap_domain, "tcp");
  return bind_endpoint("tcp://" + std::string(kLoopback) + ":" + std::to_string(port));
}

Status ZmqSocket::bind_endpoint(const std::string& endpoint) {
  try {
    socket_.bind(endpoint);
  } catch (const zmq::error_t& error) {
    return failure(errno_error(Errc::config_invalid, "bind " + endpoint, error.num()));
  }
  return {};
}

Awaitable<std::optional<Parts>> ZmqSocket::receive() {
  for (;;) {
    if (!ready_) {
      co_return std::nullopt;
    }
    if (std::optional<Parts> message = take()) {
      if (++received_in_a_row_ % kMessagesInARow == 0) {
        co_await loop::yield(loop_);
      }
      co_return message;
    }
    if (!has_input()) {
      const auto wait = loop::asio::posix::stream_descriptor::wait_read;
      co_await ready_->async_wait(wait, kAwait);
    }
  }
}

std::optional<Parts> ZmqSocket::take() {
  const std::lock_guard lock(mutex_);
  if (!open_) {
    return std::nullopt;
  }
  Parts parts;
  do {
    zmq::message_t part;
    try {
      if (!socket_.recv(part, zmq::recv_flags::dontwait)) {
        return std::nullopt;
      }
    } catch (const zmq::error_t&) {
      return std::nullopt;
    }
    parts.push_back(std::move(part));
  } while (parts.back().more());
  return parts;
}

bool ZmqSocket::has_input() {
  const std::lock_guard lock(mutex_);
  return open_ && (socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
}

Sent ZmqSocket::send(std::span<zmq::message_t> parts) {
  Sent sent = Sent::peer_gone;
  {
    const std::lock_guard lock(mutex_);
    if (open_) {
      sent = send_all(parts);
    }
  }
  look_again_soon();
  return sent;
}

/// Asking for ZMQ_EVENTS costs a system call, more than all of a send: it is asked once for all sends of a turn of the
/// loop, and over there.
void ZmqSocket::look_again_soon() {
  if (looking_->exchange(true)) {
    return;
  }
  loop::asio::post(loop_, [this, looking = std::weak_ptr(looking_)] {
    const auto alive = looking.lock();
    if (!alive) {
      return;
    }
    alive->store(false);
    if (has_input()) {
      wake_reader();
    }
  });
}

/// Ends the reader's wait, so that it looks again.
void ZmqSocket::wake_reader() {
  if (ready_) {
    ready_->cancel();
  }
}

Sent ZmqSocket::send_all(std::span<zmq::message_t> parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto more = i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
    try {
      if (!socket_.send(parts[i], more | zmq::send_flags::dontwait)) {
        return Sent::queue_full;  // said of the first part only: the others go where it went
      }
    } catch (const zmq::error_t&) {
      return Sent::peer_gone;  // EHOSTUNREACH (ROUTER_MANDATORY)
    }
  }
  return Sent::yes;
}

void ZmqSocket::close() {
  ready_.reset();
  const std::lock_guard lock(mutex_);
  if (open_) {
    open_ = false;
    socket_.close();
  }
}

}  // namespace quay::daemon::publish
