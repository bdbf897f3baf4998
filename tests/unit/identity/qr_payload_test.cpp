// SPDX-License-Identifier: Apache-2.0
#include "identity/qr_payload.hpp"

#include <gmock/gmock.h>

namespace quay::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kCard = "001190012345|012345678|Nguyễn Thị Quầy|12051990|Nữ|Số 7 Hàng Bài, Hà Nội|15042021";

std::string with_field(std::size_t n, const std::string& value) {
  std::string out;
  std::size_t field = 0;
  for (std::size_t at = 0; at <= kCard.size(); ++field) {
    const std::size_t bar = std::min(kCard.find('|', at), kCard.size());
    out += (field == 0 ? "" : "|") + (field == n ? value : kCard.substr(at, bar - at));
    at = bar + 1;
  }
  return out;
}

TEST(QrPayload, HasSevenFieldsByTheirPlace) {
  const auto card = parse_qr(kCard).value();
  EXPECT_EQ(card.number, "001190012345");
  EXPECT_EQ(card.old_number, "012345678");
  EXPECT_EQ(card.name, "Nguyễn Thị Quầy");
  EXPECT_EQ(card.birth, (Date{1990, 5, 12}));
  EXPECT_EQ(card.sex, "Nữ");
  EXPECT_EQ(card.residence, "Số 7 Hàng Bài, Hà Nội");
  EXPECT_EQ(card.issued, (Date{2021, 4, 15}));
  EXPECT_TRUE(card.rest.empty());
}

TEST(QrPayload, KeepsWhatFollowsTheSeventhFieldAsItIs) {
  const auto card = parse_qr(kCard + "|a||e\u0301\r\n").value();
  EXPECT_THAT(card.rest, ElementsAre("a", "", "e\u0301"));
}

TEST(QrPayload, MayLackTheOldNumberAndTheDayOfIssue) {
  EXPECT_EQ(parse_qr(with_field(1, "")).value().old_number, "");
  EXPECT_FALSE(parse_qr(with_field(6, "")).value().issued);
}

TEST(QrPayload, ComposesDecomposedText) {
  EXPECT_EQ(parse_qr(with_field(2, "Nguye\u0302\u0303n Thi\u0323 Qua\u0302\u0300y")).value().name, "Nguyễn Thị Quầy");
}

TEST(QrPayload, OfAnythingElseIsRefusedWithoutQuotingIt) {
  for (const std::string& text :
       {std::string("https://example.com"), std::string(), with_field(0, "00119001234"), with_field(0, "00119001234x"),
        with_field(1, "12345"), with_field(2, ""), with_field(3, "31021990"), with_field(3, ""),
        with_field(6, "15132021"), with_field(2, "\xFF"), kCard.substr(0, kCard.rfind('|')),
        kCard + std::string(5000, 'x'), kCard + std::string(100, '|')}) {
    const auto card = parse_qr(text);
    ASSERT_FALSE(card) << text;
    EXPECT_EQ(card.error().code, Errc::card_qr_malformed);
    EXPECT_THAT(card.error().detail, Not(HasSubstr("0011")));
  }
}

}  // namespace
}  // namespace quay::identity
