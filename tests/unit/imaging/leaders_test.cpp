// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/leaders.hpp"

#include <gtest/gtest.h>

#include "tests/unit/imaging/pictures.hpp"

namespace quay::imaging {
namespace {

/// A page at 300 dpi on which dots of 4 pixels can be set.
struct Sheet {
  Image image{PixelFormat::gray, {1200, 400}, Dpi{300}};

  Sheet() { std::fill(image.pixels().begin(), image.pixels().end(), std::uint8_t{255}); }
  void dot(std::int32_t x, std::int32_t y) {
    for (std::int32_t row = y; row < y + 4; ++row) {
      std::fill_n(image.row(row) + x, 4, std::uint8_t{30});
    }
  }
  void row(std::int32_t x, std::int32_t y, int dots, std::int32_t distance = 12) {
    for (int i = 0; i < dots; ++i) {
      dot(x + i * distance, y + i % 2);
    }
  }
  int level(std::int32_t x, std::int32_t y) const { return image.row(y + 2)[x + 2]; }
};

TEST(Leaders, ARowOfDotsAtAnEvenDistanceIsMadePale) {
  Sheet sheet;
  sheet.row(100, 200, 40);
  EXPECT_EQ(pale_leaders(sheet.image), 40);
  for (int i = 0; i < 40; ++i) {
    EXPECT_GE(sheet.level(100 + i * 12, 200), 170) << i;
  }
}

TEST(Leaders, AShortPieceOfARowBetweenLettersIsPartOfIt) {
  Sheet sheet;
  sheet.row(100, 200, 12);
  sheet.row(400, 200, 3);
  sheet.row(600, 200, 12);
  EXPECT_EQ(pale_leaders(sheet.image), 27);
}

TEST(Leaders, DotsOfLettersAndFullStopsStayAsTheyAre) {
  Sheet sheet;
  sheet.row(100, 200, 12);
  sheet.dot(400, 200);         // a full stop on the same level
  sheet.row(500, 200, 2, 17);  // another distance
  sheet.row(100, 260, 7);      // too few to be a leader
  sheet.dot(130, 170);         // above a letter
  EXPECT_EQ(pale_leaders(sheet.image), 12);
  EXPECT_EQ(sheet.level(400, 200), 30);
  EXPECT_EQ(sheet.level(500, 200), 30);
  EXPECT_EQ(sheet.level(100, 260), 30);
  EXPECT_EQ(sheet.level(130, 170), 30);
}

TEST(Leaders, LettersAndRulesAreNoDots) {
  Sheet sheet;
  for (int i = 0; i < 20; ++i) {
    for (std::int32_t y = 100; y < 130; ++y) {
      std::fill_n(sheet.image.row(y) + 100 + i * 18, 9, std::uint8_t{30});
    }
  }
  for (std::int32_t y = 300; y < 304; ++y) {
    std::fill_n(sheet.image.row(y) + 50, 900, std::uint8_t{30});
  }
  EXPECT_EQ(pale_leaders(sheet.image), 0);
}

}  // namespace
}  // namespace quay::imaging
