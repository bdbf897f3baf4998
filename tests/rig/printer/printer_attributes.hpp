// SPDX-License-Identifier: Apache-2.0
// What the simulated printer says of itself and what never changes: as much as CUPS needs to make a queue of it.
#pragma once

#include <string>

#include "tests/rig/printer/ipp_face.hpp"

namespace quay::rig {

void add_printer_attributes(ipp_t* answer, const PrinterPlate& plate, const std::string& uri);

}  // namespace quay::rig
