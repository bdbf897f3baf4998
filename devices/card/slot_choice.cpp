// SPDX-License-Identifier: Apache-2.0
#include "devices/card/slot_choice.hpp"

#include <algorithm>

#include "devices/card/emrtd/chip_reader.hpp"

namespace quay::card {
namespace {

using protocol::CardInterface;
using protocol::CardSlot;
using protocol::CardSlotState;

int hope(const CardSlot& slot) {
  const int learned = slot.identity_card.value_or(false) ? 4 : 0;
  return learned + (slot.interface == CardInterface::contactless ? 2 : 0);
}

/// Does it have the application? The chip is left as it was found.
Status ask(CardLink& link) {
  emrtd::CardSession session(link);
  Status selected = emrtd::select_application(session);
  return selected ? link.reset() : selected;
}

}  // namespace

std::vector<CardSlot> in_order_of_hope(std::vector<CardSlot> slots) {
  std::erase_if(slots, [](const CardSlot& slot) {
    return slot.state == CardSlotState::empty || !slot.identity_card.value_or(true);
  });
  std::stable_sort(slots.begin(), slots.end(),
                   [](const CardSlot& left, const CardSlot& right) { return hope(left) > hope(right); });
  return slots;
}

Result<ChosenSlot> choose_slot(const CardLink::SharedContext& context, SlotWatch& watch,
                               const CardLink::Unwanted& unwanted) {
  const SlotsSeen seen = watch.now();
  if (seen.trouble) {
    return failure(*seen.trouble);
  }
  std::optional<Error> first;
  for (const CardSlot& slot : in_order_of_hope(seen.slots)) {
    auto link = CardLink::open(context, slot.reader, unwanted);
    const Status answered = link ? (slot.identity_card ? Status() : ask(**link)) : Status(failure(link.error()));
    if (answered) {
      watch.learn(slot, true);
      return ChosenSlot{slot, std::move(*link)};
    }
    if (answered.error().code == Errc::card_unsupported) {
      watch.learn(slot, false);
    }
    first = first ? first : answered.error();
  }
  const bool cards = std::any_of(seen.slots.begin(), seen.slots.end(),
                                 [](const CardSlot& slot) { return slot.state != CardSlotState::empty; });
  return failure(first.value_or(make_error(cards ? Errc::card_unsupported : Errc::card_absent, "card.read",
                                           cards ? "no slot holds an identity card" : "no slot holds a card")));
}

}  // namespace quay::card
