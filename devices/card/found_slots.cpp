// SPDX-License-Identifier: Apache-2.0
#include "devices/card/found_slots.hpp"

#include "devices/card/slot_watch.hpp"

namespace quay::card {

Result<std::vector<protocol::CardSlot>> find_slots(const std::string& only) {
  SlotWatch watch(only, [](const SlotsSeen&) {});
  const Status looked = watch.wait_first_look();
  if (!looked && looked.error().code != Errc::device_absent) {
    return failure(looked.error());
  }
  return watch.now().slots;
}

}  // namespace quay::card
