// SPDX-License-Identifier: Apache-2.0
// What front ends and quayd said to each other when v1 was young, recorded in tests/data/v1 from the running daemon.
// Every line must be understood for ever, and no member of it may be lost or change its value: within v1 only add.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "protocol/client/command_table.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/client/event_table.hpp"
#include "protocol/json/writer.hpp"

namespace quay::protocol {
namespace {

using testing::IsEmpty;

std::vector<json::object> recorded(const std::string& name) {
  std::ifstream file(std::string(QUAY_V1_FIXTURES) + "/" + name);
  std::vector<json::object> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(json::parse(line).as_object());
  }
  return lines;
}

/// Pointers to the members of `then` that `now` does not have, or has with another value.
void compare(const json::value& then, const json::value& now, const std::string& at, std::vector<std::string>& lost) {
  if (then.is_object() && now.is_object()) {
    for (const auto& [key, value] : then.get_object()) {
      const json::value* same = now.get_object().if_contains(key);
      const std::string place = at + "/" + std::string(key);
      same == nullptr ? lost.push_back(place) : compare(value, *same, place, lost);
    }
  } else if (then.is_array() && now.is_array() && then.get_array().size() == now.get_array().size()) {
    for (std::size_t i = 0; i < then.get_array().size(); ++i) {
      compare(then.get_array()[i], now.get_array()[i], at + "/" + std::to_string(i), lost);
    }
  } else if (then.is_number() && now.is_number()) {
    if (then.to_number<double>() != now.to_number<double>()) {
      lost.push_back(at);
    }
  } else if (then != now) {
    lost.push_back(at);
  }
}

/// The same when `then` is read as a T and written again.
template <class T>
std::vector<std::string> lost_in(const json::value& then) {
  const auto read = from_json<T>(then);
  std::vector<std::string> lost;
  if (read) {
    compare(then, to_json(*read), "", lost);
  } else {
    lost.push_back("not understood: " + describe(read.error()));
  }
  return lost;
}

TEST(V1Fixture, EveryRecordedCommandIsStillUnderstoodWhole) {
  std::set<std::string> seen;
  for (const json::object& line : recorded("commands.jsonl")) {
    std::string id;
    const auto command = decode_command(json::serialize(line), id);
    ASSERT_TRUE(command) << json::serialize(line);
    EXPECT_THAT(lost_in<Command>(line), IsEmpty()) << json::serialize(line);
    for_each_command([&](const auto& row) {
      using Row = std::remove_cvref_t<decltype(row)>;
      if (row.name == command->cmd) {
        seen.insert(command->cmd);
        EXPECT_THAT(lost_in<typename Row::Arguments>(command->args), IsEmpty()) << json::serialize(line);
      }
    });
  }
  EXPECT_GE(seen.size(), 18U);
}

TEST(V1Fixture, EveryRecordedReplyCanStillBeSaid) {
  std::set<std::string> seen;
  for (const json::object& line : recorded("replies.jsonl")) {
    const std::string name(line.at("cmd").as_string());
    const json::value& then = line.at("reply");
    const auto reply = decode_reply(json::serialize(then));
    ASSERT_TRUE(reply) << json::serialize(then);
    EXPECT_THAT(lost_in<Reply>(then), IsEmpty()) << json::serialize(then);
    for_each_command([&](const auto& row) {
      using Row = std::remove_cvref_t<decltype(row)>;
      if (row.name == name && reply->status == ReplyStatus::done) {
        seen.insert(name);
        EXPECT_THAT(lost_in<typename Row::Outcome>(*reply->result), IsEmpty()) << json::serialize(then);
      }
    });
  }
  EXPECT_GE(seen.size(), 17U);
}

TEST(V1Fixture, EveryRecordedEventCanStillBeSaid) {
  std::set<std::string> seen;
  for (const json::object& line : recorded("events.jsonl")) {
    const auto event = decode_event(json::serialize(line));
    ASSERT_TRUE(event) << json::serialize(line);
    EXPECT_THAT(lost_in<Event>(line), IsEmpty()) << json::serialize(line);
    for_each_event([&](const auto& row) {
      using Row = std::remove_cvref_t<decltype(row)>;
      if (row.topic == event->type) {
        seen.insert(event->type);
        EXPECT_THAT(lost_in<typename Row::Data>(event->data), IsEmpty()) << json::serialize(line);
      }
    });
  }
  EXPECT_GE(seen.size(), 13U);
}

TEST(V1Fixture, EveryRecordedPushCanStillBeSaid) {
  std::size_t parts = 0;
  for (const json::object& line : recorded("pushes.jsonl")) {
    const bool end = line.at("type") == "image.end";
    EXPECT_THAT(end ? lost_in<ImageEnd>(line) : lost_in<ImagePart>(line), IsEmpty()) << json::serialize(line);
    parts += end ? 0 : 1;
  }
  EXPECT_GE(parts, 2U);
}

}  // namespace
}  // namespace quay::protocol
