// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"
#include "bench/messaging/samples.hpp"

namespace quay::bench {
namespace {

constexpr std::size_t kEventBytes = 800;  // with its envelope and frames about 1 KiB
constexpr int kInTurn = 25;

/// A bare publisher in a thread of its own: told to send, it sends; the subscriber says when it was there.
class BarePublisher {
 public:
  BarePublisher()
      : subscriber_(zmq::socket_type::sub, room_ / "bare",
                    [this](zmq::socket_t&, Receiver::Frames&, SteadyClock::time_point when) { arrivals_.push(when); }) {
    socket_.bind("ipc://" + (room_ / "bare"));
    await_subscriptions(socket_, 1);
  }

  SteadyClock::duration send_one() {
    const std::vector<std::string> frames{"device.changed", "42", std::string(1000, 'x')};
    file_.append(frames.back());
    const auto sent = SteadyClock::now();
    send_bare(socket_, frames);
    return arrivals_.wait() - sent;
  }

 private:
  Room room_;
  DurableFile file_{room_ / "file"};
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::xpub};
  Arrivals arrivals_;
  Receiver subscriber_;
};

loop::Awaitable<void> measure(Counter& counter, loop::Mailbox<SteadyClock::time_point>& arrived, BarePublisher& bare,
                              int rounds, Samples& ours, Samples& theirs) {
  co_await counter.subscribers(1);
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < kInTurn; ++i) {
      const SteadyClock::time_point committed = co_await counter.commit_event(kEventBytes);
      const auto there = co_await arrived.receive(loop::kUntilClosed);
      ours.add(*there - committed);
    }
    for (int i = 0; i < kInTurn; ++i) {
      theirs.add(bare.send_one());
    }
  }
}

}  // namespace

protocol::json::object measure_commits(double scale) {
  Counter counter;
  loop::Mailbox<SteadyClock::time_point> arrived(counter.loop());
  const Receiver subscriber(zmq::socket_type::sub, counter.events_path(),
                            [&](zmq::socket_t&, Receiver::Frames&, SteadyClock::time_point when) {
                              loop::asio::post(counter.loop(), [&arrived, when] { arrived.push(when); });
                            });
  BarePublisher bare;
  Samples ours;
  Samples theirs;
  counter.run(measure(counter, arrived, bare, static_cast<int>(80 * scale), ours, theirs));
  return compare(ours, theirs);
}

}  // namespace quay::bench
