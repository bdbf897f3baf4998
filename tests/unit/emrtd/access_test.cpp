// SPDX-License-Identifier: Apache-2.0
// Opening a chip, against the worked examples of ICAO 9303-11 (8th edition): appendix D (basic access control, secure
// messaging) and appendix G.1 (PACE with generic mapping), byte for byte.
#include <gtest/gtest.h>

#include "devices/card/emrtd/bac.hpp"
#include "devices/card/emrtd/pace.hpp"
#include "devices/card/emrtd/tlv.hpp"
#include "tests/unit/emrtd/recorded_card.hpp"

namespace quay::emrtd {
namespace {

using test::hex;
using test::published;
using test::RecordedCard;
using test::to_hex;

Password zone_of_appendix_d() { return *mrz_password({"L898902C", "690806", "940623"}); }

TEST(AccessKey, TheZonesInformationHasItsCheckDigits) {
  EXPECT_EQ(*mrz_information({"L898902C", "690806", "940623"}), "L898902C<369080619406236");
}

TEST(AccessKey, TheKeysOfAppendixDComeFromTheZone) {
  const Bytes secret = zone_of_appendix_d().secret;
  const View seed = View(secret).first(16);
  EXPECT_EQ(to_hex(seed), "239AB9CB282DAF66231DC5A4DF6BFBAE");
  EXPECT_EQ(to_hex(*derive_key(CipherSuite::des3, seed, KeyUse::encryption)), "AB94FDECF2674FDFB9B391F85D7F76F2");
  EXPECT_EQ(to_hex(*derive_key(CipherSuite::des3, seed, KeyUse::checksum)), "7962D9ECE03D1ACD4C76089DCE131543");
}

TEST(AccessKey, TheCardAccessNumberIsTheEndOfTheTwelveDigits) {
  EXPECT_EQ(to_hex(can_password("001099123456")->secret), to_hex(hex("313233343536")));
  EXPECT_EQ(can_password("001099123456")->secret, can_password("123456")->secret);
}

TEST(AccessKey, WhatIsNoNumberOrNoDateIsRefused) {
  for (const char* number : {"", "12345", "1234567", "12345a", "００１２３４"}) {
    EXPECT_EQ(can_password(number).error().code, Errc::card_key_missing) << number;
  }
  EXPECT_EQ(mrz_password({"L898902C", "69-806", "940623"}).error().code, Errc::card_key_missing);
  EXPECT_EQ(mrz_password({"L898902C12", "690806", "940623"}).error().code, Errc::card_key_missing);
  EXPECT_EQ(mrz_password({"l898902c", "690806", "940623"}).error().code, Errc::card_key_missing);
}

/// The whole of appendix D: authentication, then EF.COM selected and read under secure messaging.
RecordedCard card_of_appendix_d() {
  return {{"0084000008", "4608F91988702212 9000"},
          {"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
           "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000"},
          {"0CA4020C15 870901 6375432908C044F6 8E08 BF8B92D635FF24F8 00", "99029000 8E08 FA855A5D4C50A8ED 9000"},
          {"0CB000000D 970104 8E08 ED6705417E96BA55 00", "870901 9FF0EC34F9922651 99029000 8E08 AD55CC17140B2DED 9000"},
          {"0CB000040D 970112 8E08 2EA28A70F3C7B535 00",
           "871901 FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A 99029000 8E08 C8B2787EAEA07D74 9000"}};
}

TEST(BasicAccessControl, OpensAndReadsAsAppendixDSays) {
  RecordedCard card = card_of_appendix_d();
  CardSession session(card);
  const Status opened =
      open_with_bac(session, zone_of_appendix_d(), published({"781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"}));
  ASSERT_TRUE(opened) << describe(opened.error());
  EXPECT_TRUE(session.send({.ins = 0xA4, .p1 = 2, .p2 = 0x0C, .data = hex("011E")})->ok());
  EXPECT_EQ(to_hex(session.send({.ins = 0xB0, .expected = 4})->data), "60145F01");
  EXPECT_EQ(to_hex(session.send({.ins = 0xB0, .p2 = 4, .expected = 18})->data), "04303130365F36063034303030305C026175");
  EXPECT_TRUE(card.all_said());
}

TEST(BasicAccessControl, AChangedBitInTheAnswerEndsTheSession) {
  RecordedCard card{
      {"0084000008", "4608F91988702212 9000"},
      {"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28",
       "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000"},
      {"0CA4020C15 870901 6375432908C044F6 8E08 BF8B92D635FF24F8 00", "99029001 8E08 FA855A5D4C50A8ED 9000"}};
  CardSession session(card);
  ASSERT_TRUE(open_with_bac(session, zone_of_appendix_d(),
                            published({"781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"})));
  EXPECT_EQ(session.send({.ins = 0xA4, .p1 = 2, .p2 = 0x0C, .data = hex("011E")}).error().code, Errc::card_protocol);
}

TEST(BasicAccessControl, AnotherZoneIsRefusedByTheCard) {
  RecordedCard card{
      {"0084000008", "4608F91988702212 9000"},
      {"0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 5F1448EEA8AD90A7 28", "6300"}};
  CardSession session(card);
  const Status opened =
      open_with_bac(session, zone_of_appendix_d(), published({"781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"}));
  EXPECT_EQ(opened.error().code, Errc::card_key_refused);
  EXPECT_EQ(opened.error().native.name, "6300");
}

constexpr const char* kTerminalMap =
    "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
    "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D";
constexpr const char* kCardMap =
    "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
    "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54";
constexpr const char* kTerminalKey =
    "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
    "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462";
constexpr const char* kCardKey =
    "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
    "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094";

std::string object(const char* inner_tag, const char* value) {
  const Bytes inner = make_tlv(hex(inner_tag)[0], hex(value));
  return to_hex(make_tlv(0x7C, inner));
}

std::string command(const char* head, const std::string& data) {
  const Bytes bytes = hex(data);
  return head + to_hex(Bytes{static_cast<std::uint8_t>(bytes.size())}) + data + "00";
}

Status run_appendix_g(const char* card_proof, const char* last_status = "9000") {
  const std::string map = command("10860000", object("81", kTerminalMap));
  const std::string mapped = object("82", kCardMap) + "9000";
  const std::string agree = command("10860000", object("83", kTerminalKey));
  const std::string agreed = object("84", kCardKey) + "9000";
  const std::string proved = (*card_proof == 0 ? "" : object("86", card_proof)) + last_status;
  RecordedCard card{{"0022C1A412 800A04007F00070202040202 830101 84010D", "9000"},
                    {"10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"},
                    {map.c_str(), mapped.c_str()},
                    {agree.c_str(), agreed.c_str()},
                    {"008600000C7C0A8508C2B0BD78D94BA86600", proved.c_str()}};
  CardSession session(card);
  const Status opened = open_with_pace(session, usual_pace(), *mrz_password({"T22000129", "640812", "101031"}),
                                       published({"7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
                                                  "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"}));
  EXPECT_TRUE(card.all_said());
  return opened;
}

TEST(Pace, OpensAsAppendixGSays) {
  const Status opened = run_appendix_g("3ABB9674BCE93C08");
  EXPECT_TRUE(opened) << describe(opened.error());
}

TEST(Pace, ACardThatProvesAnotherPasswordIsNotBelieved) {
  EXPECT_EQ(run_appendix_g("3ABB9674BCE93C09").error().code, Errc::card_key_refused);
}

TEST(Pace, AWrongPasswordIsToldFromABrokenLine) {
  EXPECT_EQ(run_appendix_g("", "6300").error().code, Errc::card_key_refused);
}

TEST(Pace, TheLastTryIsLeftToTheCardsOwner) {
  RecordedCard card{{"0022C1A412 800A04007F00070202040202 830102 84010D", "63C1"}};
  CardSession session(card);
  EXPECT_EQ(open_with_pace(session, usual_pace(), *can_password("123456"), kernel_random()).error().code,
            Errc::card_tries_low);
}

TEST(Pace, APointThatIsNotOnTheCurveIsRefused) {
  const std::string map = command("10860000", object("81", kTerminalMap));
  std::string wrong = kCardMap;
  wrong.back() = '5';
  const std::string mapped = object("82", wrong.c_str()) + "9000";
  RecordedCard card{{"0022C1A412 800A04007F00070202040202 830102 84010D", "9000"},
                    {"10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"},
                    {map.c_str(), mapped.c_str()}};
  CardSession session(card);
  EXPECT_EQ(open_with_pace(session, usual_pace(), *can_password("123456"),
                           published({"7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"}))
                .error()
                .code,
            Errc::card_protocol);
}

}  // namespace
}  // namespace quay::emrtd
