// SPDX-License-Identifier: Apache-2.0
// Envelopes: every way in which a frame of a front end can be wrong has its code, and the sender can match the refusal.
#include "protocol/client/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "tests/unit/protocol/protocol_support.hpp"

namespace quay::protocol {
namespace {

using testing::HasSubstr;

struct Refusal {
  Errc code = Errc::count_;
  std::string detail;
  std::string id_seen;
};

Refusal refusal(std::string_view text) {
  Refusal found;
  const auto command = decode_command(text, found.id_seen);
  if (!command) {
    found.code = command.error().code;
    found.detail = command.error().detail;
  }
  return found;
}

TEST(CommandTest, IsReadWithAllItsMembers) {
  std::string id;
  const auto command = decode_command(
      R"({"v":1,"id":"m-1","cmd":"scan.start","request_id":"r-1","deadline_ms":5000,"args":{"visit":"x"},"new":0})",
      id);
  ASSERT_TRUE(command);
  EXPECT_EQ(command->cmd, "scan.start");
  EXPECT_EQ(command->request_id, "r-1");
  EXPECT_EQ(command->deadline_ms, 5000);
  EXPECT_EQ(command->args.at("visit"), "x");
  EXPECT_EQ(id, "m-1");
}

TEST(CommandTest, NeedsNoMoreThanVersionIdAndName) {
  std::string id;
  const auto command = decode_command(R"({"v":1,"id":"1","cmd":"hello"})", id);
  ASSERT_TRUE(command);
  EXPECT_FALSE(command->request_id);
  EXPECT_FALSE(command->deadline_ms);
  EXPECT_TRUE(command->args.empty());
}

TEST(CommandTest, WhatIsNotAJsonObjectIsMalformed) {
  for (const std::string_view text : {"", " ", "hello", "{", "[]", "null", "7", "\"x\"", "{}{}", "{\"v\":1,}",
                                      "{'v':1}", "{\"v\":NaN}", "\xef\xbb\xbf{}", "{\"v\":1}\n\x01"}) {
    EXPECT_EQ(refusal(text).code, Errc::request_malformed) << text;
  }
}

TEST(CommandTest, TextThatIsNotUtf8IsMalformed) {
  for (const std::string bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    const std::string text = R"({"v":1,"id":"1","cmd":"hello","args":{"x":")" + bad + "\"}}";
    EXPECT_EQ(refusal(text).code, Errc::request_malformed) << text;
  }
}

TEST(CommandTest, ANumberThatIsNoNumberAnyMoreIsMalformed) {
  for (const std::string_view number : {"1e400", "-1e400", "[{\"x\":1e999}]"}) {
    const Refusal found = refusal(fmt::format(R"({{"v":1,"id":"1","cmd":"hello","args":{{"x":{}}}}})", number));
    EXPECT_EQ(found.code, Errc::request_malformed) << number << ": it would be written as Infinity";
    EXPECT_EQ(found.detail, "a number is too large");
  }
}

TEST(CommandTest, DepthBombsAreMalformedAndHarmless) {
  for (const char open : {'[', '{'}) {
    const std::string text = std::string(R"({"v":1,"id":"1","cmd":"hello","args":)") + std::string(60'000, open);
    EXPECT_EQ(refusal(text).code, Errc::request_malformed);
  }
  std::string nested;
  for (int i = 0; i < 10'000; ++i) {
    nested += "{\"a\":";
  }
  EXPECT_EQ(refusal(nested).code, Errc::request_malformed);
}

TEST(CommandTest, AMissingOrUselessIdIsMalformed) {
  EXPECT_EQ(refusal(R"({"v":1,"cmd":"hello"})").code, Errc::request_malformed);
  EXPECT_EQ(refusal(R"({"v":1,"id":"","cmd":"hello"})").code, Errc::request_malformed);
  EXPECT_EQ(refusal(fmt::format(R"({{"v":1,"id":"{}","cmd":"hello"}})", std::string(65, 'i'))).code,
            Errc::request_malformed);
  EXPECT_EQ(refusal(fmt::format(R"({{"v":1,"id":"{}","cmd":"hello"}})", std::string(64, 'i'))).code, Errc::count_);
}

TEST(CommandTest, AMissingNameIsMalformed) {
  const Refusal found = refusal(R"({"v":1,"id":"1"})");
  EXPECT_EQ(found.code, Errc::request_malformed);
  EXPECT_EQ(found.detail, "/cmd: missing");
}

TEST(CommandTest, AnotherVersionOrNoneIsRefusedAsSuch) {
  for (const std::string_view text : {R"({"id":"1","cmd":"hello"})", R"({"v":0,"id":"1","cmd":"hello"})",
                                      R"({"v":2,"id":"1","cmd":"hello"})", R"({"v":-1,"id":"1","cmd":"hello"})"}) {
    EXPECT_EQ(refusal(text).code, Errc::request_version) << text;
  }
  EXPECT_THAT(refusal(R"({"v":2,"id":"1","cmd":"hello"})").detail, HasSubstr("/v: 2 where 1 was expected"));
}

TEST(CommandTest, AMemberOfTheWrongTypeIsABadArgument) {
  for (const std::string_view text :
       {R"({"v":"1","id":"1","cmd":"hello"})", R"({"v":1.0,"id":"1","cmd":"hello"})", R"({"v":1,"id":1,"cmd":"hello"})",
        R"({"v":1,"id":"1","cmd":5})", R"({"v":1,"id":"1","cmd":"hello","args":[]})",
        R"({"v":1,"id":"1","cmd":"hello","deadline_ms":"soon"})", R"({"v":99999999999,"id":"1","cmd":"hello"})",
        R"({"v":1,"id":"1","cmd":"hello","request_id":5})", R"({"v":1,"id":"1","cmd":"hello","request_id":""})"}) {
    EXPECT_EQ(refusal(text).code, Errc::request_bad_argument) << text;
  }
  EXPECT_EQ(refusal(fmt::format(R"({{"v":1,"id":"1","cmd":"hello","request_id":"{}"}})", std::string(65, 'r'))).code,
            Errc::request_bad_argument);
}

TEST(CommandTest, AFrameThatIsTooLargeIsRefusedUnread) {
  const std::string start = R"({"v":1,"id":"1","cmd":"hello","args":{"x":")";
  const std::string end = "\"}}";
  const std::string largest = start + std::string(kLargestCommand - start.size() - end.size(), 'x') + end;
  EXPECT_EQ(refusal(largest).code, Errc::count_);
  EXPECT_EQ(refusal(largest + " ").code, Errc::request_too_large);
  EXPECT_EQ(refusal(std::string(kLargestCommand + 1, '[')).code, Errc::request_too_large);
}

TEST(CommandTest, ARefusalCanBeMatchedAsSoonAsTheIdCouldBeRead) {
  EXPECT_EQ(refusal(R"({"v":9,"id":"mine","cmd":"hello"})").id_seen, "mine");
  EXPECT_EQ(refusal(R"({"v":1,"id":"mine","cmd":7})").id_seen, "mine");
  EXPECT_EQ(refusal(R"({"v":1,"id":7,"cmd":"x"})").id_seen, "");
  EXPECT_EQ(refusal("nonsense").id_seen, "");
}

TEST(CommandTest, AnIdThatIsTooLongIsEchoedShortAndStillUtf8) {
  std::string id = "x";
  while (id.size() < 100) {
    id += "ễ";
  }
  const Refusal found = refusal(fmt::format(R"({{"v":1,"id":"{}","cmd":"hello"}})", id));
  EXPECT_EQ(found.code, Errc::request_malformed);
  EXPECT_LE(found.id_seen.size(), 64U);
  EXPECT_GT(found.id_seen.size(), 60U);
  EXPECT_TRUE(is_utf8(found.id_seen));
}

TEST(EnvelopeTest, ACommandSurvivesTheWire) {
  Command command = filled<Command>();
  command.v = kApiVersion;
  std::string id;
  const auto again = decode_command(encode(command), id);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(encode(*again), encode(command));
}

TEST(EnvelopeTest, AReplySurvivesTheWire) {
  const Reply reply = filled<Reply>();
  const auto again = decode_reply(encode(reply));
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(*again), encode(reply));
  EXPECT_THAT(encode(reply), HasSubstr("\"native\""));
}

