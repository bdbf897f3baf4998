// SPDX-License-Identifier: Apache-2.0
// What a printer's state reasons (RFC 8011, 5.4.12; PWG 5100.9) mean at a counter: which of them stop the paper, and
// what a clerk does about it. One table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/errc.hpp"

namespace quay::printer {

struct ReasonRow {
  std::string_view keyword;  ///< without -error, -warning, -report
  Errc code;
  bool stops = true;  ///< stops the paper whatever its severity is called
};

std::span<const ReasonRow> reason_table();

/// What stops the paper, the gravest first; each once. Warnings and reports do not, unless the table says that nobody
/// can print with them. `stopped`: printer-state; then a reason that is not known is printer_stopped.
std::vector<Errc> what_stops(const std::vector<std::string>& reasons, bool stopped);

}  // namespace quay::printer
