// SPDX-License-Identifier: Apache-2.0
// Reading files in pieces, and what they hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "devices/card/emrtd/chip_reader.hpp"
#include "devices/card/emrtd/data_groups.hpp"
#include "devices/card/emrtd/tlv.hpp"
#include "tests/unit/emrtd/recorded_card.hpp"

namespace quay::emrtd {
namespace {

using test::hex;
using test::to_hex;

Bytes text(std::string_view value) { return {value.begin(), value.end()}; }

/// A file system without access control that refuses pieces above a size, with a status word of its choice.
class OpenCard : public CardChannel {
 public:
  /// DG2 with so many bytes of content.
  explicit OpenCard(std::size_t size) {
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) {
      content[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
    }
    files[0x0102] = make_tlv(0x75, content);
  }

  std::map<std::uint16_t, Bytes> files;
  std::size_t most = 65536;  ///< bytes of an answer
  StatusWord refusal = kWrongLength;
  int reads = 0;

  Result<Bytes> transmit(View command) override { return command[1] == 0xA4 ? select(command) : read(command); }
  Status reset() override { return {}; }

 private:
  Bytes select(View command) {
    const auto id = static_cast<std::uint16_t>(command[5] << 8 | command[6]);
    selected_ = files.count(id) != 0 ? &files[id] : nullptr;
    return selected_ != nullptr ? hex("9000") : hex("6A82");
  }

  static std::size_t expected(View command) {
    const bool extended = command[4] == 0 && command.size() > 5;
    const std::size_t last = command.back();
    return extended ? static_cast<std::size_t>(command[command.size() - 2]) << 8 | last : last == 0 ? 256 : last;
  }

  Bytes read(View command) {
    ++reads;
    const bool odd = command[1] == 0xB1;
    const std::size_t offset = odd ? static_cast<std::size_t>(command[7]) << 8 | command[8]
                                   : static_cast<std::size_t>(command[2]) << 8 | command[3];
    const std::size_t wanted = expected(command);
    if (wanted > most) {
      return Bytes{static_cast<std::uint8_t>(refusal >> 8), static_cast<std::uint8_t>(refusal)};
    }
    const std::size_t size = std::min(wanted - (odd ? 4 : 0), selected_->size() - offset);
    const View piece = View(*selected_).subspan(offset, size);
    return joined({odd ? make_tlv(0x53, piece) : to_bytes(piece), hex("9000")});
  }

