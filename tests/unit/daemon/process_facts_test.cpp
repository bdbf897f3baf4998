// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/process_facts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>

namespace quay::daemon::service {
namespace {

TEST(ProcessFacts, AreReadBehindANameThatLooksLikeTheRest) {
  const auto facts = facts_of(
      "77 (a) S 1 (b)) S 1 77 77 0 -1 4194560 901 0 3 0 250 50 0 0 20 0 9 0 4000 123456789 321 18446744073709551615",
      1'700'000'000);
  ASSERT_TRUE(facts);
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  EXPECT_DOUBLE_EQ(facts->cpu_seconds, 300 / ticks);
  EXPECT_DOUBLE_EQ(facts->start_time_seconds, 1'700'000'000 + 4000 / ticks);
  EXPECT_EQ(facts->resident_bytes, 321U * static_cast<std::uint64_t>(::getpagesize()));
}

TEST(ProcessFacts, OfSomethingElseAreAnError) {
  EXPECT_FALSE(facts_of("", 0));
  EXPECT_FALSE(facts_of("77 (quayd) S 1 77", 0));
}

TEST(ProcessFacts, OfThisProcessArePlausible) {
  const auto facts = process_facts();
  ASSERT_TRUE(facts);
  EXPECT_GT(facts->resident_bytes, 1'000'000U);
  EXPECT_LE(facts->start_time_seconds, static_cast<double>(std::time(nullptr)) + 2);
  EXPECT_GT(facts->start_time_seconds, static_cast<double>(std::time(nullptr)) - 3600);
}

}  // namespace
}  // namespace quay::daemon::service
