// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"
#include "bench/messaging/samples.hpp"

namespace quay::bench {
namespace {

constexpr int kPerRound = 200;  // well below the high water mark: nothing is dropped, nothing waits

template <class Call>
SteadyClock::duration span_of(Call call) {
  const auto begin = SteadyClock::now();
  call();
  return SteadyClock::now() - begin;
}

struct Bare {
  zmq::context_t context;
  zmq::socket_t socket{context, zmq::socket_type::xpub};
};

loop::Awaitable<void> measure(Counter& counter, Bare& bare, std::atomic<int>& taken, int rounds, Samples& ours,
                              Samples& theirs) {
  co_await counter.subscribers(1);
  const publish::Notice notice{"capture.ready", 42, "visit", std::string(600, 'x')};
  const std::vector<std::string> frames{notice.topic, "42", notice.text};
  for (int round = 0; round < rounds; ++round) {
    const int before = taken;
    for (int i = 0; i < kPerRound; ++i) {
      const bool ours_first = i % 2 == 0;  // the second finds caches warm
      if (ours_first) {
        ours.add(span_of([&] { counter.events().publish(notice); }));
      }
      theirs.add(span_of([&] { send_bare(bare.socket, frames); }));
      if (!ours_first) {
        ours.add(span_of([&] { counter.events().publish(notice); }));
      }
    }
    while (taken - before < 2 * kPerRound) {
      co_await loop::yield(counter.loop());
      std::this_thread::yield();
    }
  }
}

}  // namespace

protocol::json::object measure_publishing(double scale) {
  Counter counter;
  const Room room;
  Bare bare;
  bare.socket.bind("ipc://" + (room / "bare"));
  std::atomic<int> taken = 0;
  const auto take = [&](zmq::socket_t&, Receiver::Frames&, SteadyClock::time_point) { ++taken; };
  const Receiver one(zmq::socket_type::sub, counter.events_path(), take);
  const Receiver other(zmq::socket_type::sub, room / "bare", take);
  await_subscriptions(bare.socket, 1);
  Samples ours;
  Samples theirs;
  counter.run(measure(counter, bare, taken, static_cast<int>(100 * scale), ours, theirs));
  return compare(ours, theirs);
}

}  // namespace quay::bench
