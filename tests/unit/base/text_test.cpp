// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace quay {
namespace {

TEST(TextTest, ShortTextIsNotCut) {
  EXPECT_EQ(cut_utf8("", 0), "");
  EXPECT_EQ(cut_utf8("Kẹt giấy", 100), "Kẹt giấy");
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
}

TEST(TextTest, ACutNeverGoesThroughACharacter) {
  const std::string_view text = "aẹ\xf0\x9f\x96\xa8z";  // 1, 3, 4 and 1 bytes
  const std::size_t ends[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 9};
  for (std::size_t most = 0; most < std::size(ends); ++most) {
    EXPECT_EQ(cut_utf8(text, most).size(), ends[most]) << most;
  }
}

TEST(TextTest, TextThatIsNoUtf8IsCutSomewhereWithoutHarm) {
  EXPECT_EQ(cut_utf8("\x80\x80\x80", 2), "");
  EXPECT_EQ(cut_utf8("\xff\xff\xff", 2).size(), 2U);
}

}  // namespace
}  // namespace quay
