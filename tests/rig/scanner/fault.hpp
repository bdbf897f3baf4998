// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong with the eSCL simulator. Each fault, and what SANE says of it, is in ../README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quay::rig {

/// How a fault shows on the wire. Spelled with hyphens in commands ("stall-headers").
enum class FaultKind : std::uint8_t {
  none,
  stall,          ///< half of the page, then silence for ever
  stall_headers,  ///< not even an answer
  mute,           ///< connections are taken, nothing is ever answered
  lost_pages,     ///< the job is gone (404) while sheets are still loaded
  jam,            ///< AdfState ScannerAdfJam
  cover_open,     ///< AdfState ScannerAdfDoorOpen, as sane-airscan knows it
  hatch_open,     ///< AdfState ScannerAdfHatchOpen, as Mopria eSCL 2.97 spells it
  multipick,      ///< AdfState ScannerAdfMultipickDetected
  empty,          ///< AdfState ScannerAdfEmpty though sheets are loaded
  post_503,       ///< ScanJobs answered with this HTTP status
  post_409,
  post_500,
  next_503,   ///< NextDocument 503 for `seconds`, then fine
  truncate,   ///< half of the page, then the connection is closed
  drop,       ///< the connection is closed instead of an answer
  garbage,    ///< bytes that are no JPEG
  half_jpeg,  ///< a JPEG cut in the middle, sent as if complete
  slow,       ///< the page takes `seconds`
  unplug,     ///< half of the page, then the socket and every connection are gone
  count_
};

/// A fault and when it strikes.
struct Fault {
  FaultKind kind = FaultKind::none;
  int page = 0;        ///< page of the job, counted from 1; 0 = every page, or at once for the feeder's own faults
  double seconds = 0;  ///< for next-503 and slow
  int times = 0;       ///< how often it strikes before it heals; 0 = until switched off

  bool operator==(const Fault&) const = default;
};

std::string_view name_of(FaultKind kind);

/// True for what a sensor of the feeder reports: stays until switched off.
bool is_feeder_trouble(FaultKind kind);

/// "jam page=2 times=1". Errors: usage, naming the word and what was expected.
Result<Fault> parse_fault(std::string_view text);

/// The text that parse_fault reads.
std::string to_text(const Fault& fault);

}  // namespace quay::rig
