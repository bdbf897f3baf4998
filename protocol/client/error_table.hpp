// SPDX-License-Identifier: Apache-2.0
// One table of everything that can go wrong: wire code, who can put it right, and one sentence in Vietnamese and one
// in English that says what to do. Codes are API and never change; sentences may be made better.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/errc.hpp"

namespace quay::protocol {

/// Who has to act: decides colour, retry and wording in any front end.
enum class Remedy : std::uint8_t { clerk, wait, technician, caller, bug };

struct ErrorRow {
  Errc code;
  std::string_view wire;  ///< `paper.jam`
  Remedy remedy;
  std::string_view vi;
  std::string_view en;
};

/// All rows, in the order of Errc.
std::span<const ErrorRow> error_table();

const ErrorRow& error_row(Errc code);

/// The code spelled `wire`, or nothing: a newer daemon may know codes that this build does not.
std::optional<Errc> errc_from_wire(std::string_view wire);

std::string_view remedy_name(Remedy remedy);

}  // namespace quay::protocol
