// SPDX-License-Identifier: Apache-2.0
// Do two places of one card say the same? Only what both say is compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "identity/date.hpp"

namespace quay::identity {

/// What one place says: the QR code, the zone, DG13. Empty: it does not say.
struct Facts {
  std::string number{};
  std::string name{};  ///< in whatever spelling
  bool name_is_whole = true;
  std::optional<Date> birth{};
  std::optional<Date> expiry{};
};

enum class Match : std::uint8_t { agrees, differs, unknown };

struct Matches {
  Match number = Match::unknown;
  Match name = Match::unknown;
  Match birth = Match::unknown;
  Match expiry = Match::unknown;

  bool operator==(const Matches&) const = default;
};

/// Names are compared folded (name.hpp); one that was cut agrees with any that begins with it.
Matches compare(const Facts& left, const Facts& right);

}  // namespace quay::identity
