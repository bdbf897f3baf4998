// SPDX-License-Identifier: Apache-2.0
#include "imaging/profile.hpp"

#include <gtest/gtest.h>

namespace quay::imaging {

TEST(Profile, IsFoundByEachNameInTheTable) {
  for (const Profile& profile : profiles()) {
    const auto found = profile_named(profile.name);
    ASSERT_TRUE(found) << profile.name;
    EXPECT_EQ(found->name, profile.name);
    EXPECT_GE(found->jpeg_quality, 1);
    EXPECT_LE(found->jpeg_quality, 100);
  }
}

TEST(Profile, ThatDoesNotExistIsRefusedWithTheNamesThereAre) {
  const auto found = profile_named("fax");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::request_bad_argument);
  EXPECT_NE(found.error().detail.find("hoso"), std::string::npos);
}

TEST(Profile, HosoIsAColourPdf) {
  const auto hoso = profile_named("hoso");
  ASSERT_TRUE(hoso);
  EXPECT_EQ(hoso->format, OutputFormat::pdf);
  EXPECT_TRUE(hoso->clean.whiten);
}

}  // namespace quay::imaging
