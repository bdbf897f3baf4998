// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/event_publisher.hpp"

namespace quay::daemon::publish {
namespace {

constexpr int kQueuedEvents = 1000;  // a message: 4 KiB at most, so 4 MiB for one stopped subscriber

}  // namespace

EventPublisher::EventPublisher(loop::Loop& loop, zmq::context_t& context)
    : socket_(loop, context, zmq::socket_type::xpub) {
  socket_.raw().set(zmq::sockopt::sndhwm, kQueuedEvents);
  socket_.raw().set(zmq::sockopt::rcvhwm, 64);
  socket_.raw().set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(protocol::kLargestEvent));
}

void EventPublisher::publish(const protocol::Event& event) {
  Parts parts;
  parts.push_back(make_part(event.type));
  parts.push_back(make_part(event.seq ? std::to_string(*event.seq) : std::string()));
  parts.push_back(make_part(protocol::encode(event)));
  socket_.send(std::move(parts));
}

loop::Awaitable<void> EventPublisher::drain_subscriptions() {
  while (co_await socket_.receive()) {
  }
}

}  // namespace quay::daemon::publish
