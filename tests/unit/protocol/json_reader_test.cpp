// SPDX-License-Identifier: Apache-2.0
// The tolerant reader: what is unknown is ignored, what is wrong is refused with the pointer to it.
#include "protocol/json/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/protocol/protocol_support.hpp"

namespace quay::protocol {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

enum class Closed : std::uint8_t { red, green };
BOOST_DESCRIBE_ENUM(Closed, red, green)
enum class Open : std::uint8_t { red, green, other };
BOOST_DESCRIBE_ENUM(Open, red, green, other)

struct Inner : AllRequired {
  std::int32_t number = 0;
};
struct Everything : AllOptional {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint8_t byte = 0;
  std::int64_t large = 0;
  std::uint64_t huge = 0;
  double real = 0;
  std::string text;
  DeviceId id;
  Closed closed = Closed::green;
  Open open = Open::green;
  std::optional<std::int32_t> maybe;
  std::vector<Inner> list;
  json::object any;
  Inner inner;
};
struct Derived : Inner {
  std::string more;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (number))
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (flag, tiny, byte, large, huge, real, text, id, closed, open, maybe, list, any, inner))
BOOST_DESCRIBE_STRUCT(Derived, (Inner), (more))

Result<Everything> read(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  EXPECT_FALSE(error) << error.message() << ": " << text.substr(0, 80);
  return from_json<Everything>(value);
}

std::string mistake(std::string_view text) {
  const Result<Everything> read_value = read(text);
  if (read_value) {
    return "accepted";
  }
  EXPECT_EQ(read_value.error().code, Errc::request_bad_argument);
  return read_value.error().detail;
}

TEST(JsonReaderTest, ReadsEveryKindOfMember) {
  const auto value = read(R"({"flag":true,"tiny":-128,"byte":255,"large":-9223372036854775808,
    "huge":18446744073709551615,"real":0.5,"text":"Kẹt giấy","id":"counter-1","closed":"red","open":"red","maybe":7,
    "list":[{"number":1},{"number":2}],"any":{"x":[1]},"inner":{"number":3}})");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->flag);
  EXPECT_EQ(value->tiny, -128);
  EXPECT_EQ(value->byte, 255);
  EXPECT_EQ(value->large, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(value->huge, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(value->real, 0.5);
  EXPECT_EQ(value->text, "Kẹt giấy");
  EXPECT_EQ(value->id, DeviceId{"counter-1"});
  EXPECT_EQ(value->closed, Closed::red);
  EXPECT_EQ(value->open, Open::red);
  EXPECT_EQ(value->maybe, 7);
  ASSERT_EQ(value->list.size(), 2U);
  EXPECT_EQ(value->list[1].number, 2);
  EXPECT_TRUE(value->any.contains("x"));
  EXPECT_EQ(value->inner.number, 3);
}

TEST(JsonReaderTest, UnknownKeysAreIgnoredAtEveryDepth) {
  EXPECT_TRUE(read(R"({"new":1,"inner":{"number":1,"newer":{}},"list":[{"number":1,"newest":[]}]})"));
}

TEST(JsonReaderTest, AbsentKeysKeepTheirDefaults) {
  const auto value = read("{}");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->closed, Closed::green);
  EXPECT_FALSE(value->maybe);
}

TEST(JsonReaderTest, AnAbsentRequiredKeyIsNamed) {
  EXPECT_EQ(mistake(R"({"inner":{}})"), "/inner/number: missing");
  EXPECT_EQ(mistake(R"({"list":[{"number":1},{}]})"), "/list/1/number: missing");
}

TEST(JsonReaderTest, NullMeansAbsentForAnOptionalAndIsWrongForTheRest) {
  EXPECT_FALSE(read(R"({"maybe":null})")->maybe);
  EXPECT_EQ(mistake(R"({"text":null})"), "/text: null where a string was expected");
  EXPECT_EQ(mistake(R"({"inner":null})"), "/inner: null where an object was expected");
}

TEST(JsonReaderTest, EachMismatchNamesItsPointerWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(mistake(R"({"flag":1})"), "/flag: 1 where true or false was expected");
  EXPECT_EQ(mistake(R"({"flag":"true"})"), R"(/flag: "true" where true or false was expected)");
  EXPECT_EQ(mistake(R"({"text":5})"), "/text: 5 where a string was expected");
  EXPECT_EQ(mistake(R"({"id":{}})"), "/id: {} where a string was expected");
  EXPECT_EQ(mistake(R"({"real":"1"})"), R"(/real: "1" where a number was expected)");
  EXPECT_EQ(mistake(R"({"list":{}})"), "/list: {} where an array was expected");
  EXPECT_EQ(mistake(R"({"list":[{"number":1},7]})"), "/list/1: 7 where an object was expected");
  EXPECT_EQ(mistake(R"({"list":[{"number":[]}]})"),
            "/list/0/number: [] where a whole number from -2147483648 to 2147483647 was expected");
  EXPECT_EQ(mistake(R"({"any":[]})"), "/any: [] where an object was expected");
  EXPECT_EQ(mistake(R"({"maybe":"7"})"),
            R"(/maybe: "7" where a whole number from -2147483648 to 2147483647 was expected)");
  EXPECT_EQ(mistake("[]"), "/: [] where an object was expected");
  EXPECT_EQ(mistake("3"), "/: 3 where an object was expected");
}

