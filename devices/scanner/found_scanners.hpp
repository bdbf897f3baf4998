// SPDX-License-Identifier: Apache-2.0
// What libsane finds with the configuration it was given.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::scanner {

/// All devices, in SANE's order; may take as long as its backends like. Precondition: sane_init was called.
/// Errors: whatever sane_get_devices says.
Result<std::vector<protocol::worker::FoundScanner>> find_scanners();

}  // namespace quay::scanner
