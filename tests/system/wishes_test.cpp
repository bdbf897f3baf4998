// SPDX-License-Identifier: Apache-2.0
// What is asked twice is done once, also over a restart; and who asks too much is told so.
#include <algorithm>
#include <csignal>

#include <zmq.hpp>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using client::CallOptions;

TEST(Wishes, AreRememberedOverARestart) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  const auto first = open_visit(client, "wish-1");
  ASSERT_TRUE(first);
  counter.kill_daemon();
  counter.start();
  client::Client again = *client::Client::connect(counter.run_directory());
  const auto second = open_visit(again, "wish-1");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->visit, first->visit);
  EXPECT_EQ(second->opened_at, first->opened_at);
  EXPECT_EQ(call(again, "capture.list", {{"visit", first->visit}}), "done") << "the key given again";
  again.keys().keep(first->visit, first->visit_key);
  EXPECT_EQ(call(again, "capture.list", {{"visit", first->visit}}), "done") << "and the one given first";
  const CallOptions same{client::kCallPatience, "wish-1", {}};
  EXPECT_EQ(code_of(again.call("visit.close", {{"visit", first->visit}}, same)), "request.key_reused");
  const CallOptions other{client::kCallPatience, "wish-2", {}};
  const auto closed = again.call("visit.close", {{"visit", first->visit}}, other);
  ASSERT_TRUE(closed);
  EXPECT_EQ(*again.call("visit.close", {{"visit", first->visit}}, other), *closed);
}

TEST(Wishes, ThatWereRefusedMayComeAgain) {
  Counter counter({.sheets = 3});
  counter.script().set("ppm 20");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  client::Client client = counter.connect();
  const CallOptions wish{client::kCallPatience, "close-it", {}};
  EXPECT_EQ(code_of(client.call("visit.close", {{"visit", visit}}, wish)), "device.busy");
  counter.await_end(*job);
  EXPECT_EQ(code_of(client.call("visit.close", {{"visit", visit}}, wish)), "done");
}

TEST(Wishes, ThatTakeLongerThanTheirSenderWaitsAreDoneOnce) {
  Counter counter({.sheets = 2});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit});
  client::Client client = counter.connect();
  protocol::DocumentAssembleArguments wanted;
  wanted.visit = visit;
  wanted.captures = job.captures;
  const CallOptions hasty{client::kCallPatience, "join", Milliseconds(1)};
  const auto first = client.call_as<protocol::Document>("document.assemble", wanted, hasty);
  EXPECT_EQ(code_of(first), "request.deadline");
  const CallOptions patient{client::kCallPatience, "join", {}};
  std::optional<protocol::Document> document;
  EXPECT_TRUE(rig::wait_until([&] {
    const auto again = client.call_as<protocol::Document>("document.assemble", wanted, patient);
    EXPECT_TRUE(again || again.error().code == Errc::request_in_progress);
    document = again ? std::optional(*again) : std::nullopt;
    return document.has_value();
  }));
  ASSERT_TRUE(document);
  const auto replay = client.call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, 0, 200, {}});
  ASSERT_TRUE(replay);
  EXPECT_EQ(std::count_if(replay->events.begin(), replay->events.end(),
                          [](const auto& event) { return event.at("type").as_string() == "document.ready"; }),
            1);
}

TEST(Limits, NonsenseIsCountedToo) {
  Counter counter;
  counter.start();
  counter.write_config("[access]\ncommands_per_second = 1\n");
  counter.daemon().send_signal(SIGHUP);
  ASSERT_TRUE(rig::wait_until([&] { return counter.connect().hello().limits.commands_per_second == 1; }));
  zmq::context_t context;
  zmq::socket_t rude(context, zmq::socket_type::dealer);
  rude.set(zmq::sockopt::linger, 0);
  rude.set(zmq::sockopt::rcvtimeo, 10'000);
  rude.connect("ipc://" + (counter.run_directory() / "control").string());
  std::vector<std::string> codes;
  for (int i = 0; i < 3; ++i) {
    rude.send(zmq::str_buffer("nonsense"), zmq::send_flags::none);
    zmq::message_t answer;
    ASSERT_TRUE(rude.recv(answer));
    codes.push_back(protocol::decode_reply(answer.to_string_view())->error.value().code);
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"request.malformed", "request.malformed", "request.too_many"}));
}

TEST(Limits, OneCommandTooManyIsRefusedAndTheNextConnectionIsNot) {
  Counter counter;
  counter.start();
  counter.write_config("[access]\ncommands_per_second = 10\n");
  counter.daemon().send_signal(SIGHUP);
  ASSERT_TRUE(rig::wait_until([&] { return counter.connect().hello().limits.commands_per_second == 10; }));
  zmq::context_t context;
  zmq::socket_t hasty(context, zmq::socket_type::dealer);  // the client library would wait and ask again
  hasty.set(zmq::sockopt::rcvtimeo, 5000);
  hasty.set(zmq::sockopt::linger, 0);
  hasty.connect("ipc://" + (counter.run_directory() / "control").string());
  std::optional<Error> refused;
  for (int i = 0; i < 40 && !refused; ++i) {
    hasty.send(zmq::str_buffer(R"({"v":1,"id":"again","cmd":"device.list","args":{}})"), zmq::send_flags::none);
    zmq::message_t answer;
    ASSERT_TRUE(hasty.recv(answer));
    const auto reply = protocol::decode_reply(answer.to_string_view());
    refused = reply->error ? std::optional(protocol::from_body(*reply->error)) : std::nullopt;
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::request_too_many);
  EXPECT_GT(refused->retry_after_ms, 0);
  EXPECT_TRUE(client::Client::connect(counter.run_directory()));
}

}  // namespace
}  // namespace quay::system_test
