// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/result.hpp"

namespace quay {
namespace {

TEST(ErrorTest, FromErrnoKeepsNameNumberAndTheCLibrarysText) {
  const Error error = errno_error(Errc::spool_full, "spool.write", ENOSPC);
  EXPECT_EQ(error.code, Errc::spool_full);
  EXPECT_EQ(error.operation, "spool.write");
  EXPECT_EQ(error.detail, "No space left on device");
  EXPECT_EQ(error.native, (NativeStatus{"errno", "ENOSPC", ENOSPC}));
}

TEST(ErrorTest, AnErrnoThatNobodyKnowsIsStillAnError) {
  const Error error = errno_error(Errc::bug, "x", 123456);
  EXPECT_EQ(error.detail, "unknown error");
  EXPECT_EQ(error.native, (NativeStatus{"errno", "", 123456}));
}

TEST(ErrorTest, IsDescribedOnOneLineWithAllThatIsKnown) {
  Error error = make_error(Errc::paper_jam, "sane_start", "the feeder is blocked");
  EXPECT_EQ(describe(error), "sane_start: the feeder is blocked");
  error.device_id = "counter-1";
  error.native = NativeStatus{"SANE", "SANE_STATUS_JAMMED", 6};
  EXPECT_EQ(describe(error), "sane_start: the feeder is blocked [device counter-1] [SANE SANE_STATUS_JAMMED 6]");
}

TEST(ErrorTest, ADescriptionLeavesOutWhatIsEmpty) {
  EXPECT_EQ(describe(make_error(Errc::bug, "", "only detail")), "only detail");
  EXPECT_EQ(describe(make_error(Errc::bug, "only operation", "")), "only operation");
}

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> value = 7;
  const Result<int> error = failure(Errc::usage, "main", "wrong");
  EXPECT_TRUE(value);
  EXPECT_EQ(*value, 7);
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error(), make_error(Errc::usage, "main", "wrong"));
}

TEST(ResultTest, AStatusIsFineUntilToldOtherwise) {
  EXPECT_TRUE(Status{});
  EXPECT_FALSE(Status(failure(Errc::bug, "", "")));
}

}  // namespace
}  // namespace quay
