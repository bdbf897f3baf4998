// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/live_publisher.hpp"

#include <array>

namespace quay::daemon::publish {
namespace {

constexpr int kQueuedFrames = 2;
constexpr std::int64_t kLongestSubscription = 256;

}  // namespace

LivePublisher::LivePublisher(loop::Loop& loop, zmq::context_t& context)
    : socket_(loop, context, zmq::socket_type::xpub, IoThread::bytes) {
  socket_.raw().set(zmq::sockopt::sndhwm, kQueuedFrames);
  socket_.raw().set(zmq::sockopt::rcvhwm, 64);
  socket_.raw().set(zmq::sockopt::maxmsgsize, kLongestSubscription);
  // Nobody is subscribed to anything before take() says so (zmq_setsockopt(3), ZMQ_XPUB_MANUAL).
  socket_.raw().set(zmq::sockopt::xpub_manual, true);
}

loop::Awaitable<void> LivePublisher::serve() {
  while (std::optional<Parts> message = co_await socket_.receive()) {
    take(text_of(message->front()));
  }
}

/// What was received last decides whom the option concerns, so it is set before anything else is received.
void LivePublisher::take(std::string_view message) {
  if (message.empty()) {
    return;
  }
  const std::string topic(message.substr(1));
  const auto found = subscribers_.find(topic);
  if (message.front() == '\x01' && found != subscribers_.end()) {
    zmq_setsockopt(socket_.raw().handle(), ZMQ_SUBSCRIBE, topic.data(), topic.size());
    ++found->second;
  } else if (message.front() == '\0') {
    zmq_setsockopt(socket_.raw().handle(), ZMQ_UNSUBSCRIBE, topic.data(), topic.size());
    if (found != subscribers_.end() && found->second > 0) {
      --found->second;
    }
  }
}

int LivePublisher::subscribers(const std::string& topic) const {
  const auto found = subscribers_.find(topic);
  return found == subscribers_.end() ? 0 : found->second;
}

void LivePublisher::publish(const std::string& topic, const std::string& head, zmq::message_t bytes) {
  std::array<zmq::message_t, 3> parts{make_part(topic), make_part(head), std::move(bytes)};
  socket_.send(parts);
}

}  // namespace quay::daemon::publish
