// SPDX-License-Identifier: Apache-2.0
// The table of errors: every code is there, spelled once, and says to a clerk in both languages what to do.
#include "protocol/client/error_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "protocol/client/error_body.hpp"
#include "tests/unit/protocol/protocol_support.hpp"

namespace quay::protocol {
namespace {

constexpr std::size_t kLongestSentence = 100;

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) == 0x80U) {
      points.back() = (points.back() << 6U) | (byte & 0x3fU);
    } else {
      points.push_back(byte < 0x80 ? byte : byte < 0xe0 ? byte & 0x1fU : byte < 0xf0 ? byte & 0x0fU : byte & 0x07U);
    }
  }
  return points;
}

/// Unicode's Combining Diacritical Marks. Every Vietnamese letter has a precomposed form (U+1E00 and others), so one
/// of these in a sentence means that it is not in Normalization Form C (UAX #15).
bool has_combining_mark(std::string_view text) {
  const std::vector<char32_t> points = code_points(text);
  return std::any_of(points.begin(), points.end(), [](char32_t point) { return point >= 0x300 && point <= 0x36f; });
}

TEST(ErrorTableTest, HasOneRowForEachCodeInTheOrderOfTheEnum) {
  ASSERT_EQ(error_table().size(), static_cast<std::size_t>(Errc::count_));
  for (std::size_t i = 0; i < error_table().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(error_table()[i].code), i);
  }
}

TEST(ErrorTableTest, WireNamesAreUniqueAndWellFormed) {
  const std::regex shape("[a-z]+\\.[a-z_]+|[a-z]+");
  std::set<std::string_view> seen;
  for (const ErrorRow& row : error_table()) {
    EXPECT_TRUE(std::regex_match(std::string(row.wire), shape)) << row.wire;
    EXPECT_TRUE(seen.insert(row.wire).second) << row.wire;
  }
}

TEST(ErrorTableTest, EveryWireNameLeadsBackToItsCode) {
  for (const ErrorRow& row : error_table()) {
    EXPECT_EQ(errc_from_wire(row.wire), row.code);
    EXPECT_EQ(&error_row(row.code), &row);
  }
  EXPECT_EQ(errc_from_wire("paper.on_fire"), std::nullopt);
  EXPECT_EQ(errc_from_wire(""), std::nullopt);
  EXPECT_EQ(errc_from_wire("paper.jam "), std::nullopt);
}

TEST(ErrorTableTest, EverySentenceFitsOnAScreenAndEndsAsASentence) {
  for (const ErrorRow& row : error_table()) {
    for (const std::string_view sentence : {row.vi, row.en}) {
      EXPECT_TRUE(is_utf8(sentence)) << row.wire;
      EXPECT_LE(code_points(sentence).size(), kLongestSentence) << sentence;
      EXPECT_TRUE(sentence.ends_with('.')) << sentence;
      EXPECT_EQ(sentence.find("  "), std::string_view::npos) << sentence;
      EXPECT_EQ(sentence.find_first_of("\n\t"), std::string_view::npos) << sentence;
    }
  }
}

TEST(ErrorTableTest, VietnameseIsInNormalizationFormC) {
  for (const ErrorRow& row : error_table()) {
    EXPECT_FALSE(has_combining_mark(row.vi)) << row.wire << ": " << row.vi;
  }
  EXPECT_TRUE(has_combining_mark("ke\u0323t")) << "the check itself";
}

TEST(ErrorTableTest, EverySentenceSaysWhatIsWrongAndWhatToDo) {
  for (const ErrorRow& row : error_table()) {
    for (const std::string_view sentence : {row.vi, row.en}) {
      const std::size_t colon = sentence.find(": ");
      ASSERT_NE(colon, std::string_view::npos) << sentence;
      EXPECT_GT(colon, 8U) << sentence;
      EXPECT_GT(sentence.size() - colon, 8U) << sentence;
    }
  }
}

