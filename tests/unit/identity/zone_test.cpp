// SPDX-License-Identifier: Apache-2.0
#include "identity/zone.hpp"

#include <gmock/gmock.h>

namespace quay::identity {
namespace {

const Date kToday{2026, 11, 26};
// ICAO 9303-5 appendix B, the specimen of a TD1.
const std::string kSpecimen =
    "I<UTOD231458907<<<<<<<<<<<<<<<"
    "7408122F1204159UTO<<<<<<<<<<<6"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";

TEST(Zone, OfTheSpecimenOfIcaoIsRead) {
  const auto zone = parse_zone_td1(kSpecimen, kToday).value();
  EXPECT_EQ(zone.document_number, "D23145890");
  EXPECT_EQ(zone.number, "");
  EXPECT_EQ(zone.state, "UTO");
  EXPECT_EQ(zone.sex, "F");
  EXPECT_EQ(zone.birth, (Date{1974, 8, 12}));
  EXPECT_EQ(zone.expiry, (Date{2012, 4, 15}));
  EXPECT_EQ(zone.name, "ERIKSSON ANNA MARIA");
  EXPECT_TRUE(zone.name_is_whole);
  EXPECT_TRUE(zone.check_digits_hold);
}

TEST(Zone, OfAVietnameseCardHasTheNumberInItsOptionalData) {
  std::string text = kSpecimen;
  text.replace(15, 12, "001190012345");
  EXPECT_EQ(parse_zone_td1(text, kToday).value().number, "001190012345");
}

TEST(Zone, OfACardWithoutAnEndHasNoExpiry) {
  std::string text = kSpecimen;
  text.replace(38, 6, "991231");
  EXPECT_FALSE(parse_zone_td1(text, kToday).value().expiry) << "not 1999: such cards are the old people's";
  text.replace(38, 6, "<<<<<<");
  EXPECT_FALSE(parse_zone_td1(text, kToday).value().expiry);
}

TEST(Zone, WithOneCharacterChangedFailsItsCheckDigits) {
  for (const std::size_t at : {5U, 14U, 20U, 31U, 36U, 39U, 50U, 59U}) {
    std::string text = kSpecimen;
    text[at] = text[at] == '1' ? '2' : '1';
    const auto zone = parse_zone_td1(text, kToday);
    EXPECT_FALSE(zone && zone->check_digits_hold) << at;
  }
}

TEST(Zone, WithAFullNameLineMayHaveCutIt) {
  std::string text = kSpecimen;
  text.replace(60, 30, "NGUYENPHUOCBAOCHAU<<CONGTANGTO");
  EXPECT_FALSE(parse_zone_td1(text, kToday).value().name_is_whole);
}

TEST(Zone, OfAnotherShapeIsRefused) {
  EXPECT_FALSE(parse_zone_td1(kSpecimen.substr(1), kToday));
  EXPECT_FALSE(parse_zone_td1(kSpecimen + "<", kToday));
  std::string lower = kSpecimen;
  lower[70] = 'a';
  EXPECT_FALSE(parse_zone_td1(lower, kToday));
  std::string undated = kSpecimen;
  undated.replace(30, 6, "741312");
  EXPECT_EQ(parse_zone_td1(undated, kToday).error().code, Errc::card_data_malformed);
}

}  // namespace
}  // namespace quay::identity
