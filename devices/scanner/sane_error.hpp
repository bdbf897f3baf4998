// SPDX-License-Identifier: Apache-2.0
// Every word SANE has for trouble, and quay's own. The only place where a SANE_Status becomes an Error.
#pragma once

#include <span>
#include <string>

#include <sane/sane.h>

#include "base/result.hpp"

namespace quay::scanner {

/// One status: number, SANE's spelling, quay's code. Two of them are newer than Debian's sane.h (SANE 1.1).
struct SaneStatusRow {
  int number;
  const char* name;
  Errc code;
};

/// All statuses SANE 1.1 knows, in the order of their numbers, SANE_STATUS_GOOD included.
std::span<const SaneStatusRow> sane_status_table();

/// The error of a call that did not return SANE_STATUS_GOOD; `native` keeps SANE's name and number. A status from
/// after SANE 1.1 is device_io. `sane_open` says INVAL for a device that is not there (SANE standard 4.3.4): that is
/// device_absent.
Error sane_error(SANE_Status status, std::string operation);

/// The Status of a call: success for SANE_STATUS_GOOD only.
Status sane_status(SANE_Status status, const char* operation);

}  // namespace quay::scanner