  Bytes* selected_ = nullptr;
};

TEST(ReadFile, ComesWholeWhateverItsLength) {
  for (const std::size_t size : {4U, 100U, 250U, 251U, 252U, 512U, 18000U, 32760U, 32768U, 40000U, 65531U}) {
    OpenCard card(size);
    CardSession session(card);
    PieceSize piece;
    const auto file = read_file(session, FileId::dg2, piece);
    ASSERT_TRUE(file) << size << ": " << describe(file.error());
    EXPECT_EQ(*file, card.files[0x0102]) << size;
  }
}

TEST(ReadFile, ShorterPiecesAreTriedWhereLongOnesAreRefused) {
  for (const std::size_t most : {223U, 160U, 128U}) {
    for (const StatusWord refusal : {StatusWord{kWrongLength}, StatusWord{kWrongOffset}, StatusWord{0x6F00}}) {
      OpenCard card(3000);
      card.most = most;
      card.refusal = refusal;
      CardSession session(card);
      PieceSize piece(1000);
      const auto file = read_file(session, FileId::dg2, piece);
      ASSERT_TRUE(file) << most << ": " << describe(file.error());
      EXPECT_EQ(*file, card.files[0x0102]);
      EXPECT_LE(piece.bytes(session), most);
    }
  }
}

TEST(ReadFile, ExtendedPiecesNeedFewerCommands) {
  OpenCard card(18000);
  CardSession session(card);
  PieceSize piece(1000);
  ASSERT_TRUE(read_file(session, FileId::dg2, piece));
  EXPECT_LE(card.reads, 20);
}

TEST(ReadFile, ACardThatRefusesEveryPieceIsNotAskedForEver) {
  OpenCard card(3000);
  card.most = 100;
  CardSession session(card);
  PieceSize piece;
  EXPECT_EQ(read_file(session, FileId::dg2, piece).error().code, Errc::card_protocol);
  EXPECT_LE(card.reads, 6);
}

TEST(ReadFile, AFileThatIsNotThereIsToldWithItsStatusWord) {
  OpenCard card(100);
  CardSession session(card);
  PieceSize piece;
  const auto file = read_file(session, FileId::dg13, piece);
  EXPECT_EQ(file.error().code, Errc::card_unsupported);
  EXPECT_EQ(file.error().native.name, "6A82");
}

TEST(Com, NamesTheGroupsOfAVietnameseCard) {
  EXPECT_EQ(*parse_com(hex("6018 5F0104 30313037 5F3606 303430303030 5C06 617563 6D6E6F")),
            (std::vector<int>{1, 2, 3, 13, 14, 15}));
}

TEST(Dg1, HoldsTheZone) {
  const std::string zone(90, '<');
  EXPECT_EQ(*parse_dg1(make_tlv(0x61, make_tlv(0x5F1F, text(zone)))), zone);
  EXPECT_FALSE(parse_dg1(make_tlv(0x61, make_tlv(0x5F1F, text(std::string(89, '<'))))));
  EXPECT_FALSE(parse_dg1(make_tlv(0x61, make_tlv(0x5F1F, text(std::string(90, 'a'))))));
}

Bytes facial_record(View image, std::size_t features) {
  Bytes block(20 + features * 8 + 12);
  block[5] = static_cast<std::uint8_t>(features);
  append(block, image);
  for (std::size_t i = 0; i < 4; ++i) {
    block[i] = static_cast<std::uint8_t>(block.size() >> (24 - 8 * i));
  }
  return joined({text(std::string("FAC\0", 4)), text(std::string("010\0", 4)), Bytes(6), block});
}

Bytes dg2_of(View record, std::uint32_t tag = 0x5F2E) {
  const Bytes inner = joined({make_tlv(0xA1, hex("800101")), make_tlv(tag, record)});
  return make_tlv(0x75, make_tlv(0x7F61, joined({hex("020101"), make_tlv(0x7F60, inner)})));
}

TEST(Dg2, ThePortraitIsTakenOutOfItsRecord) {
  const Bytes jpeg = hex("FFD8FFE0001122"), jp2 = hex("0000000C6A5020200D0A870A");
  EXPECT_EQ(parse_dg2(dg2_of(facial_record(jpeg, 0)))->image, jpeg);
  const auto other = parse_dg2(dg2_of(facial_record(jp2, 3), 0x7F2E));
  EXPECT_EQ(other->image, jp2);
  EXPECT_EQ(other->format, PortraitFormat::jpeg2000);
}

TEST(Dg2, ARecordThatLiesOfItsLengthIsRefused) {
  const Bytes record = facial_record(hex("FFD8FFE0001122"), 2);
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(parse_dg2(dg2_of(View(record).first(size)))) << size;
  }
  Bytes many = record;
  many[14 + 4] = 0xFF;
  EXPECT_FALSE(parse_dg2(dg2_of(many)));
}

Bytes field(std::uint8_t number, View value) { return make_tlv(0x30, joined({make_tlv(0x02, Bytes{number}), value})); }

Bytes dg13_of(View fields, bool wrapped) {
  const Bytes sequence = make_tlv(0x30, joined({hex("020101"), hex("060628818C060108"), make_tlv(0x31, fields)}));
  return make_tlv(0x6D, wrapped ? make_tlv(0x04, sequence) : sequence);
}

TEST(Dg13, FieldsAreKeptByTheirNumberNotTheirPlace) {
  const Bytes parents =
      make_tlv(0x30, joined({make_tlv(0x0C, text("Trần Văn Ân")), make_tlv(0x0C, text("Lê Thị Bé"))}));
  const Bytes fields = joined({field(2, make_tlv(0x0C, text("Trần Thị Bưởi"))), field(13, parents),
                               field(1, make_tlv(0x13, text("001099123456"))), field(16, make_tlv(0x04, hex("00FF")))});
  for (const bool wrapped : {false, true}) {
    const auto parsed = parse_dg13(dg13_of(fields, wrapped));
    ASSERT_TRUE(parsed) << describe(parsed.error());
    EXPECT_EQ(parsed->at(1), std::vector<std::string>{"001099123456"});
    EXPECT_EQ(parsed->at(2), std::vector<std::string>{"Trần Thị Bưởi"});
    EXPECT_EQ(parsed->at(13), (std::vector<std::string>{"Trần Văn Ân", "Lê Thị Bé"}));
    EXPECT_EQ(parsed->count(16), 0U);
    EXPECT_EQ(parsed->count(14), 0U);
  }
}

TEST(Dg13, WhatTheAuthorityEncipheredIsNoFieldAndNoCrash) {
  EXPECT_EQ(parse_dg13(make_tlv(0x6D, hex("8E3341C07A11"))).error().code, Errc::card_data_malformed);
}

}  // namespace
}  // namespace quay::emrtd
