// SPDX-License-Identifier: Apache-2.0
// `quay-card --list`: the slots that pcscd sees now, for a technician. Speaks to no card, and waits for no pcscd that
// hangs.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "protocol/client/card.hpp"

namespace quay::card {

/// Errors: card_service_down, also when pcscd has not answered in `patience`; device_access_denied. No reader is no
/// error.
Result<std::vector<protocol::CardSlot>> find_slots(const std::string& only, Milliseconds patience);

}  // namespace quay::card
