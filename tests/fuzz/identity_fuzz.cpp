// SPDX-License-Identifier: Apache-2.0
// Whatever a barcode or a chip says: it is taken, well formed and in the calendar, or refused; text is not lost.
#include <string>

#include "base/encoding.hpp"
#include "identity/card_number.hpp"
#include "identity/match.hpp"
#include "identity/name.hpp"
#include "identity/qr_payload.hpp"
#include "identity/zone.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace quay;
using fuzz::require;

void check_payload(const identity::QrPayload& card) {
  require(identity::is_digits(card.number, 12) && identity::can_of(card.number).size() == 6, "a number has 12 digits");
  require(is_utf8(card.name) && is_utf8(card.residence), "text is UTF-8");
  require(identity::to_nfc(card.name) == card.name, "composed text stays as it is");
  require(identity::parse_iso(identity::iso(card.birth)) == card.birth, "a date is one of the calendar");
  const identity::Facts facts{card.number, card.name, true, card.birth, card.issued};
  require(identity::compare(facts, facts).number == identity::Match::agrees, "a card agrees with itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto card = identity::parse_qr(text)) {
    check_payload(*card);
  }
  if (const auto zone = identity::parse_zone_td1(text, {2026, 11, 26})) {
    require(zone->document_number.size() <= 9 && zone->name.size() <= 30, "a zone has room for so much");
  }
  const std::string folded = identity::fold_name(text);
  require(identity::fold_name(folded) == folded, "what is folded stays as it is");
  return 0;
}
