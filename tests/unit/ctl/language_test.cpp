// SPDX-License-Identifier: Apache-2.0
#include "ctl/language.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace quay::ctl {
namespace {

/// Sets the three variables for one test; empty: unset.
Language with(const char* all, const char* messages, const char* lang) {
  ::setenv("LC_ALL", all, 1);
  ::setenv("LC_MESSAGES", messages, 1);
  ::setenv("LANG", lang, 1);
  return language_of_environment();
}

TEST(Language, IsVietnameseWhenTheLocaleSaysSo) {
  EXPECT_EQ(with("", "", "vi_VN.UTF-8"), Language::vi);
  EXPECT_EQ(with("", "", "vi"), Language::vi);
}

TEST(Language, IsEnglishOtherwise) {
  EXPECT_EQ(with("", "", ""), Language::en);
  EXPECT_EQ(with("", "", "C.UTF-8"), Language::en);
  EXPECT_EQ(with("", "", "vie_XX"), Language::en) << "another language whose name begins alike";
}

TEST(Language, FollowsThePrecedenceOfTheVariables) {
  EXPECT_EQ(with("C", "vi_VN", "vi_VN"), Language::en);
  EXPECT_EQ(with("", "vi_VN", "C"), Language::vi);
}

}  // namespace
}  // namespace quay::ctl
