// SPDX-License-Identifier: Apache-2.0
// The simulated citizen's card by itself: who may read what, what PACE does with a wrong number, and whether its
// security object is what OpenSSL makes of it.
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <gmock/gmock.h>

#include "tests/rig/card/application.hpp"
#include "tests/rig/card/card_fault.hpp"

namespace quay::rig::card {
namespace {

Command command(std::uint8_t ins, std::uint16_t p1p2, Bytes data = {}, std::optional<std::size_t> le = {}) {
  return {0, ins, static_cast<std::uint8_t>(p1p2 >> 8), static_cast<std::uint8_t>(p1p2), std::move(data), le, false};
}

const Bytes kIcao{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};

std::uint16_t select_file(Application& card, Bytes id) {
  return card.carry_out(command(0xA4, 0x020C, std::move(id))).sw;
}

Bytes set_pace(std::uint8_t password) {
  return join({tlv(0x80, pace_protocol("aes128")->oid), tlv(0x83, Bytes{password})});
}

/// All four steps with nonsense in the last: the way a wrong CAN ends.
std::uint16_t fail_pace(Application& card) {
  const Response set = card.carry_out(command(0x22, 0xC1A4, set_pace(2)));
  if (set.sw == 0x63C0) {
    return set.sw;
  }
  // Any point of the curve will do: a terminal of the same kind makes them.
  PaceSide terminal(*pace_protocol("aes128"), 13, PasswordKind::can, "000000");
  static_cast<void>(terminal.answer({}));
  const auto step = [&](std::uint8_t cla, View data) {
    Command next = command(0x86, 0, tlv(0x7C, data), 256);
    next.cla = cla;
    return card.carry_out(next);
  };
  step(0x10, {});
  const ActiveKey point_source(ActiveKind::ecdsa, false);
  const Bytes spki = point_source.public_key();
  const View point = View(spki).last(65);
  step(0x10, tlv(0x81, point));
  // The mapped curve has another generator, but the same points.
  const Bytes other = ActiveKey(ActiveKind::ecdsa, false).public_key();
  step(0x10, tlv(0x83, View(other).last(65)));
  return step(0x00, tlv(0x85, Bytes(8))).sw;
}

TEST(SimulatedCard, ShowsNothingInTheOpenButEfCardAccess) {
  Application card(CardOptions{});
  EXPECT_EQ(select_file(card, {0x01, 0x1C}), 0x9000);
  EXPECT_EQ(card.carry_out(command(0xB0, 0, {}, 256)).data.front(), 0x31);
  EXPECT_EQ(select_file(card, {0x01, 0x01}), 0x6A82) << "the application is not selected";
  EXPECT_EQ(card.carry_out(command(0xA4, 0x040C, kIcao)).sw, 0x9000);
  EXPECT_EQ(select_file(card, {0x01, 0x01}), 0x6982);
  EXPECT_EQ(select_file(card, {0x01, 0x03}), 0x6982);
}

TEST(SimulatedCard, CountsWrongCansAndRefusesWhenTheyAreUsedUp) {
  Application card(CardOptions{});
  EXPECT_EQ(fail_pace(card), 0x63C2);
  EXPECT_EQ(fail_pace(card), 0x63C1);
  EXPECT_EQ(fail_pace(card), 0x63C0);
  EXPECT_EQ(fail_pace(card), 0x63C0);
  EXPECT_EQ(card.tries_used(), 3);
}

TEST(SimulatedCard, AnswersAsItsOptionsSay) {
  CardOptions options;
  options.master_file = false;
  options.card_access = CardAccess::missing;
  options.pace = false;
  options.bac = false;
  Application card(options);
  EXPECT_EQ(card.carry_out(command(0xA4, 0x000C, {0x3F, 0x00})).sw, 0x6D00);
  EXPECT_EQ(select_file(card, {0x01, 0x1C}), 0x6A82);
  EXPECT_EQ(card.carry_out(command(0x22, 0xC1A4, set_pace(2))).sw, 0x6A80);
  EXPECT_EQ(card.carry_out(command(0x84, 0, {}, 8)).sw, 0x6D00);
}

TEST(SimulatedCard, HasAZoneWithRightCheckDigits) {
  Citizen citizen;
  const std::string zone = mrz_of(citizen);
  EXPECT_EQ(zone.size(), 90U);
  EXPECT_EQ(zone.substr(0, 14), "IDVNM190012345");
  EXPECT_EQ(zone.substr(15, 12), citizen.number);
  EXPECT_EQ(zone.substr(30, 7), "9005123");
  EXPECT_EQ(mrz_information(citizen).substr(10), "90051233005121");
}

/// What OpenSSL says of the security object, with the root and the list that the issuer gives out.
bool verifies(const Issuer& issuer, bool check_list) {
  const Bytes file = issuer.security_object({{1, Bytes{0x61, 0x00}}}, false);
  const Bytes cms = find(file, 0x77).value();
  const Bytes root_der = issuer.root_certificate();
  const Bytes list_der = issuer.revocation_list();
  const std::uint8_t* at = cms.data();
  CMS_ContentInfo* content = d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(cms.size()));
  at = root_der.data();
  X509* root = d2i_X509(nullptr, &at, static_cast<long>(root_der.size()));
  at = list_der.data();
  X509_CRL* list = d2i_X509_CRL(nullptr, &at, static_cast<long>(list_der.size()));
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, root);
  X509_STORE_add_crl(store, list);
  X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
  X509_STORE_set_flags(store, check_list ? X509_V_FLAG_CRL_CHECK : 0);
  const bool good = CMS_verify(content, nullptr, store, nullptr, nullptr, CMS_BINARY) == 1;
  X509_STORE_free(store);
  X509_CRL_free(list);
  X509_free(root);
  CMS_ContentInfo_free(content);
  return good;
}

TEST(TestIssuer, SignsWhatOpenSslVerifiesUnlessToldOtherwise) {
  EXPECT_TRUE(verifies(Issuer(Signer::good), true));
  EXPECT_FALSE(verifies(Issuer(Signer::expired), false));
  EXPECT_FALSE(verifies(Issuer(Signer::stranger), false));
  EXPECT_TRUE(verifies(Issuer(Signer::revoked), false));
  EXPECT_FALSE(verifies(Issuer(Signer::revoked), true));
}

TEST(CardFault, IsReadWithItsPlaceAndItsStatusWord) {
  EXPECT_EQ(parse_card_fault("status at=3 sw=6A80").value(), (Fault{FaultKind::status, 3, 0x6A80}));
  EXPECT_FALSE(parse_card_fault("torn at=0"));
  EXPECT_FALSE(parse_card_fault("lost"));
}

}  // namespace
}  // namespace quay::rig::card
