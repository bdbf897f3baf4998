// SPDX-License-Identifier: Apache-2.0
// `quay-card --list`: the slots that pcscd sees now, for a technician. Speaks to no card.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "protocol/client/card.hpp"

namespace quay::card {

/// Errors: card_service_down, device_access_denied. No reader is no error.
Result<std::vector<protocol::CardSlot>> find_slots(const std::string& only);

}  // namespace quay::card