TEST(EnvelopeTest, AnEventSurvivesTheWire) {
  const Event event = filled<Event>();
  const auto again = decode_event(encode(event));
  ASSERT_TRUE(again);
  EXPECT_EQ(encode(*again), encode(event));
}

TEST(EnvelopeTest, ATransientEventHasNoNumber) {
  Event event;
  event.type = "job.progress";
  EXPECT_EQ(encode(event).find("\"seq\""), std::string::npos);
  EXPECT_FALSE(decode_event(encode(event))->seq);
}

TEST(EnvelopeTest, ARepliesStatusIsOneOfFour) {
  EXPECT_TRUE(decode_reply(R"({"v":1,"id":"1","status":"accepted"})"));
  const auto unknown = decode_reply(R"({"v":1,"id":"1","status":"maybe"})");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::request_malformed);
  EXPECT_THAT(unknown.error().detail, HasSubstr("accepted, done, failed, cancelled"));
}

TEST(EnvelopeTest, NonsenseInPlaceOfAReplyOrEventIsMalformed) {
  for (const std::string_view text : {"", "[]", "{", "\xff", R"({"v":"x"})"}) {
    EXPECT_EQ(decode_reply(text).error().code, Errc::request_malformed) << text;
    EXPECT_EQ(decode_event(text).error().code, Errc::request_malformed) << text;
  }
}

}  // namespace
}  // namespace quay::protocol
