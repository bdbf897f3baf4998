// SPDX-License-Identifier: Apache-2.0
// What the simulated printer says of itself and what never changes: as much as CUPS needs to make a queue of it.
#pragma once

#include <string>

#include "tests/rig/printer/ipp_face.hpp"

namespace quay::rig {

void add_printer_attributes(ipp_t* answer, const PrinterPlate& plate, const std::string& uri);

/// What was said, as a printer of another age and tongue says it: text that is not UTF-8, lists without an end.
void make_babble(ipp_t* answer);

}  // namespace quay::rig
