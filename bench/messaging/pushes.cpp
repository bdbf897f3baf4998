// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"
#include "bench/messaging/samples.hpp"
#include "protocol/json/writer.hpp"

namespace quay::bench {
namespace {

constexpr std::size_t kPage = 200 * 1024;
constexpr std::size_t kLargePage = 25'000'000;
constexpr int kInTurn = 10;
constexpr Milliseconds kBetweenEvents{2};

std::string command(const std::string& name, protocol::json::object args) {
  protocol::Command wish;
  wish.v = protocol::kApiVersion;
  wish.id = "1";
  wish.cmd = name;
  wish.args = std::move(args);
  return protocol::encode(wish);
}

/// A front end that follows: gives credit back and says when the last byte of a page was there.
class Follower {
 public:
  Follower(Counter& counter, loop::Mailbox<SteadyClock::time_point>& pages)
      : counter_(counter),
        pages_(pages),
        receiver_(
            zmq::socket_type::dealer, counter.images_path(),
            [this](zmq::socket_t& socket, Receiver::Frames& frames, auto when) { take(socket, frames, when); },
            command("images.follow", {})) {}

 private:
  void take(zmq::socket_t& socket, Receiver::Frames& frames, SteadyClock::time_point when) {
    const auto head = protocol::from_json<protocol::ImagePart>(protocol::json::parse(frames[0].to_string_view()));
    if (!head || head->type != "image.part") {
      return;
    }
    const std::string credit = command("images.credit", {{"follow", head->follow}, {"bytes", head->bytes}});
    socket.send(zmq::buffer(credit), zmq::send_flags::none);
    if (head->offset + head->bytes == head->total) {
      loop::asio::post(counter_.loop(), [&pages = pages_, when] { pages.push(when); });
    }
  }

  Counter& counter_;
  loop::Mailbox<SteadyClock::time_point>& pages_;
  Receiver receiver_;
};

/// ROUTER that sends the same bytes to a DEALER as soon as it is told to.
class BareRouter {
 public:
  BareRouter() : bytes_(kPage, 'x') {
    socket_.bind("ipc://" + (room_ / "bare"));
    receiver_.emplace(
        zmq::socket_type::dealer, room_ / "bare",
        [this](zmq::socket_t&, Receiver::Frames&, SteadyClock::time_point when) { arrivals_.push(when); }, "hello");
    static_cast<void>(socket_.recv(peer_));
    zmq::message_t hello;
    static_cast<void>(socket_.recv(hello));
  }

  SteadyClock::duration send_one() {
    file_.append(bytes_);
    const auto sent = SteadyClock::now();
    send_bare(socket_, {peer_.to_string(), std::string(300, 'h'), bytes_});
    return arrivals_.wait() - sent;
  }

 private:
  Room room_;
  DurableFile file_{room_ / "file"};
  std::string bytes_;
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::router};
  zmq::message_t peer_;
  Arrivals arrivals_;
  std::optional<Receiver> receiver_;
};

using Pages = loop::Mailbox<SteadyClock::time_point>;

loop::Awaitable<void> measure(Counter& counter, Pages& pages, BareRouter& bare, int rounds, Samples& ours,
                              Samples& theirs) {
  counter.serve_images();
  auto page = std::make_shared<std::vector<std::uint8_t>>(kPage, std::uint8_t{7});
  co_await counter.store_page(page);
  co_await pages.receive(loop::kUntilClosed);  // the follow has begun
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < kInTurn; ++i) {
      const SteadyClock::time_point durable = co_await counter.store_page(page);
      const auto there = co_await pages.receive(loop::kUntilClosed);
      ours.add(*there - durable);
    }
    for (int i = 0; i < kInTurn; ++i) {
      theirs.add(bare.send_one());
    }
  }
}

struct Load {
  Counter& counter;
  Pages& pages;
  Pages& events;
};

loop::Awaitable<void> measure_events(Load load, int count, Samples& into) {
  loop::Mailbox<int> pause(load.counter.loop());
  for (int i = 0; i < count; ++i) {
    const SteadyClock::time_point committed = co_await load.counter.commit_event(800);
    const auto there = co_await load.events.receive(loop::kUntilClosed);
    into.add(*there - committed);
    const Deadline next = deadline_in(kBetweenEvents);
    co_await pause.receive(next);
  }
}

/// Idle and while a follower takes 25 MB pages, in turns. Each page is stored before the clock runs: what is measured
/// is its way out, not its way to the disk.
loop::Awaitable<void> measure_both(Load load, int rounds, Samples& busy, Samples& idle) {
  co_await load.counter.subscribers(1);
  load.counter.serve_images();
  auto page = std::make_shared<std::vector<std::uint8_t>>(kLargePage, std::uint8_t{7});
  for (int round = 0; round < rounds; ++round) {
    co_await measure_events(load, kInTurn, idle);
    co_await load.counter.store_page(page);
    co_await load.events.receive(loop::kUntilClosed);  // the event of the page
    while (load.pages.size() == 0) {
      co_await measure_events(load, 1, busy);
    }
    co_await load.pages.receive(loop::kUntilClosed);
  }
}

}  // namespace

protocol::json::object measure_pushes(double scale) {
  Counter counter;
  Pages pages(counter.loop());
  const Follower follower(counter, pages);
  BareRouter bare;
  Samples ours;
  Samples theirs;
  counter.run(measure(counter, pages, bare, static_cast<int>(30 * scale), ours, theirs));
  return compare(ours, theirs);
}

protocol::json::object measure_events_under_load(double scale) {
  Counter counter;
  Pages pages(counter.loop());
  Pages events(counter.loop());
  const Follower follower(counter, pages);
  const Receiver subscriber(zmq::socket_type::sub, counter.events_path(),
                            [&](zmq::socket_t&, Receiver::Frames&, SteadyClock::time_point when) {
                              loop::asio::post(counter.loop(), [&events, when] { events.push(when); });
                            });
  Samples busy;
  Samples idle;
  counter.run(measure_both({counter, pages, events}, static_cast<int>(30 * scale), busy, idle));
  protocol::json::object figure = compare(busy, idle);
  figure["count"] = busy.size();
  return figure;
}

}  // namespace quay::bench
