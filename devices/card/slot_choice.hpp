// SPDX-License-Identifier: Apache-2.0
// Which of the slots has the citizen's card: a reader may show a contact slot, a contactless one and a soldered module.
// The one whose card answers to the ICAO application is it.
#pragma once

#include <memory>

#include "devices/card/card_link.hpp"
#include "devices/card/slot_watch.hpp"

namespace quay::card {

struct ChosenSlot {
  protocol::CardSlot slot;
  std::unique_ptr<CardLink> link;
};

/// Slots in the order in which they are tried: a card known to be one, contactless ones, the rest; without those known
/// to be none.
std::vector<protocol::CardSlot> in_order_of_hope(std::vector<protocol::CardSlot> slots);

/// Tells the watch what it found. Errors: card_absent when there is no card; card_unsupported when none is an identity
/// card; else what the most hopeful slot said.
Result<ChosenSlot> choose_slot(const CardLink::SharedContext& context, SlotWatch& watch,
                               const CardLink::Unwanted& unwanted);

}  // namespace quay::card
