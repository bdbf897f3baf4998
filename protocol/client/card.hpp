// SPDX-License-Identifier: Apache-2.0
// Identity cards: what card.read and card.get take and give, and card readers as front ends see them. Values of a card
// stand in the reply to card.get and nowhere else: no event, no log and no file has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// Where the values come from: the QR code in a picture of the card, or the chip.
enum class CardSource : std::uint8_t { qr, chip, other };
BOOST_DESCRIBE_ENUM(CardSource, qr, chip, other)

/// What may be asked of a card; nothing else leaves the process that reads it.
enum class CardField : std::uint8_t {
  number,
  name,
  birth_date,
  sex,
  nationality,
  expiry_date,
  issue_date,
  old_number,
  ethnicity,
  religion,
  origin,
  residence,
  marks,
  parents,
  spouse,
  other_numbers,
  zone,
  portrait,
  other
};
BOOST_DESCRIBE_ENUM(CardField, number, name, birth_date, sex, nationality, expiry_date, issue_date, old_number,
                    ethnicity, religion, origin, residence, marks, parents, spouse, other_numbers, zone, portrait,
                    other)

/// card.read: `can` (six digits), `number` (twelve) or `capture_id` (a page whose QR code says the number) opens the
/// chip; for source qr the page is needed. `wait_s`: for a card to be laid on the reader, 0 to 300.
struct CardReadArguments {
  std::string visit;
  CardSource source = CardSource::qr;
  std::vector<CardField> fields;
  std::optional<std::string> can;
  std::optional<std::string> number;
  std::optional<std::string> capture_id;
  std::optional<std::string> device;  ///< of kind card; absent: the only one
  std::int32_t wait_s = 30;
  static constexpr bool is_optional(std::string_view name) {
    return name != "visit" && name != "source" && name != "fields";
  }
};

/// card.get: what has been read so far and not been given yet. `job` is the reference that card.part_read names.
struct CardGetArguments : AllRequired {
  std::string visit;
  std::string job;
};

/// In the order in which a chip is read.
enum class CardPart : std::uint8_t { identity, details, portrait, authenticity, other };
BOOST_DESCRIBE_ENUM(CardPart, identity, details, portrait, authenticity, other)

/// Absent: not asked for, or not on this card. Dates are yyyy-mm-dd, text is NFC.
struct CardValues : AllOptional {
  std::optional<std::string> number;
  std::optional<std::string> name;
  std::optional<std::string> birth_date;
  std::optional<std::string> sex;  ///< M, F or X
  std::optional<std::string> nationality;
  std::optional<std::string> expiry_date;
  std::optional<std::string> issue_date;
  std::optional<std::string> old_number;
  std::optional<std::string> ethnicity;
  std::optional<std::string> religion;
  std::optional<std::string> origin;
  std::optional<std::string> residence;
  std::optional<std::string> marks;
  std::vector<std::string> parents;  ///< father, mother
  std::optional<std::string> spouse;
  std::vector<std::string> other_numbers;
  std::optional<std::string> zone;  ///< the machine-readable zone, lines joined by \n
};

/// A picture as the chip holds it.
struct CardPortrait : AllOptional {
  std::string media_type;  ///< image/jpeg or image/jp2
  std::string base64;      ///< RFC 4648
};

/// unknown: one of the two does not say.
enum class CardMatch : std::uint8_t { agrees, differs, unknown, other };
BOOST_DESCRIBE_ENUM(CardMatch, agrees, differs, unknown, other)

/// Do two places of one card say the same? Names are compared without accents.
struct CardCheck : AllOptional {
  std::string between;  ///< "qr zone", "qr details", "zone details"
  CardMatch number = CardMatch::unknown;
  CardMatch name = CardMatch::unknown;
  CardMatch birth_date = CardMatch::unknown;
  CardMatch expiry_date = CardMatch::unknown;
};

/// valid: signed by an authority whose root is installed, and the chip proved that it is no copy as far as it can.
enum class CardTruth : std::uint8_t { valid, signer_unknown, invalid, other };
BOOST_DESCRIBE_ENUM(CardTruth, valid, signer_unknown, invalid, other)

/// `reasons`: data_changed, data_unsigned, signature_forged, signer_without_root, signer_expired, signer_revoked,
/// chip_copied, chip_not_proven.
struct CardAuthenticity : AllOptional {
  CardTruth truth = CardTruth::signer_unknown;
  std::vector<std::string> reasons;
  std::string opened_by;  ///< pace | bac
};

struct CardReading : AllOptional {
  std::string job;
  CardSource source = CardSource::chip;
  std::vector<CardPart> parts;  ///< in here
  bool complete = false;        ///< nothing more will come
  CardValues values;
  std::optional<CardPortrait> portrait;
  std::vector<CardCheck> checks;
  std::optional<CardAuthenticity> authenticity;  ///< of a chip, with its last part
};

/// card.part_read: a part of a card has been read, card.get has it. Transient.
struct CardPartRead : AllOptional {
  std::string job;
  std::string device;
  CardPart part = CardPart::identity;
};

// ---- readers ------------------------------------------------------------------------------------------------------

enum class CardSlotState : std::uint8_t { empty, card, mute, in_use, other };
BOOST_DESCRIBE_ENUM(CardSlotState, empty, card, mute, in_use, other)

/// How a slot reaches its card, as far as the card's answer to reset tells.
enum class CardInterface : std::uint8_t { unknown, contact, contactless, other };
BOOST_DESCRIBE_ENUM(CardInterface, unknown, contact, contactless, other)

struct CardSlot : AllOptional {
  std::string reader;  ///< PC/SC's name of it
  CardSlotState state = CardSlotState::empty;
  CardInterface interface = CardInterface::unknown;
  std::string atr;                    ///< hexadecimal; of the kind of card, not of this one
  std::optional<bool> identity_card;  ///< the ICAO application answered there; absent: not asked yet
};

/// Every slot that pcscd sees.
struct CardReaders : AllOptional {
  std::vector<CardSlot> slots;
};

BOOST_DESCRIBE_STRUCT(CardReadArguments, (), (visit, source, fields, can, number, capture_id, device, wait_s))
BOOST_DESCRIBE_STRUCT(CardGetArguments, (), (visit, job))
BOOST_DESCRIBE_STRUCT(CardValues, (),
                      (number, name, birth_date, sex, nationality, expiry_date, issue_date, old_number, ethnicity,
                       religion, origin, residence, marks, parents, spouse, other_numbers, zone))
BOOST_DESCRIBE_STRUCT(CardPortrait, (), (media_type, base64))
BOOST_DESCRIBE_STRUCT(CardCheck, (), (between, number, name, birth_date, expiry_date))
BOOST_DESCRIBE_STRUCT(CardAuthenticity, (), (truth, reasons, opened_by))
BOOST_DESCRIBE_STRUCT(CardReading, (), (job, source, parts, complete, values, portrait, checks, authenticity))
BOOST_DESCRIBE_STRUCT(CardPartRead, (), (job, device, part))
BOOST_DESCRIBE_STRUCT(CardSlot, (), (reader, state, interface, atr, identity_card))
BOOST_DESCRIBE_STRUCT(CardReaders, (), (slots))

}  // namespace quay::protocol
