// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/printer_fault.hpp"

#include <array>

#include "tests/rig/control/fault_words.hpp"

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(PrinterFaultKind::count_)> kNames = {
    "none",        "media-jam", "cover-open", "toner-empty", "offline", "power-cut", "wrong-count",
    "silent-drop", "no-counts", "abort",      "forget",      "busy",    "slow",      "mute",
    "malformed",   "cut",       "cut-answer", "lost-create", "refuse",  "die",       "stall",
    "keep",        "job-error", "babble",     "flood"};

struct FieldRow {
  std::string_view key;
  int PrinterFault::*member;
};
constexpr std::array kFields{FieldRow{"at=", &PrinterFault::at}, FieldRow{"says=", &PrinterFault::says},
                             FieldRow{"times=", &PrinterFault::times}, FieldRow{"ms=", &PrinterFault::ms}};

bool read_field(std::string_view word, PrinterFault& fault) {
  for (const FieldRow& row : kFields) {
    if (word.starts_with(row.key)) {
      return read_number(word.substr(row.key.size()), fault.*row.member);
    }
  }
  return false;
}

}  // namespace

Result<PrinterFault> parse_printer_fault(std::string_view text) {
  return parse_fault<PrinterFault>(text, {kNames, "at=N, says=N, times=N or ms=N"}, read_field);
}

std::string to_text(const PrinterFault& fault) {
  return fmt::format("{} at={} says={} times={} ms={}", kNames[static_cast<std::size_t>(fault.kind)], fault.at,
                     fault.says, fault.times, fault.ms);
}

}  // namespace quay::rig
