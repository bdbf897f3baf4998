// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace quay {
namespace {

std::string base64(std::string_view text) {
  return to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(Encoding, Base64IsThatOfTheStandardsExamples) {  // RFC 4648 section 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFF\xFE"), "//4=");
}

TEST(Encoding, Base64ComesBackAsItWasAndNothingElseIsTaken) {
  for (const std::string_view text : {"", "f", "fo", "foo", "foobar", "\xFF\xFE"}) {
    EXPECT_EQ(from_base64(base64(text)), std::string(text));
  }
  for (const std::string_view bad : {"Zg=", "Z", "Zg==Zg==", "Zm9*", "====", "Z=9v"}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

TEST(Encoding, VietnameseInBothNormalFormsIsUtf8) {
  EXPECT_TRUE(is_utf8("NGUYỄN THỊ ÁNH"));
  EXPECT_TRUE(is_utf8("Nguye\u0302\u0303n"));
  EXPECT_TRUE(is_utf8("\U0010FFFF"));
  EXPECT_TRUE(is_utf8(""));
}

TEST(Encoding, WhatTheStandardForbidsIsNotUtf8) {
  for (const std::string_view bad : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                     "\xF8\x88\x80\x80\x80", "\xC3", "\xE1\xBB", "a\xFFz", "\xC3("}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

}  // namespace
}  // namespace quay
