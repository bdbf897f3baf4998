// SPDX-License-Identifier: Apache-2.0
#include "bench/messaging/counter.hpp"
#include "bench/messaging/figures.hpp"
#include "bench/messaging/samples.hpp"
#include "protocol/json/writer.hpp"

namespace quay::bench {
namespace {

constexpr std::size_t kPage = 2'000'000;
constexpr std::size_t kChunk = protocol::kLargestChunk;
constexpr int kOutstanding = 4;

std::string ask(const std::string& id, std::uint64_t offset) {
  protocol::Command command;
  command.v = protocol::kApiVersion;
  command.id = "1";
  command.cmd = "images.fetch";
  command.args = {{"id", id}, {"offset", offset}, {"length", kChunk}};
  return protocol::encode(command);
}

/// Seconds to fetch a page `times` times, four chunks outstanding, from whoever answers at `path`.
double fetch(const std::string& path, const std::string& id, int times) {
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect("ipc://" + path);
  const std::uint64_t total = kPage * static_cast<std::uint64_t>(times);
  std::uint64_t asked = 0;
  std::uint64_t got = 0;
  const auto ask_next = [&] {
    if (asked < total) {
      const std::uint64_t offset = asked % kPage;
      socket.send(zmq::buffer(ask(id, offset)), zmq::send_flags::none);
      asked += std::min<std::uint64_t>(kChunk, kPage - offset);
    }
  };
  const auto begin = SteadyClock::now();
  for (int i = 0; i < kOutstanding; ++i) {
    ask_next();
  }
  while (got < total) {
    zmq::message_t head;
    zmq::message_t bytes;
    static_cast<void>(socket.recv(head));
    static_cast<void>(socket.recv(bytes));
    got += bytes.size();
    ask_next();
  }
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

/// Bare ROUTER that answers with a piece of what it holds in memory.
class BareServer {
 public:
  BareServer() : thread_([this] { serve(); }) {}
  ~BareServer() {
    stop_ = true;
    thread_.join();
  }
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;
  std::string path() const { return room_ / "bare"; }

 private:
  void serve() {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::router);
    socket.set(zmq::sockopt::rcvtimeo, 200);
    socket.bind("ipc://" + path());
    const std::vector<char> page(kPage, 'x');
    while (!stop_) {
      zmq::message_t peer;
      zmq::message_t wish;
      if (!socket.recv(peer) || !socket.recv(wish)) {
        continue;
      }
      const auto args = protocol::json::parse(wish.to_string_view()).at("args");
      const auto offset = args.at("offset").to_number<std::size_t>();
      socket.send(peer, zmq::send_flags::sndmore);
      socket.send(zmq::str_buffer("{}"), zmq::send_flags::sndmore);
      socket.send(zmq::buffer(page.data() + offset, std::min(kChunk, kPage - offset)), zmq::send_flags::none);
    }
  }

  Room room_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

loop::Awaitable<void> measure(Counter& counter, const std::string& bare, int rounds, Samples& ours, Samples& theirs) {
  counter.serve_images();
  auto page = std::make_shared<std::vector<std::uint8_t>>(kPage, std::uint8_t{7});
  co_await counter.store_page(page);
  const std::string id = counter.newest_page();
  loop::Mailbox<double> done(counter.loop());
  for (int round = 0; round < rounds; ++round) {
    std::jthread client([&] {
      const double seconds = fetch(counter.images_path(), id, 10);
      loop::asio::post(counter.loop(), [&done, seconds] { done.push(seconds); });
    });
    const auto seconds = co_await done.receive(loop::kUntilClosed);
    client.join();
    ours.add(10e-6 * kPage / *seconds);
    theirs.add(10e-6 * kPage / fetch(bare, id, 10));
  }
}

}  // namespace

protocol::json::object measure_fetching(double scale) {
  Counter counter;
  const BareServer bare;
  Samples ours;
  Samples theirs;
  counter.run(measure(counter, bare.path(), static_cast<int>(20 * scale), ours, theirs));
  return {{"ours_mb_s", ours.percentile(50)}, {"bare_mb_s", theirs.percentile(50)}};
}

}  // namespace quay::bench
