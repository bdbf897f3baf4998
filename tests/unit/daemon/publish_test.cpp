// SPDX-License-Identifier: Apache-2.0
// The sockets of front ends inside a real loop: the adapter never sleeps through a message, whatever is sent beside it,
// and every newcomer is noticed.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "daemon/loop/task_group.hpp"
#include "daemon/publish/event_publisher.hpp"

namespace quay::daemon {
namespace {

using loop::Awaitable;

/// A small generator: the same numbers in each run.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 1664525 + 1013904223;
    return (state_ >> 8) % limit;
  }

 private:
  std::uint32_t state_;
};

class PublishTest : public testing::Test {
 protected:
  void run(Awaitable<void> task) {
    tasks_.spawn("test", std::move(task));
    loop_.run();
    EXPECT_FALSE(tasks_.failed());
  }

  loop::Loop loop_{1};
  Log log_{"test", LogLevel::error};
  loop::TaskGroup tasks_{loop_, log_};
  zmq::context_t context_{publish::kIoThreads};
};

/// How many messages the soak test moves: a million in `./dev bench messaging`.
int soak_messages() {
  const char* wanted = std::getenv("QUAY_SOAK_MESSAGES");
  return wanted != nullptr ? std::max(std::atoi(wanted), 1) : 60'000;
}

/// Echoes, at random also sends what nobody asked for, from a handler of its own as other tasks of quayd do, and stops
/// reading at random moments. Each of these may swallow the descriptor's edge.
Awaitable<void> echo_at_random(loop::Loop& loop, publish::ZmqSocket& socket, int messages, int& noise) {
  Dice dice(11);
  for (int i = 0; i < messages; ++i) {
    std::optional<publish::Parts> message = co_await socket.receive();
    if (!message) {
      break;
    }
    if (dice.below(5) == 0) {
      const std::string peer(publish::text_of(message->front()));
      ++noise;
      loop::asio::post(loop, [&socket, peer] {
        publish::Parts unasked;
        unasked.push_back(publish::make_part(peer));
        unasked.push_back(publish::make_part("noise"));
        socket.send(unasked);
      });
    }
    for (std::uint32_t pause = dice.below(4); pause == 3 || pause == 2; --pause) {
      co_await loop::yield(loop);
    }
    socket.send(*message);
  }
}

Awaitable<void> echo_and_close(loop::Loop& loop, publish::ZmqSocket& socket, int messages, int& noise) {
  co_await echo_at_random(loop, socket, messages, noise);
  co_await loop::yield(loop);  // the last unasked message goes out before the socket is closed
  co_await loop::yield(loop);
}

TEST_F(PublishTest, TheZmqAdapterNeverSleepsThroughAMessageWhateverIsSentBesideIt) {
  const int messages = soak_messages();
  publish::ZmqSocket server(loop_, context_, zmq::socket_type::router);
  server.raw().set(zmq::sockopt::sndhwm, 0);
  server.raw().bind("inproc://echo");
  int noise = 0;
  int echoes = 0;
  std::jthread peer([&] {
    zmq::socket_t client(context_, zmq::socket_type::dealer);
    client.set(zmq::sockopt::linger, 0);
    client.set(zmq::sockopt::rcvhwm, 0);
    client.set(zmq::sockopt::rcvtimeo, 20'000);
    client.connect("inproc://echo");
    Dice dice(7);
    for (int sent = 0; echoes < messages;) {
      for (std::uint32_t burst = 1 + dice.below(16); burst > 0 && sent < messages; --burst, ++sent) {
        client.send(zmq::str_buffer("ping"), zmq::send_flags::none);
      }
      const int wait_for = dice.below(3) == 0 ? sent : std::max(sent - 8, 0);
      zmq::message_t answer;
      while (echoes < wait_for) {
        if (!client.recv(answer)) {
          return;  // a wake-up was missed
        }
        echoes += answer.to_string_view() == "ping" ? 1 : 0;
      }
    }
  });
  run(echo_and_close(loop_, server, messages, noise));
  peer.join();
  EXPECT_EQ(echoes, messages);
  EXPECT_GT(noise, messages / 10);
}

Awaitable<void> count_newcomers(publish::EventPublisher& events, int wanted, int& seen) {
  while (seen < wanted) {
    const std::size_t newcomers = co_await events.newcomers();
    if (newcomers == 0) {
      co_return;
    }
    ++seen;
    events.publish({"hb", std::nullopt, "", "welcome " + std::to_string(seen)});
  }
}

TEST_F(PublishTest, EverySubscriberIsGreetedAlsoTheSecondToTheSameTopic) {
  publish::EventPublisher events(loop_, context_);
  const std::string path = testing::TempDir() + "quay-pub-" + std::to_string(::getpid());
  ASSERT_TRUE(events.bind(path));
  std::vector<std::string> greetings;
  std::jthread subscribers([&] {
    std::vector<zmq::socket_t> sockets;
    for (int i = 0; i < 3; ++i) {
      zmq::socket_t& socket = sockets.emplace_back(context_, zmq::socket_type::sub);
      socket.set(zmq::sockopt::linger, 0);
      socket.set(zmq::sockopt::rcvtimeo, 20'000);
      socket.set(zmq::sockopt::subscribe, "hb");
      socket.connect("ipc://" + path);
      zmq::message_t part;
      while (socket.recv(part) && part.more()) {
      }
      greetings.push_back(part.to_string());
    }
  });
  int seen = 0;
  run(count_newcomers(events, 3, seen));
  subscribers.join();
  EXPECT_EQ(greetings, (std::vector<std::string>{"welcome 1", "welcome 2", "welcome 3"}));
  std::filesystem::remove(path);
}

Awaitable<void> close_soon(loop::Loop& loop, publish::EventPublisher& events, bool& ended) {
  loop::asio::post(loop, [&events] { events.close(); });
  const std::size_t newcomers = co_await events.newcomers();
  ended = newcomers == 0;
}

TEST_F(PublishTest, WaitingForNewcomersEndsWhenTheSocketIsClosed) {
  publish::EventPublisher events(loop_, context_);
  bool ended = false;
  run(close_soon(loop_, events, ended));
  EXPECT_TRUE(ended);
}

TEST_F(PublishTest, BytesAreHandedOverWithoutACopy) {
  std::vector<std::uint8_t> bytes(100'000, 7);
  const std::uint8_t* where = bytes.data();
  const zmq::message_t part = publish::make_part(std::move(bytes));
  EXPECT_EQ(part.data<std::uint8_t>(), where);
  EXPECT_EQ(part.size(), 100'000U);
  EXPECT_EQ(publish::make_part(std::vector<std::uint8_t>()).size(), 0U);
}

}  // namespace
}  // namespace quay::daemon
