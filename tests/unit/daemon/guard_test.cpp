// SPDX-License-Identifier: Apache-2.0
// How much a peer may ask, what names a wish, and what a peer's address says.
#include "daemon/commands/guard.hpp"

#include <gtest/gtest.h>

#include "daemon/commands/outcomes.hpp"
#include "daemon/commands/peer_directory.hpp"

namespace quay::daemon::commands {
namespace {

const Deadline kStart = Deadline{} + std::chrono::hours(1);

Request request_of(const std::string& connection, const std::string& owner) {
  Request request;
  request.command.cmd = "hello";
  request.peer.owner = owner;
  request.from.peer = connection;
  return request;
}

GuardLimits small_limits() {
  GuardLimits limits;
  limits.connection = {10, 2};
  limits.account = {10, 3};
  limits.connection_in_flight = 2;
  limits.account_in_flight = 3;
  limits.all_in_flight = 4;
  return limits;
}

TEST(Guard, RefusesOneCommandTooManyAndSaysWhenToAskAgain) {
  Guard guard(small_limits());
  const Request request = request_of("c1", "uid:1");
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(guard.enter(request, kStart));
    guard.leave(request);
  }
  const Status refused = guard.enter(request, kStart);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::request_too_many);
  EXPECT_EQ(refused.error().retry_after_ms, 100);
  EXPECT_TRUE(guard.enter(request, kStart + Milliseconds(100)));
}

TEST(Guard, ManyConnectionsOfAnAccountGiveItNoMore) {
  Guard guard(small_limits());
  int entered = 0;
  for (int i = 0; i < 20; ++i) {
    const Request request = request_of("c" + std::to_string(i), "uid:1");
    if (guard.enter(request, kStart)) {
      ++entered;
      guard.leave(request);
    }
  }
  EXPECT_EQ(entered, 3);
  EXPECT_TRUE(guard.enter(request_of("d", "uid:2"), kStart)) << "another account is not its neighbour's keeper";
}

TEST(Guard, AConnectionThatShoutsDoesNotSilenceItsAccount) {
  Guard guard(small_limits());
  const Request loud = request_of("loud", "uid:1");
  for (int i = 0; i < 50; ++i) {
    if (guard.enter(loud, kStart)) {
      guard.leave(loud);
    }
  }
  EXPECT_TRUE(guard.enter(request_of("quiet", "uid:1"), kStart));
}

TEST(Guard, CountsWhatIsUnderWayForConnectionAccountAndAll) {
  GuardLimits limits = small_limits();
  limits.connection = limits.account = {1000, 1000};
  Guard guard(limits);
  const Request a1 = request_of("a1", "uid:1");
  const Request a2 = request_of("a2", "uid:1");
  const Request b = request_of("b", "uid:2");
  EXPECT_TRUE(guard.enter(a1, kStart) && guard.enter(a1, kStart));
  EXPECT_FALSE(guard.enter(a1, kStart));
  EXPECT_TRUE(guard.enter(a2, kStart));
  EXPECT_FALSE(guard.enter(a2, kStart)) << "three of the account";
  EXPECT_TRUE(guard.enter(b, kStart));
  EXPECT_FALSE(guard.enter(b, kStart)) << "four of all";
  guard.leave(a1);
  EXPECT_TRUE(guard.enter(b, kStart));
}

TEST(Guard, AConnectionHasFourChunksOnTheWayAndNoFifthUntilOneHasCome) {
  Guard guard(GuardLimits{});
  Request fetch = request_of("c1", "uid:1");
  fetch.command.cmd = "images.fetch";
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(guard.enter(fetch, kStart));
  }
  const Status fifth = guard.enter(fetch, kStart);
  ASSERT_FALSE(fifth);
  EXPECT_EQ(fifth.error().code, Errc::request_too_many);
  EXPECT_GT(fifth.error().retry_after_ms, 0);
  EXPECT_TRUE(guard.enter(request_of("c1", "uid:1"), kStart)) << "credit and other commands go on";
  Request neighbour = fetch;
  neighbour.from.peer = "c2";
  EXPECT_TRUE(guard.enter(neighbour, kStart));
  guard.leave(fetch);
  EXPECT_TRUE(guard.enter(fetch, kStart));
}

TEST(Guard, ForgetsWhoHasBeenQuiet) {
  Guard guard(small_limits());
  for (int i = 0; i < 10'000; ++i) {
    const Request request = request_of("c" + std::to_string(i), "uid:" + std::to_string(i));
    const Deadline now = kStart + Milliseconds(500 * i);
    ASSERT_TRUE(guard.enter(request, now));
    guard.leave(request);
  }
  EXPECT_LT(guard.remembered(), 300U);
}

TEST(Wish, IsTheSameWhateverTheOrderOfItsArguments) {
  const auto digest = [](const char* cmd, const char* args) {
    protocol::Command command;
    command.cmd = cmd;
    command.args = protocol::json::parse(args).as_object();
    return digest_of(command);
  };
  const std::string one = digest("scan.start", R"({"a":1,"b":{"x":[1,2],"y":"z"}})");
  EXPECT_EQ(one, digest("scan.start", R"({"b":{"y":"z","x":[1,2]},"a":1})"));
  EXPECT_NE(one, digest("scan.start", R"({"b":{"y":"z","x":[2,1]},"a":1})"));
  EXPECT_NE(one, digest("scan.start", R"({"b":{"y":"z"},"x":[1,2],"a":1})"));
  EXPECT_NE(one, digest("scan.stop", R"({"a":1,"b":{"x":[1,2],"y":"z"}})"));
}

TEST(PeerAddress, OfAnIpcPeerIsReadFromItsEnd) {
  const auto credentials = publish::parse_peer_address("localhost:1000:985:4711");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->uid, 1000U);
  EXPECT_EQ(credentials->gid, 985U);
  EXPECT_EQ(credentials->pid, 4711);
  EXPECT_EQ(publish::parse_peer_address("0:0:host:1000:985:4711")->uid, 1000U);
}

TEST(PeerAddress, ThatIsNoIpcPeersSaysNothing) {
  for (const char* text : {"", "127.0.0.1", "::1", "localhost:1000:985", "localhost:1000:985:", "localhost:a:b:c",
                           "localhost:1000:985:4711x", "localhost:-1:0:1"}) {
    EXPECT_FALSE(publish::parse_peer_address(text)) << text;
  }
}

TEST(PeerDirectory, AsksOnceForAnAccountAndAgainAfterAReload) {
  int asked = 0;
  const auto find = [&](const publish::Credentials& credentials) {
    ++asked;
    return core::Account{credentials.uid, {credentials.gid}, "anna", 0};
  };
  PeerDirectory directory(find, core::PeerBook({}, 1, 50));
  const publish::Credentials anna{1000, 50, 7, ""};
  EXPECT_EQ(directory.find(anna, "c").roles, core::Roles(core::Role::front_end));
  directory.name_program("c", "portal\n");
  const core::Peer peer = directory.find(anna, "c");
  EXPECT_EQ(peer.program, "portal");
  EXPECT_EQ(peer.pid, 7);
  EXPECT_EQ(asked, 1);
  directory.replace_book(core::PeerBook({{1000, {}, {}, core::Role::viewer}}, 1, 50));
  EXPECT_EQ(directory.find(anna, "c").roles, core::Roles(core::Role::viewer));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace quay::daemon::commands
