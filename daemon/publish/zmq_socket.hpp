// SPDX-License-Identifier: Apache-2.0
// A ZeroMQ socket in an Asio loop. ZMQ_FD only says "look again": the reader is woken by it and re-checks after every
// send too, because a send may swallow the descriptor's edge (libzmq issue 3641). Never blocks. Belongs to the loop's
// thread, except send(): a lock keeps libzmq to one thread at a time (zmq_socket(3) asks for a full fence, no more).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <zmq.hpp>

#include "daemon/loop/awaitable.hpp"

namespace quay::daemon::publish {

using Parts = std::vector<zmq::message_t>;

/// The only address that quayd ever listens on.
inline constexpr std::string_view kLoopback = "127.0.0.1";

zmq::message_t make_part(std::string_view text);
/// Takes the bytes over without copying them.
zmq::message_t make_part(std::vector<std::uint8_t> bytes);
/// Sends `bytes` where they are; `owner` is kept until they are on the wire, on whatever thread that ends.
zmq::message_t make_part(std::span<const std::uint8_t> bytes, std::shared_ptr<const void> owner);
std::string_view text_of(const zmq::message_t& part);

/// Which of the context's two I/O threads serves a socket: nothing large shares a thread with notices and commands.
enum class IoThread : std::uint64_t { notices = 1, bytes = 2 };
inline constexpr int kIoThreads = 2;

/// What became of a message.
enum class Sent : std::uint8_t { yes, queue_full, peer_gone };

class ZmqSocket {
 public:
  ZmqSocket(loop::Loop& loop, zmq::context_t& context, zmq::socket_type type, IoThread thread = IoThread::notices);
  ~ZmqSocket() { close(); }
  ZmqSocket(const ZmqSocket&) = delete;
  ZmqSocket& operator=(const ZmqSocket&) = delete;

  /// For options, before anything else uses the socket.
  zmq::socket_t& raw() { return socket_; }

  /// Binds `ipc://path` with mode 0660. Errors: config_invalid with the reason from libzmq.
  Status bind(const std::filesystem::path& path);

  /// Binds to a port of 127.0.0.1 as well, for holders of a key that the context's KeyGate knows; `secret_key` is the
  /// server's (Z85). Socket options bind with an endpoint, so bind() has to come first. Errors: config_invalid.
  Status bind_loopback(std::uint16_t port, const std::string& secret_key);

  /// Binds as libzmq spells it. Errors: config_invalid.
  Status bind_endpoint(const std::string& endpoint);

  /// The next whole message; nothing after close(). One reader.
  loop::Awaitable<std::optional<Parts>> receive();

  /// The next whole message if one is there.
  std::optional<Parts> take();

  /// Sends without waiting, all parts or none. What was sent is empty afterwards, the rest as it was. Thread: any.
  Sent send(std::span<zmq::message_t> parts);

  void close();

 private:
  bool has_input();
  Sent send_all(std::span<zmq::message_t> parts);
  void wake_reader();
  void look_again_soon();

  loop::Loop& loop_;
  std::mutex mutex_;  ///< of socket_ and open_
  zmq::socket_t socket_;
  bool open_ = true;
  std::optional<loop::asio::posix::stream_descriptor> ready_;
  std::uint32_t received_in_a_row_ = 0;
  std::shared_ptr<std::atomic<bool>> looking_ = std::make_shared<std::atomic<bool>>(false);  ///< posted, not done yet
};

}  // namespace quay::daemon::publish
