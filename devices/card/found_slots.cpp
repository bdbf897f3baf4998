// SPDX-License-Identifier: Apache-2.0
#include "devices/card/found_slots.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "devices/card/slot_watch.hpp"

namespace quay::card {
namespace {

using Slots = Result<std::vector<protocol::CardSlot>>;

Slots look(const std::string& only) {
  SlotWatch watch(only, [](const SlotsSeen&) {});
  const Status looked = watch.wait_first_look();
  if (!looked && looked.error().code != Errc::device_absent) {
    return failure(looked.error());
  }
  return watch.now().slots;
}

struct Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Slots> found;
};

}  // namespace

/// libpcsclite has no time limit: a pcscd that takes connections and never answers would hold us for good. Whoever
/// waits on it is left behind, and ends with the process.
Slots find_slots(const std::string& only, Milliseconds patience) {
  auto shared = std::make_shared<Shared>();
  std::thread([shared, only] {
    Slots found = look(only);
    const std::scoped_lock lock(shared->mutex);
    shared->found = std::move(found);
    shared->changed.notify_all();
  }).detach();
  std::unique_lock lock(shared->mutex);
  if (!shared->changed.wait_for(lock, patience, [&] { return shared->found.has_value(); })) {
    return failure(Errc::card_service_down, "card.list",
                   fmt::format("pcscd has not answered within {} ms", patience.count()));
  }
  return *shared->found;
}

}  // namespace quay::card
