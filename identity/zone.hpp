// SPDX-License-Identifier: Apache-2.0
// The machine-readable zone of a card in the size of a bank card (TD1: three lines of thirty). ICAO 9303-5 section 4.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "identity/date.hpp"

namespace quay::identity {

struct Zone {
  std::string document_number{};
  std::string number{};  ///< twelve digits of the optional data; empty when there are none
  std::string state{};   ///< who issued it: "VNM"
  std::string nationality{};
  std::string sex{};  ///< M, F or X
  Date birth{};
  std::optional<Date> expiry{};  ///< nothing: it does not end, or what stands there is no date
  std::string name{};            ///< as a zone spells it: "NGUYEN THI QUAY"
  bool name_is_whole = true;     ///< false: the line is full, the name may be longer
  bool check_digits_hold = false;
};

/// `text`: ninety characters, without line ends. `today` settles the century. Errors: card_data_malformed.
Result<Zone> parse_zone_td1(std::string_view text, const Date& today);

}  // namespace quay::identity
