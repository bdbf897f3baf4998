// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/event_publisher.hpp"

#include <array>

namespace quay::daemon::publish {
namespace {

constexpr int kQueuedEvents = 1000;  // a subscriber; of kLargestEvent: 4 MiB for one that is stopped

/// 1: somebody subscribed, -1: somebody does no more, 0: something else.
int change_of(const Parts& parts) {
  const std::string_view text = text_of(parts.front());
  if (text.empty() || text.front() > '\x01') {
    return 0;
  }
  return text.front() == '\x01' ? 1 : -1;
}

}  // namespace

EventPublisher::EventPublisher(loop::Loop& loop, zmq::context_t& context, IoThread thread)
    : socket_(loop, context, zmq::socket_type::xpub, thread) {
  socket_.raw().set(zmq::sockopt::sndhwm, kQueuedEvents);
  socket_.raw().set(zmq::sockopt::rcvhwm, 64);
  socket_.raw().set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(protocol::kLargestEvent));
  // Every subscription is told, not only the first of its kind: each newcomer is greeted (decision 0014). So is every
  // end of one, also by a connection that broke: they are counted.
  socket_.raw().set(zmq::sockopt::xpub_verboser, true);
}

void EventPublisher::publish(const Notice& notice) {
  std::array<zmq::message_t, 3> parts{make_part(notice.topic),
                                      make_part(notice.seq ? std::to_string(*notice.seq) : std::string()),
                                      make_part(notice.text)};
  socket_.send(parts);
}

loop::Awaitable<std::size_t> EventPublisher::newcomers() {
  std::size_t joined = 0;
  while (joined == 0) {
    std::optional<Parts> message = co_await socket_.receive();
    if (!message) {
      break;
    }
    for (; message; message = socket_.take()) {
      const int change = change_of(*message);
      joined += change > 0 ? 1 : 0;
      subscriptions_ = change < 0 && subscriptions_ == 0 ? 0 : subscriptions_ + static_cast<std::size_t>(change);
    }
  }
  co_return joined;
}

}  // namespace quay::daemon::publish
