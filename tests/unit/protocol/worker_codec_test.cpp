// SPDX-License-Identifier: Apache-2.0
// Worker frames: each message goes there and back with every member; nothing else is taken.
#include "protocol/worker/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/protocol/protocol_support.hpp"

namespace quay::protocol::worker {
namespace {

using testing::HasSubstr;

/// One filled message of each alternative.
template <class Variant>
std::vector<Variant> one_of_each() {
  std::vector<Variant> all;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Variant>>([&](auto type) {
    using Body = typename decltype(type)::type;
    all.emplace_back(filled<Body>());
  });
  return all;
}

TEST(WorkerCodecTest, EveryMessageToAWorkerGoesThereAndBack) {
  const std::vector<ToWorker> messages = one_of_each<ToWorker>();
  ASSERT_EQ(messages.size(), std::variant_size_v<ToWorker>);
  for (const ToWorker& message : messages) {
    const auto again = decode_to_worker(encode(message));
    ASSERT_TRUE(again) << encode(message) << again.error().detail;
    EXPECT_EQ(again->index(), message.index());
    EXPECT_EQ(encode(*again), encode(message));
    EXPECT_LE(encode(message).size(), kLargestFrame);
  }
}

TEST(WorkerCodecTest, EveryMessageFromAWorkerGoesThereAndBack) {
  const std::vector<FromWorker> messages = one_of_each<FromWorker>();
  ASSERT_EQ(messages.size(), std::variant_size_v<FromWorker>);
  for (const FromWorker& message : messages) {
    const auto again = decode_from_worker(encode(message));
    ASSERT_TRUE(again) << encode(message) << again.error().detail;
    EXPECT_EQ(again->index(), message.index());
    EXPECT_EQ(encode(*again), encode(message));
  }
}

TEST(WorkerCodecTest, MembersThatAreSetAreOnTheWire) {
  const auto page = filled<PageRead>();
  const std::string text = encode(FromWorker(page));
  for (const std::string_view member : {"\"type\":\"page_read\"", "\"request\":", "\"buffer\":", "\"geometry\":",
                                        "\"stride_bytes\":", "\"adjusted\":", "\"asked\":"}) {
    EXPECT_THAT(text, HasSubstr(std::string(member)));
  }
}

TEST(WorkerCodecTest, EveryTypeHasItsOwnName) {
  std::set<std::string> names;
  for (const ToWorker& message : one_of_each<ToWorker>()) {
    names.insert(json::parse(encode(message)).at("type").as_string().c_str());
  }
  for (const FromWorker& message : one_of_each<FromWorker>()) {
    names.insert(json::parse(encode(message)).at("type").as_string().c_str());
  }
  EXPECT_EQ(names.size(), std::variant_size_v<ToWorker> + std::variant_size_v<FromWorker>);
}

TEST(WorkerCodecTest, AMessageOfTheOtherDirectionIsRefused) {
  for (const FromWorker& message : one_of_each<FromWorker>()) {
    EXPECT_FALSE(decode_to_worker(encode(message))) << encode(message);
  }
  for (const ToWorker& message : one_of_each<ToWorker>()) {
    EXPECT_FALSE(decode_from_worker(encode(message))) << encode(message);
  }
}

TEST(WorkerCodecTest, NonsenseIsRefusedWithWhatDidNotFit) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "not JSON"},
      {"[]", "a JSON object was expected"},
      {"\xff", "not JSON"},
      {std::string(60'000, '['), "not JSON"},
      {R"({"type":"rendition","report":{"skew":[1e999]}})", "a number is too large"},
      {"{}", "no type"},
      {R"({"type":7})", "no type"},
      {R"({"type":"explode"})", "unknown type explode"},
      {R"({"type":"finished","request":-1})", "/request: -1 where a whole number"},
      {R"({"type":"page_read","geometry":{"width":"wide"}})", "/geometry/width: \"wide\" where"},
      {R"({"type":"page_read","geometry":{"format":"cmyk"}})", "one of bitonal, gray, rgb"},
      {R"({"type":"hello","program":"x"})", "/version: missing"},
  };
  for (const auto& [text, expected] : cases) {
    const auto message = decode_from_worker(text);
    ASSERT_FALSE(message) << text;
    EXPECT_EQ(message.error().code, Errc::worker_protocol);
    EXPECT_THAT(message.error().detail, HasSubstr(expected));
  }
}

TEST(WorkerCodecTest, AnUnknownTypeIsNamedShortAndReadable) {
  std::string name;
  while (name.size() < 1000) {
    name += "ễ";
  }
  const auto message = decode_from_worker("{\"type\":\"x" + name + "\"}");
  ASSERT_FALSE(message);
  EXPECT_LT(message.error().detail.size(), 80U);
  EXPECT_TRUE(is_utf8(message.error().detail));
}

TEST(WorkerCodecTest, UnknownMembersAreIgnored) {
  EXPECT_TRUE(decode_from_worker(R"({"type":"finished","request":1,"mood":"fine"})"));
}

}  // namespace
}  // namespace quay::protocol::worker
