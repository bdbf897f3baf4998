// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong with the simulated printer. How quay answers each is in ../README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quay::rig {

/// Spelled with hyphens in commands ("media-jam").
enum class PrinterFaultKind : std::uint8_t {
  none,
  media_jam,    ///< stops before sheet `at`, until healed
  cover_open,   ///< the same
  toner_empty,  ///< the same
  offline,      ///< before sheet `at` the printer is gone from the network, until `plug`; the paper goes on
  power_cut,    ///< before sheet `at` the power fails: the job and its history are lost, the printer is back at once
  wrong_count,  ///< says that `says` sheets came, whatever came
  silent_drop,  ///< says completed with no sheet, and prints none
  no_counts,    ///< never says how many sheets came
  abort,        ///< gives up before sheet `at`
  forget,       ///< knows nothing of a job that is over
  busy,         ///< server-error-busy for the next `times` jobs
  slow,         ///< each answer takes `ms`
  mute,         ///< connections are taken, nothing is ever answered
  malformed,    ///< answers are no IPP
  cut,          ///< the connection breaks after `at` bytes of a document, `times` times
  cut_answer,   ///< a document is taken whole, and the connection breaks instead of the answer, `times` times
  lost_create,  ///< a job is made, and the connection breaks instead of the answer, `times` times
  refuse,       ///< no document is taken: client-error-document-format-error
  die,          ///< the printer's process ends before sheet `at`
  stall,        ///< stops reading a document after `at` bytes, until healed
  keep,         ///< works on sheet `at` until healed, also when the job is cancelled
  job_error,    ///< server-error-internal-error to the next `times` questions for jobs
  babble,       ///< text in ISO 8859-1, thousands of papers and reasons
  flood,        ///< sound answers of `at` MiB
  count_
};

struct PrinterFault {
  PrinterFaultKind kind = PrinterFaultKind::none;
  int at = 1;
  int says = 0;
  int times = 1;
  int ms = 0;

  bool operator==(const PrinterFault&) const = default;
};

/// "media-jam at=2", "wrong-count says=1". Errors: usage, naming the word and what was expected.
Result<PrinterFault> parse_printer_fault(std::string_view text);

std::string to_text(const PrinterFault& fault);

}  // namespace quay::rig