TEST(ErrorTableTest, TheTwoLanguagesAreTwo) {
  std::set<std::string_view> seen;
  for (const ErrorRow& row : error_table()) {
    EXPECT_NE(row.vi, row.en);
    EXPECT_TRUE(seen.insert(row.vi).second) << "said twice: " << row.vi;
    EXPECT_TRUE(seen.insert(row.en).second) << "said twice: " << row.en;
    const std::vector<char32_t> points = code_points(row.vi);
    EXPECT_TRUE(std::any_of(points.begin(), points.end(), [](char32_t point) { return point > 0x7f; })) << row.vi;
  }
}

TEST(ErrorTableTest, WhatAPrintWaitsForNeverMakesTheClerkPrintTwice) {
  for (const Errc code : {Errc::printer_paper_empty, Errc::printer_paper_jam, Errc::printer_cover_open,
                          Errc::printer_marker_empty, Errc::printer_offline}) {
    EXPECT_NE(error_row(code).vi.find("máy sẽ in tiếp"), std::string_view::npos) << error_row(code).vi;
    EXPECT_NE(error_row(code).en.find("goes on"), std::string_view::npos) << error_row(code).en;
    EXPECT_EQ(error_row(code).vi.find("in lại"), std::string_view::npos) << error_row(code).vi;
  }
}

TEST(ErrorTableTest, NoSentenceOfAPrintSpeaksOfScanning) {
  for (const ErrorRow& row : error_table()) {
    if (row.wire.starts_with("print")) {
      EXPECT_EQ(row.vi.find("quét"), std::string_view::npos) << row.vi;
      EXPECT_EQ(row.vi.find("Quét"), std::string_view::npos) << row.vi;
      EXPECT_EQ(row.en.find("scan"), std::string_view::npos) << row.en;
    }
  }
}

TEST(ErrorTableTest, EveryRemedyHasItsOwnName) {
  std::set<std::string_view> names;
  for (const Remedy remedy : {Remedy::clerk, Remedy::wait, Remedy::technician, Remedy::caller, Remedy::bug}) {
    names.insert(remedy_name(remedy));
  }
  EXPECT_THAT(names, testing::ElementsAre("bug", "caller", "clerk", "technician", "wait"));
}

TEST(ErrorTableTest, ACodeOutOfRangeIsABug) {
  EXPECT_EQ(error_row(static_cast<Errc>(250)).code, Errc::bug);
  EXPECT_EQ(error_row(Errc::count_).code, Errc::bug);
}

TEST(ErrorBodyTest, CarriesTheRowAndTheFacts) {
  Error error = make_error(Errc::paper_jam, "sane_start", "sheet 3");
  error.device_id = "counter-1";
  error.native = NativeStatus{"SANE", "SANE_STATUS_JAMMED", 6};
  const ErrorBody body = to_body(error);
  EXPECT_EQ(body.code, "paper.jam");
  EXPECT_EQ(body.remedy, "clerk");
  EXPECT_EQ(body.vi, error_row(Errc::paper_jam).vi);
  EXPECT_EQ(body.en, error_row(Errc::paper_jam).en);
  EXPECT_EQ(body.device, "counter-1");
  EXPECT_EQ(body.native->name, "SANE_STATUS_JAMMED");
  EXPECT_EQ(from_body(body), error);
}

TEST(ErrorBodyTest, LeavesOutWhatIsEmpty) {
  const ErrorBody body = to_body(Error{});
  EXPECT_FALSE(body.device);
  EXPECT_FALSE(body.operation);
  EXPECT_FALSE(body.detail);
  EXPECT_FALSE(body.native);
}

TEST(ErrorBodyTest, EveryCodeSurvivesTheWayThere) {
  for (const ErrorRow& row : error_table()) {
    EXPECT_EQ(from_body(to_body(make_error(row.code, "x", "y"))).code, row.code);
  }
}

TEST(ErrorBodyTest, ACodeOfANewerProgramIsABugThatNamesIt) {
  ErrorBody body = to_body(make_error(Errc::paper_jam, "x", "y"));
  body.code = "paper.on_fire";
  const Error error = from_body(body);
  EXPECT_EQ(error.code, Errc::bug);
  EXPECT_EQ(error.detail, "unknown code paper.on_fire");
}

}  // namespace
}  // namespace quay::protocol
