// SPDX-License-Identifier: Apache-2.0
// What the files of the chip hold (ICAO 9303-10 section 4; DG13 as Vietnam fills it). Every parser takes a whole file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

/// Numbers of the data groups that EF.COM says are there. Errors: card_data_malformed.
Result<std::vector<int>> parse_com(View file);

/// DG1: the machine-readable zone, 90 characters on a card. Errors: card_data_malformed (88 and 72 are let through).
Result<std::string> parse_dg1(View file);

enum class PortraitFormat : std::uint8_t { jpeg, jpeg2000 };

/// DG2: the first facial image (ISO/IEC 19794-5), as it is.
struct Portrait {
  PortraitFormat format = PortraitFormat::jpeg;
  Bytes image{};
};

/// Errors: card_data_malformed.
Result<Portrait> parse_dg2(View file);

/// DG13 of a Vietnamese card: texts by number (domain: 1 number, 2 name, 3 birth date, 4 sex, 5 nationality, 6
/// ethnicity, 7 religion, 8 origin, 9 residence, 10 marks, 11 issue date, 12 expiry date, 13 father and mother, 14
/// spouse, 15 and 16 other numbers). A field may be absent; one with several texts has them in their order; one that is
/// no text is left out.
using VietnameseFields = std::map<int, std::vector<std::string>>;

/// Errors: card_data_malformed: the file may be enciphered by the authority, which is no fault of the card.
Result<VietnameseFields> parse_dg13(View file);

}  // namespace quay::emrtd
