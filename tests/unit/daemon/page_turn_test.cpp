// SPDX-License-Identifier: Apache-2.0
// Whole sequences of sights: sheets that come, lie, are nudged and go; and what is captured of them.
#include "daemon/core/page_turn.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace quay::daemon::core {
namespace {

using protocol::PageTurn;

/// A tiny picture that is unlike that of any other seed, with a little noise.
std::string sheet(unsigned seed, unsigned noise = 0) {
  std::mt19937 ink(seed);
  std::mt19937 grain(noise + 1);
  std::string look;
  for (int i = 0; i < 1024; ++i) {
    const int light = 120 + static_cast<int>(ink() % 100);
    look += static_cast<char>(light + (grain() % 8 == 0 ? 1 : 0));
  }
  return look;
}

class PageTurns : public testing::Test {
 protected:
  /// A sight a tenth of a second after the last.
  bool see(const std::string& look, const std::string& on_sheet, bool good = true) {
    now_ += Milliseconds(100);
    return watch_.see({look, on_sheet, good}, now_);
  }
  /// A sheet that lies still for `count` sights; how often it was captured.
  int lies(unsigned seed, int count = 12, bool good = true, unsigned place = 0) {
    int captures = 0;
    for (int i = 0; i < count; ++i) {
      const auto noise = static_cast<unsigned>(i);
      captures += see(sheet(1000 * (place + 1) + seed, noise), sheet(seed, noise), good) ? 1 : 0;
    }
    return captures;
  }
  int moves(int count = 5) {
    int captures = 0;
    for (int i = 0; i < count; ++i) {
      ++frame_;
      captures += see(sheet(70'000 + frame_), i % 2 == 0 ? "" : sheet(80'000 + frame_)) ? 1 : 0;
    }
    return captures;
  }
  void desk_is_bare(int count = 5) {
    for (int i = 0; i < count; ++i) {
      EXPECT_FALSE(see(sheet(90'000, static_cast<unsigned>(i)), ""));
    }
  }

  PageWatch watch_;
  SteadyClock::time_point now_{};
  unsigned frame_ = 0;
};

TEST_F(PageTurns, ASheetThatLiesStillIsCapturedOnce) {
  desk_is_bare();
  EXPECT_EQ(watch_.state(), PageTurn::empty);
  EXPECT_EQ(moves(), 0);
  EXPECT_EQ(watch_.state(), PageTurn::moving);
  EXPECT_EQ(lies(1), 1);
  EXPECT_EQ(watch_.state(), PageTurn::taken);
  EXPECT_EQ(lies(1, 100), 0);
}

TEST_F(PageTurns, NotBeforeItHasLainStillForHalfASecond) {
  EXPECT_EQ(lies(1, 5), 0);
  EXPECT_EQ(watch_.state(), PageTurn::settling);
  EXPECT_EQ(lies(1, 3), 1);
}

TEST_F(PageTurns, WhatNeverLiesStillIsNeverCaptured) { EXPECT_EQ(moves(200), 0); }

TEST_F(PageTurns, TheSameSheetIsNotCapturedAgainWhateverIsDoneToIt) {
  EXPECT_EQ(lies(1), 1);
  moves();
  EXPECT_EQ(lies(1, 20, true, 3), 0);  // pushed elsewhere
  desk_is_bare();
  EXPECT_EQ(lies(1, 20, true, 7), 0);  // taken away and put back
}

TEST_F(PageTurns, TheNextSheetIsCapturedToo) {
  EXPECT_EQ(lies(1), 1);
  moves();
  EXPECT_EQ(lies(2), 1);
  desk_is_bare();
  EXPECT_EQ(lies(3), 1);
}

TEST_F(PageTurns, TheNextSheetIsCapturedThoughNobodySawItCome) {
  EXPECT_EQ(lies(1), 1);
  EXPECT_EQ(lies(2), 1);
}

TEST_F(PageTurns, ABadPictureWaitsUntilItIsGood) {
  EXPECT_EQ(lies(1, 30, false), 0);
  EXPECT_EQ(watch_.state(), PageTurn::settling);
  EXPECT_EQ(lies(1, 12, true), 1);
}

TEST_F(PageTurns, APictureThatSomebodyAskedForCounts) {
  EXPECT_EQ(lies(1, 3), 0);
  watch_.note_taken();
  EXPECT_EQ(lies(1, 30), 0);
}

TEST_F(PageTurns, AfterAPauseEverythingIsLookedAtAnew) {
  EXPECT_EQ(lies(1, 5), 0);
  now_ += std::chrono::seconds(30);
  EXPECT_EQ(lies(1, 3), 0);  // half a second has passed, but unseen
  EXPECT_EQ(lies(1, 12), 1);
}

TEST_F(PageTurns, ASheetIsCapturedAlsoWhereSightsAreSecondsApart) {
  const auto lies_slowly = [&](unsigned seed) {
    int captures = 0;
    for (unsigned i = 0; i < 8; ++i) {
      now_ += Milliseconds(2'900);
      captures += see(sheet(1000 + seed, i), sheet(seed, i)) ? 1 : 0;
    }
    return captures;
  };
  EXPECT_EQ(lies_slowly(1), 1);
  EXPECT_EQ(lies_slowly(2), 1);
}

TEST_F(PageTurns, ASheetWhosePictureFailedIsTriedAgainWhenSomebodySaysSo) {
  EXPECT_EQ(lies(1, 3), 0);
  watch_.note_taken();
  EXPECT_EQ(lies(1, 20), 0);
  watch_.note_not_taken();
  EXPECT_EQ(lies(1, 20), 1);
}

TEST_F(PageTurns, LightThatChangesIsNoMotion) {
  const std::string bright = sheet(5);
  std::string dim;
  for (const char c : bright) {
    dim += static_cast<char>(std::lround(static_cast<unsigned char>(c) * 0.8));
  }
  EXPECT_LT(motion(bright, dim), 0.9);
  EXPECT_GT(likeness(bright, dim), 0.99);
  EXPECT_GT(motion(bright, sheet(6)), 10);
  EXPECT_LT(likeness(bright, sheet(6)), 0.3);
}

TEST(PageTurnTable, OnlyASheetThatSettledBecomesTakenByItself) {
  for (const PageTurn state : {PageTurn::empty, PageTurn::moving, PageTurn::taken}) {
    EXPECT_EQ(step(state, SheetEvent::steady), PageTurn::settling);
  }
  EXPECT_EQ(step(PageTurn::settling, SheetEvent::steady), PageTurn::taken);
  EXPECT_EQ(step(PageTurn::off, SheetEvent::steady), PageTurn::off);
}

}  // namespace
}  // namespace quay::daemon::core
