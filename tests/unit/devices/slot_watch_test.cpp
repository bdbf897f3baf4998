// SPDX-License-Identifier: Apache-2.0
// The watch over the slots of a real pcscd, while somebody learns about them.
#include "devices/card/slot_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/card_setup.hpp"

namespace quay::test {
namespace {

using protocol::CardSlot;
using protocol::CardSlotState;

class SlotWatching : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    setup_ = std::make_unique<CardSetup>();
    ::setenv("PCSCLITE_CSOCK_NAME", setup_->sim().pcscd_socket().c_str(), 1);
  }
  static void TearDownTestSuite() { setup_.reset(); }

  static CardSlot first(const card::SlotWatch& watch) {
    const card::SlotsSeen seen = watch.now();
    return seen.slots.empty() ? CardSlot{} : seen.slots.front();
  }

  static bool becomes(const card::SlotWatch& watch, CardSlotState state) {
    return rig::wait_until([&] { return !watch.now().slots.empty() && first(watch).state == state; });
  }

  static std::unique_ptr<CardSetup> setup_;
};

std::unique_ptr<CardSetup> SlotWatching::setup_;

TEST_F(SlotWatching, ACardThatLeavesWhileSomebodyLearnsOfItIsGoneForGood) {
  card::SlotWatch watch("", [](const card::SlotsSeen&) {});
  ASSERT_TRUE(becomes(watch, CardSlotState::card));
  std::atomic<bool> over = false;
  std::thread learner([&] {
    while (!over) {
      watch.learn(first(watch), true);
    }
  });
  for (int i = 0; i < 20 && !HasFailure(); ++i) {
    setup_->tell("remove");
    EXPECT_TRUE(becomes(watch, CardSlotState::empty)) << "pcscd tells it once";
    setup_->tell("insert");
    EXPECT_TRUE(becomes(watch, CardSlotState::card));
  }
  over = true;
  learner.join();
}

TEST_F(SlotWatching, WhatWasLearnedOfACardIsNotHeldOfTheNextOne) {
  card::SlotWatch watch("", [](const card::SlotsSeen&) {});
  ASSERT_TRUE(becomes(watch, CardSlotState::card));
  const CardSlot seen = first(watch);
  watch.learn(seen, false);
  EXPECT_EQ(first(watch).identity_card, false);
  setup_->tell("remove");
  ASSERT_TRUE(becomes(watch, CardSlotState::empty));
  watch.learn(seen, false);
  EXPECT_EQ(first(watch).identity_card, std::nullopt);
  setup_->tell("insert");
  ASSERT_TRUE(becomes(watch, CardSlotState::card));
  EXPECT_EQ(first(watch).identity_card, std::nullopt);
}

}  // namespace
}  // namespace quay::test
