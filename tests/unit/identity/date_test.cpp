// SPDX-License-Identifier: Apache-2.0
#include "identity/date.hpp"

#include <gmock/gmock.h>

namespace quay::identity {
namespace {

using testing::ElementsAre;

TEST(CardDate, IsReadInEverySpellingThatACardHas) {
  const Date day{1990, 5, 12};
  EXPECT_EQ(parse_day_month_year("12051990"), day);
  EXPECT_EQ(parse_written("12/05/1990"), day);
  EXPECT_EQ(parse_written("12-05-1990"), day);
  EXPECT_EQ(parse_written("12051990"), day);
  EXPECT_EQ(parse_iso("1990-05-12"), day);
  EXPECT_EQ(iso(day), "1990-05-12");
  EXPECT_EQ(zone_spelling(day), "900512");
}

TEST(CardDate, OutsideOfTheCalendarIsNone) {
  EXPECT_FALSE(parse_day_month_year("31021990"));
  EXPECT_FALSE(parse_day_month_year("29021900"));
  EXPECT_TRUE(parse_day_month_year("29022000"));
  EXPECT_FALSE(parse_day_month_year("00011990"));
  EXPECT_FALSE(parse_day_month_year("1205199"));
  EXPECT_FALSE(parse_written("12/05-1990"));
  EXPECT_FALSE(parse_written("1a/05/1990"));
  EXPECT_FALSE(parse_iso("1990-13-01"));
}

TEST(CardDate, OfAZoneIsTheLatestThatCanBe) {
  const Date today{2026, 11, 26};
  EXPECT_EQ(parse_zone("900512", today), (Date{1990, 5, 12}));
  EXPECT_EQ(parse_zone("261126", today), today);
  EXPECT_EQ(parse_zone("261127", today), (Date{1926, 11, 27}));
  EXPECT_EQ(parse_zone("300512", {2076, 12, 31}), (Date{2030, 5, 12}));
  EXPECT_FALSE(parse_zone("<<<<<<", today));
}

TEST(CardDate, CardsEndOnABirthdayThatIsStillToCome) {
  EXPECT_THAT(possible_expiries({1990, 5, 12}, Date{2021, 4, 15}), ElementsAre(Date{2030, 5, 12}, Date{2050, 5, 12}));
  EXPECT_THAT(possible_expiries({2000, 2, 29}, Date{2021, 4, 15}),
              ElementsAre(Date{2025, 2, 28}, Date{2040, 2, 29}, Date{2060, 2, 29}));
  EXPECT_EQ(possible_expiries({2020, 1, 1}, std::nullopt).size(), 4U);
  EXPECT_TRUE(possible_expiries({1950, 1, 1}, Date{2021, 4, 15}).empty());
}

TEST(CardDate, CardsOfTheOldHaveNoEnd) {
  EXPECT_TRUE(may_have_no_end({1950, 1, 1}, Date{2021, 4, 15}));
  EXPECT_TRUE(may_have_no_end({1963, 4, 15}, Date{2021, 4, 15})) << "two years before the last birthday";
  EXPECT_FALSE(may_have_no_end({1963, 4, 16}, Date{2021, 4, 15}));
  EXPECT_TRUE(may_have_no_end({1990, 5, 12}, std::nullopt));
}

}  // namespace
}  // namespace quay::identity
