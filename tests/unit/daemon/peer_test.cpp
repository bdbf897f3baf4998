// SPDX-License-Identifier: Apache-2.0
// Who may speak, how often, and what the kernel said of them.
#include <gtest/gtest.h>

#include "daemon/core/peer_book.hpp"
#include "daemon/core/token_bucket.hpp"

namespace quay::daemon::core {
namespace {

constexpr std::uint32_t kQuayUser = 990;
constexpr std::uint32_t kQuayGroup = 980;

Account user(std::uint32_t uid, std::vector<std::uint32_t> groups) { return {uid, std::move(groups), "someone", 1}; }

TEST(PeerBook, WithoutRulesRootRunsTheCounterAndTheGroupServesIt) {
  const PeerBook book({}, kQuayUser, kQuayGroup);
  EXPECT_EQ(book.look_up(user(0, {0})).roles, Role::front_end | Role::technician);
  EXPECT_EQ(book.look_up(user(kQuayUser, {1})).roles, Role::front_end | Role::technician);
  EXPECT_EQ(book.look_up(user(1000, {1000, kQuayGroup})).roles, Roles(Role::front_end));
  EXPECT_TRUE(book.look_up(user(1000, {1000})).roles.empty());
  EXPECT_TRUE(book.look_up(Account{std::nullopt, {}, "kiosk", 0}).roles.empty());
}

TEST(PeerBook, TheFirstRuleThatFitsHasTheSay) {
  const PeerBook book({{1000, {}, {}, Role::viewer}, {{}, 50, {}, Role::technician}, {1000, {}, {}, Role::front_end}},
                      kQuayUser, kQuayGroup);
  EXPECT_EQ(book.look_up(user(1000, {50})).roles, Roles(Role::viewer));
  EXPECT_EQ(book.look_up(user(1001, {7, 50})).roles, Roles(Role::technician));
  EXPECT_EQ(book.look_up(user(1001, {7, kQuayGroup})).roles, Roles(Role::front_end));
}

TEST(PeerBook, ARuleWithoutRolesShutsSomebodyOut) {
  const PeerBook book({{1000, {}, {}, Roles()}, {0, {}, {}, Role::viewer}}, kQuayUser, kQuayGroup);
  EXPECT_TRUE(book.look_up(user(1000, {kQuayGroup})).roles.empty());
  EXPECT_EQ(book.look_up(user(0, {0})).roles, Roles(Role::viewer)) << "root too";
}

TEST(PeerBook, AKeyIsNotAUserOfTheSameName) {
  const PeerBook book({{{}, {}, "kiosk", Role::front_end}}, kQuayUser, kQuayGroup);
  EXPECT_EQ(book.look_up(Account{std::nullopt, {}, "kiosk", 0}).roles, Roles(Role::front_end));
  EXPECT_EQ(book.look_up(Account{std::nullopt, {}, "kiosk", 0}).owner, "key:kiosk");
  EXPECT_TRUE(book.look_up(Account{1000, {1000}, "kiosk", 1}).roles.empty());
}

TEST(PeerBook, ARuleThatNamesNobodyFitsNobody) {
  const PeerBook book({{{}, {}, {}, kEverybody}}, kQuayUser, kQuayGroup);
  EXPECT_TRUE(book.look_up(user(1000, {1000})).roles.empty());
}

TEST(Roles, ANewRoleOfNobodyIsEmpty) {
  EXPECT_TRUE(Roles().empty());
  EXPECT_FALSE(Roles().any_of(kEverybody));
  EXPECT_TRUE((Role::viewer | Role::technician).any_of(Role::technician));
  EXPECT_FALSE((Role::viewer | Role::technician).any_of(Role::front_end));
}

TEST(TokenBucket, GivesABurstAndThenItsRate) {
  const Deadline start{};
  TokenBucket bucket({10, 3}, start);
  EXPECT_TRUE(bucket.take(start) && bucket.take(start) && bucket.take(start));
  EXPECT_FALSE(bucket.take(start));
  EXPECT_EQ(bucket.wait(), Milliseconds(100));
  EXPECT_FALSE(bucket.take(start + Milliseconds(99)));
  EXPECT_TRUE(bucket.take(start + Milliseconds(201)));
  EXPECT_TRUE(bucket.take(start + Milliseconds(202)));
  EXPECT_FALSE(bucket.take(start + Milliseconds(203)));
}

TEST(TokenBucket, HoldsNoMoreThanABurst) {
  const Deadline start{};
  TokenBucket bucket({10, 3}, start);
  const Deadline later = start + std::chrono::hours(1);
  EXPECT_TRUE(bucket.full(later));
  EXPECT_TRUE(bucket.take(later) && bucket.take(later) && bucket.take(later));
  EXPECT_FALSE(bucket.take(later));
  EXPECT_FALSE(bucket.full(later));
}

}  // namespace
}  // namespace quay::daemon::core
