// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"
#include "bench/messaging/samples.hpp"

namespace quay::bench {
namespace {

constexpr int kWindow = 400;  // messages under way: below the high water mark of 1000
constexpr std::size_t kBytes = 1000;

using Crowd = std::vector<std::unique_ptr<Receiver>>;

Crowd make_crowd(int subscribers, const std::string& path, std::atomic<int>& taken) {
  Crowd crowd;
  for (int i = 0; i < subscribers; ++i) {
    crowd.push_back(std::make_unique<Receiver>(zmq::socket_type::sub, path,
                                               [&](zmq::socket_t&, Receiver::Frames&, auto) { ++taken; }));
  }
  return crowd;
}

/// Seconds until everybody has `kWindow` messages sent by `send`.
template <class Send>
double window(std::atomic<int>& taken, int subscribers, Send send) {
  const int before = taken;
  const auto begin = SteadyClock::now();
  for (int i = 0; i < kWindow; ++i) {
    send();
  }
  while (taken - before < kWindow * subscribers) {
    std::this_thread::yield();
  }
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

struct Fans {
  int subscribers;
  std::atomic<int> ours = 0;
  std::atomic<int> bare = 0;
};

loop::Awaitable<void> measure(Counter& counter, zmq::socket_t& bare, Fans& fans, int windows, Samples& ours,
                              Samples& theirs) {
  co_await counter.subscribers(fans.subscribers);
  const publish::Notice notice{"capture.ready", 42, "visit", std::string(kBytes, 'x')};
  const std::vector<std::string> frames{notice.topic, "42", notice.text};
  const double megabytes = 1e-6 * kWindow * fans.subscribers * static_cast<double>(kBytes + notice.topic.size() + 2);
  for (int i = 0; i < windows; ++i) {
    ours.add(megabytes / window(fans.ours, fans.subscribers, [&] { counter.events().publish(notice); }));
    theirs.add(megabytes / window(fans.bare, fans.subscribers, [&] { send_bare(bare, frames); }));
  }
}

}  // namespace

protocol::json::object measure_fan_out(int subscribers, double scale) {
  Counter counter;
  const Room room;
  zmq::context_t context;
  zmq::socket_t bare(context, zmq::socket_type::xpub);
  bare.bind("ipc://" + (room / "bare"));
  Fans fans{.subscribers = subscribers};
  const Crowd one = make_crowd(subscribers, counter.events_path(), fans.ours);
  const Crowd other = make_crowd(subscribers, room / "bare", fans.bare);
  await_subscriptions(bare, subscribers);
  Samples ours;
  Samples theirs;
  counter.run(measure(counter, bare, fans, static_cast<int>(20 * scale), ours, theirs));
  return {{"subscribers", subscribers}, {"ours_mb_s", ours.percentile(50)}, {"bare_mb_s", theirs.percentile(50)}};
}

}  // namespace quay::bench