TEST(JsonReaderTest, WholeNumbersAreNotTakenFromFractionsOrExponents) {
  EXPECT_THAT(mistake(R"({"large":1.5})"), StartsWith("/large: 1.5E0 where a whole number"));
  EXPECT_THAT(mistake(R"({"large":1.0})"), StartsWith("/large: 1E0 where a whole number"));
  EXPECT_THAT(mistake(R"({"large":1e3})"), StartsWith("/large: 1E3 where a whole number"));
  EXPECT_THAT(mistake(R"({"huge":true})"), StartsWith("/huge: true where a whole number"));
}

TEST(JsonReaderTest, WholeNumbersStayWithinTheirType) {
  EXPECT_THAT(mistake(R"({"tiny":128})"), HasSubstr("a whole number from -128 to 127"));
  EXPECT_THAT(mistake(R"({"tiny":-129})"), HasSubstr("a whole number from -128 to 127"));
  EXPECT_THAT(mistake(R"({"byte":256})"), HasSubstr("a whole number from 0 to 255"));
  EXPECT_THAT(mistake(R"({"byte":-1})"), HasSubstr("a whole number from 0 to 255"));
  EXPECT_THAT(mistake(R"({"huge":-1})"), HasSubstr("a whole number from 0 to 18446744073709551615"));
  EXPECT_THAT(mistake(R"({"huge":18446744073709551616})"), HasSubstr("/huge: "));
  EXPECT_THAT(mistake(R"({"large":9223372036854775808})"), HasSubstr("/large: "));
}

TEST(JsonReaderTest, ANumberMayBeWholeOrFractionalButNotInfinite) {
  EXPECT_EQ(read(R"({"real":3})")->real, 3.0);
  EXPECT_EQ(read(R"({"real":-2.5e-3})")->real, -0.0025);
  EXPECT_EQ(mistake(R"({"real":1e999})").substr(0, 7), "/real: ");
}

TEST(JsonReaderTest, AClosedEnumNamesItsSpellings) {
  EXPECT_EQ(mistake(R"({"closed":"blue"})"), R"(/closed: "blue" where one of red, green was expected)");
  EXPECT_EQ(mistake(R"({"closed":"RED"})"), R"(/closed: "RED" where one of red, green was expected)");
  EXPECT_EQ(mistake(R"({"closed":0})"), "/closed: 0 where one of red, green was expected");
}

TEST(JsonReaderTest, AnOpenEnumTakesWhatANewerProgramSaysAsOther) {
  EXPECT_EQ(read(R"({"open":"blue"})")->open, Open::other);
  EXPECT_EQ(read(R"({"open":"red"})")->open, Open::red);
  EXPECT_EQ(mistake(R"({"open":1})"), "/open: 1 where one of red, green, other was expected");
}

TEST(JsonReaderTest, TheLastOfTwoEqualKeysCounts) { EXPECT_EQ(read(R"({"tiny":1,"tiny":2})")->tiny, 2); }

TEST(JsonReaderTest, MembersOfTheBaseAreMembers) {
  const auto value = from_json<Derived>(json::parse(R"({"number":4,"more":"x"})"));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->number, 4);
  EXPECT_EQ(value->more, "x");
  EXPECT_EQ(from_json<Derived>(json::parse(R"({"more":"x"})")).error().detail, "/number: missing");
}

TEST(JsonReaderTest, AnErrorStaysShortAndReadableWhateverWasSent) {
  std::string text;
  while (text.size() < 10'000) {
    text += "ễ";
  }
  for (int shift = 0; shift < 3; ++shift) {
    const std::string detail =
        mistake("{\"flag\":\"" + std::string(static_cast<std::size_t>(shift), 'a') + text + "\"}");
    EXPECT_LT(detail.size(), 150U);
    EXPECT_TRUE(is_utf8(detail)) << detail;
  }
}

TEST(JsonWriterTest, LeavesOutEmptyOptionalsAndNamesEnums) {
  Everything value;
  value.text = "a\"b\nễ";
  const json::object written = to_json_object(value);
  EXPECT_FALSE(written.contains("maybe"));
  EXPECT_EQ(written.at("closed"), "green");
  EXPECT_EQ(written.at("text"), "a\"b\nễ");
}

TEST(JsonWriterTest, WhatIsWrittenIsReadBackTheSame) {
  const auto value = filled<Everything>();
  const json::value written = to_json(value);
  const auto again = from_json<Everything>(json::parse(json::serialize(written)));
  ASSERT_TRUE(again);
  EXPECT_EQ(to_json(*again), written);
  EXPECT_TRUE(written.as_object().contains("maybe"));
}

}  // namespace
}  // namespace quay::protocol
