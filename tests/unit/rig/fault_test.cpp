// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/fault.hpp"

#include <gmock/gmock.h>

namespace quay::rig {
namespace {

TEST(Fault, EveryKindIsReadFromTheTextItPrints) {
  for (int i = 0; i < static_cast<int>(FaultKind::count_); ++i) {
    const Fault fault{static_cast<FaultKind>(i), 2, 1.5, 3};
    const auto read = parse_fault(to_text(fault));
    ASSERT_TRUE(read) << to_text(fault);
    EXPECT_EQ(*read, fault);
  }
}

TEST(Fault, AnUnknownNameIsRefusedWithTheNamesThatExist) {
  const auto read = parse_fault("explode");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::usage);
  EXPECT_THAT(read.error().detail, testing::HasSubstr("half-jpeg"));
}

TEST(Fault, AFieldThatIsNoNumberIsRefusedByName) {
  for (const char* text : {"jam page=two", "jam page=-1", "jam seconds=", "jam day=2", "jam 2", "slow seconds=1x"}) {
    const auto read = parse_fault(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error().detail, testing::HasSubstr("expected page=N")) << text;
  }
}

}  // namespace
}  // namespace quay::rig
