// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/tlv.hpp"

#include <gtest/gtest.h>

#include "devices/card/emrtd/apdu.hpp"
#include "tests/unit/emrtd/recorded_card.hpp"

namespace quay::emrtd {
namespace {

using test::hex;
using test::to_hex;

TEST(Tlv, TagsAndLengthsOfUpToThreeBytesAreRead) {
  const Bytes bytes = hex("5F1F02AABB 04820003010203 7F6000");
  TlvReader reader(bytes);
  const auto zone = reader.next(0x5F1F), text = reader.next(), last = reader.next();
  EXPECT_EQ(to_hex(zone->value), "AABB");
  EXPECT_EQ(to_hex(zone->whole), "5F1F02AABB");
  EXPECT_EQ(text->tag, 0x04U);
  EXPECT_EQ(to_hex(text->value), "010203");
  EXPECT_TRUE(last->value.empty());
  EXPECT_TRUE(reader.at_end());
}

TEST(Tlv, WhatLeadsOutsideIsRefused) {
  for (const char* bytes : {"04", "0401", "0480", "04820001", "0482FFFF00", "0484000000010000", "1F", "1F8181810100",
                            "5F1F", "30830FFFFF00"}) {
    EXPECT_EQ(TlvReader(hex(bytes)).next().error().code, Errc::card_data_malformed) << bytes;
  }
}

/// What is parsed may be a citizen's file: a name that is taken for tags must not be spelled in a log.
TEST(Tlv, ErrorsSpellNothingOfWhatWasFound) {
  const Bytes bytes = hex("5F4E03414243");
  std::vector<Error> errors{TlvReader(bytes).next(0x30).error(), require_tlv(bytes, 0x7F61).error()};
  for (const char* broken : {"5F4E", "5F4E80", "5F4E844E4E4E4E", "5F4E4E414243", "1F8E8E8E4E"}) {
    errors.push_back(TlvReader(hex(broken)).next().error());
  }
  for (const Error& error : errors) {
    EXPECT_EQ(error.detail.find("4E"), std::string::npos) << error.detail;
  }
  EXPECT_NE(errors[0].detail.find("30"), std::string::npos) << "what was expected is told";
  EXPECT_NE(errors[1].detail.find("7F61"), std::string::npos);
}

TEST(Tlv, EveryLengthIsWrittenAsItIsRead) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U, 70000U}) {
    const Bytes written = make_tlv(0x7F49, Bytes(size, 7));
    TlvReader reader(written);
    const auto object = reader.next();
    ASSERT_TRUE(object) << size;
    EXPECT_EQ(object->tag, 0x7F49U);
    EXPECT_EQ(object->value.size(), size);
    EXPECT_EQ(*whole_size(View(written).first(6 - (size < 128 ? 3 : 0))), written.size());
  }
}

TEST(Tlv, ObjectIdentifiersAreSpelledInDecimal) {
  EXPECT_EQ(*to_oid(hex("04007F00070202040202")), "0.4.0.127.0.7.2.2.4.2.2");
  EXPECT_EQ(*to_oid(hex("2A864886F70D010101")), "1.2.840.113549.1.1.1");
  EXPECT_EQ(*to_oid(hex("678108010101")), "2.23.136.1.1.1");
  EXPECT_FALSE(to_oid(hex("2A86")));
  EXPECT_FALSE(to_oid({}));
}

TEST(Tlv, NumbersThatDoNotFitAreRefused) {
  EXPECT_EQ(*to_int(hex("7FFFFFFF")), 2147483647);
  EXPECT_EQ(*to_int(hex("00FF")), 255);
  EXPECT_FALSE(to_int(hex("80")));
  EXPECT_FALSE(to_int(hex("0080000000")));
  EXPECT_FALSE(to_int({}));
}

TEST(Apdu, ShortAndExtendedLengthsAreWrittenAsIso7816Says) {
  EXPECT_EQ(to_hex(*encode({.ins = 0xB0})), "00B00000");
  EXPECT_EQ(to_hex(*encode({.ins = 0xB0, .expected = 256})), "00B0000000");
  EXPECT_EQ(to_hex(*encode({.ins = 0xA4, .p1 = 2, .p2 = 12, .data = hex("011E")})), "00A4020C02011E");
  EXPECT_EQ(to_hex(*encode({.ins = 0xB0, .expected = 1000})), "00B000000003E8");
  EXPECT_EQ(to_hex(*encode({.ins = 0xB0, .expected = 65536})), "00B00000000000");
  const Bytes extended = *encode({.ins = 0x86, .data = Bytes(300, 1), .expected = 256});
  EXPECT_EQ(to_hex(View(extended).first(7)), "0086000000012C");
  EXPECT_EQ(to_hex(View(extended).last(2)), "0100");
}

TEST(Apdu, WhatNoCommandCanCarryIsRefused) {
  EXPECT_FALSE(encode({.data = Bytes(65536)}));
  EXPECT_FALSE(encode({.expected = 65537}));
  EXPECT_FALSE(encode({.expected = 0}));
}

TEST(Apdu, AnAnswerHasAStatusWord) {
  EXPECT_EQ(parse_response(hex("AABB6282"))->status, 0x6282);
  EXPECT_EQ(parse_response(hex("90")).error().code, Errc::card_protocol);
}

TEST(CardSession, PiecesOfAnAnswerAreFetchedAndALengthIsCorrected) {
  test::RecordedCard card{{"00B0000000", "6C04"}, {"00B0000004", "AABB6102"}, {"00C0000002", "CCDD9000"}};
  CardSession session(card);
  EXPECT_EQ(to_hex(session.send({.ins = 0xB0, .expected = 256})->data), "AABBCCDD");
  EXPECT_TRUE(card.all_said());
}

TEST(CardSession, AnAnswerWithoutEndIsCutOff) {
  class Endless : public CardChannel {
   public:
    Result<Bytes> transmit(View) override { return hex("006100"); }
    Status reset() override { return {}; }
  } card;
  CardSession session(card);
  EXPECT_EQ(session.send({.ins = 0xB0, .expected = 256}).error().code, Errc::card_protocol);
}

}  // namespace
}  // namespace quay::emrtd
