// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/client.hpp"

#include <gtest/gtest.h>

#include "tests/unit/clients/scripted_daemon.hpp"

namespace quay::client {
namespace {

using protocol::Command;

TEST(Client, SaysThatTheDaemonIsUnreachableWhenNobodyListens) {
  const auto client = Client::connect("/nonexistent/quay");
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::daemon_unreachable);
  EXPECT_EQ(client.error().native.name, "ENOENT");
}

TEST(Client, RefusesARunDirectoryWhoseSocketsCannotHaveANameThatLong) {
  const auto client = Client::connect("/" + std::string(200, 'x'));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, Errc::usage);
}

TEST(Client, KnowsAfterConnectingWhatTheDaemonSaysOfItself) {
  ScriptedDaemon daemon([](const Command&) { return Answers{}; });
  const auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client) << client.error().detail;
  EXPECT_EQ(client->hello().api, "1.0");
  EXPECT_EQ(client->hello().seq, 10U);
}

TEST(Client, TakesOnlyTheReplyThatCarriesTheIdOfItsCommand) {
  ScriptedDaemon daemon([](const Command& command) {
    return Answers{{refused("somebody else's", Errc::bug)}, {done(command, {{"visit", "v1"}})}};
  });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto visit = client->call_as<protocol::Visit>("visit.open", protocol::NoArguments{});
  ASSERT_TRUE(visit) << visit.error().detail;
  EXPECT_EQ(visit->visit, "v1");
}

TEST(Client, GivesBackTheErrorTheDaemonAnswered) {
  ScriptedDaemon daemon([](const Command& command) { return Answers{{refused(command.id, Errc::paper_jam)}}; });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto result = client->call("scan.start", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::paper_jam);
  EXPECT_EQ(result.error().detail, "as the test wants it");
}

TEST(Client, SendsTheRequestIdAndTheDeadlineButNotItsOwnPatience) {
  ScriptedDaemon daemon([](const Command& command) {
    return Answers{{done(command, {{"request", command.request_id.value_or("none")},
                                   {"deadline_ms", command.deadline_ms.value_or(0)}})}};
  });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto echoed = client->call("scan.start", {}, CallOptions{Milliseconds(9000), "wish-1", Milliseconds(4321)});
  ASSERT_TRUE(echoed);
  EXPECT_EQ(echoed->at("request").as_string(), "wish-1");
  EXPECT_EQ(echoed->at("deadline_ms").as_int64(), 4321);
  const auto patient = client->call("scan.start", {});
  ASSERT_TRUE(patient);
  EXPECT_EQ(patient->at("deadline_ms").as_int64(), 0) << "a job must not end because its caller stops listening";
}

TEST(Client, GivesUpAtTheDeadlineWhenADaemonThatListensDoesNotAnswer) {
  ScriptedDaemon daemon([](const Command&) { return Answers{}; });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto result = client->call("state.get", {}, CallOptions{Milliseconds(20), {}, {}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::request_deadline);
}

TEST(Client, SaysThatTheDaemonIsUnreachableWhenItHasGoneSince) {
  auto daemon = std::make_unique<ScriptedDaemon>([](const Command&) { return Answers{}; });
  auto client = Client::connect(daemon->run_directory());
  ASSERT_TRUE(client);
  daemon.reset();
  const auto result = client->call("state.get", {}, CallOptions{Milliseconds(50), {}, {}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::daemon_unreachable);
}

TEST(Client, RepeatsAWishUnderTheSameRequestIdUntilItIsAnswered) {
  std::vector<Command> seen;
  ScriptedDaemon daemon([&seen](const Command& command) {
    seen.push_back(command);
    return seen.size() < 2 ? Answers{} : Answers{{done(command, {{"visit", "v"}})}};
  });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto opened = client->call("visit.open", {});
  ASSERT_TRUE(opened);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].request_id, seen[1].request_id);
  EXPECT_TRUE(seen[0].request_id);
  EXPECT_NE(seen[0].id, seen[1].id) << "the daemon must be able to tell two messages apart";
}

TEST(Client, WaitsForTheFirstAnswerWhenTheDaemonIsStillAtIt) {
  std::vector<std::string> ids;
  ScriptedDaemon daemon([&ids](const Command& command) -> Answers {
    ids.push_back(command.id);
    if (ids.size() == 1) {
      return {{refused(command.id, Errc::request_in_progress)}};
    }
    return {{done(command, {{"visit", "v"}})}};
  });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  EXPECT_TRUE(client->call("visit.open", {}));
  EXPECT_EQ(ids.size(), 2U);
}

TEST(Client, RefusesAReplyThatIsNotJson) {
  ScriptedDaemon daemon([](const Command&) { return Answers{{"not json"}}; });
  auto client = Client::connect(daemon.run_directory());
  ASSERT_TRUE(client);
  const auto result = client->call("state.get", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::request_malformed);
}

}  // namespace
}  // namespace quay::client
