// SPDX-License-Identifier: Apache-2.0
#include "devices/card/slot_watch.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "devices/card/pcsc_error.hpp"

namespace quay::card {

using protocol::CardInterface;
using protocol::CardSlot;
using protocol::CardSlotState;

namespace {

/// pcsc-lite's name for "a reader came or went"; the upper half of its state is their number.
constexpr const char* kPlugAndPlay = "\\\\?PnP?\\Notification";
constexpr Milliseconds kCancelAgain{50};
/// While pcscd is away: nothing tells when it is back.
constexpr Milliseconds kLookAgain{500};

CardSlotState state_of(DWORD event) {
  if ((event & SCARD_STATE_PRESENT) == 0) {
    return CardSlotState::empty;
  }
  if ((event & SCARD_STATE_MUTE) != 0) {
    return CardSlotState::mute;
  }
  return (event & SCARD_STATE_EXCLUSIVE) != 0 ? CardSlotState::in_use : CardSlotState::card;
}

/// PC/SC part 3, section 3.1.3.2.3: readers make up the ATR of a contactless card as 3B 8n 80 01.
CardInterface interface_of(const std::string& atr) {
  if (atr.size() < 8) {
    return CardInterface::unknown;
  }
  const bool contactless = atr.starts_with("3B8") && atr.substr(4, 4) == "8001";
  return contactless ? CardInterface::contactless : CardInterface::contact;
}

CardSlot slot_of(const SCARD_READERSTATE& state) {
  CardSlot slot;
  slot.reader = state.szReader;
  slot.state = state_of(state.dwEventState);
  for (DWORD i = 0; i < state.cbAtr && slot.state != CardSlotState::empty; ++i) {
    slot.atr += fmt::format("{:02X}", state.rgbAtr[i]);
  }
  slot.interface = interface_of(slot.atr);
  return slot;
}

SCARD_READERSTATE unaware(const char* reader) {
  SCARD_READERSTATE state{};
  state.szReader = reader;
  state.dwCurrentState = SCARD_STATE_UNAWARE;
  return state;
}

bool may_be_ours(const CardSlot& slot) {
  return (slot.state == CardSlotState::card || slot.state == CardSlotState::in_use) &&
         slot.identity_card.value_or(true);
}

}  // namespace

SlotWatch::SlotWatch(std::string only, std::function<void(const SlotsSeen&)> changed)
    : only_(std::move(only)), changed_(std::move(changed)), thread_([this] { run(); }) {}

/// SCardCancel ends a wait that has begun: one that begins a moment later does not hear of it, so it is said again.
SlotWatch::~SlotWatch() {
  {
    std::unique_lock lock(mutex_);
    ending_ = true;
    changed_slots_.notify_all();
    do {
      if (waiting_in_ != 0) {
        SCardCancel(waiting_in_);
      }
    } while (!changed_slots_.wait_for(lock, kCancelAgain, [this] { return ended_; }));
  }
  thread_.join();
}

Status SlotWatch::wait_first_look() {
  std::unique_lock lock(mutex_);
  changed_slots_.wait(lock, [this] { return looked_; });
  return seen_.trouble ? Status(failure(*seen_.trouble)) : Status();
}

SlotsSeen SlotWatch::now() const {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

bool SlotWatch::wait_for_card(Deadline until, const std::function<bool()>& unwanted) {
  std::unique_lock lock(mutex_);
  const auto there = [this] { return std::any_of(seen_.slots.begin(), seen_.slots.end(), may_be_ours); };
  changed_slots_.wait_until(lock, until, [&] { return there() || unwanted() || ending_; });
  return there() && !unwanted();
}

void SlotWatch::wait_for_news(Deadline until) {
  std::unique_lock lock(mutex_);
  const std::uint64_t now = news_;
  changed_slots_.wait_until(lock, until, [&] { return news_ != now || ending_; });
}

void SlotWatch::learn(const CardSlot& slot, bool identity_card) {
  publish([&](SlotsSeen& seen) {
    for (CardSlot& now : seen.slots) {
      if (now.reader == slot.reader && now.atr == slot.atr && now.state != CardSlotState::empty) {
        now.identity_card = identity_card;
      }
    }
  });
}

// ---- the thread ---------------------------------------------------------------------------------------------------

void SlotWatch::run() {
  for (;;) {
    const auto context = Context::open();
    if (context) {
      {
        const std::scoped_lock lock(mutex_);
        waiting_in_ = context->get();
      }
      watch(*context);
      const std::scoped_lock lock(mutex_);
      waiting_in_ = 0;
    } else {
      fail(context.error());
    }
    if (!rest(kLookAgain)) {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
      changed_slots_.notify_all();
      return;
    }
  }
}

/// Until a reader comes or goes (then the list is made anew) or pcscd is gone.
void SlotWatch::watch(const Context& context) {
  auto names = context.readers();
  DWORD patience = 0;
  std::vector<SCARD_READERSTATE> states;
  bool anew = true;
  while (names) {
    if (std::exchange(anew, false)) {
      std::erase_if(*names, [this](const std::string& name) { return name.find(only_) == std::string::npos; });
      states.clear();
      std::transform(names->begin(), names->end(), std::back_inserter(states),
                     [](const std::string& name) { return unaware(name.c_str()); });
      states.push_back(unaware(kPlugAndPlay));
      patience = 0;
    }
    const LONG woke = SCardGetStatusChange(context.get(), patience, states.data(), states.size());
    const bool nothing = woke == static_cast<LONG>(SCARD_E_TIMEOUT);
    if (woke != SCARD_S_SUCCESS && !nothing) {
      // A reader that is gone ends the list; everything else ends the connection.
      anew = woke == static_cast<LONG>(SCARD_E_UNKNOWN_READER);
      if (!anew) {
        fail(pcsc_error(woke, "SCardGetStatusChange"));
        return;
      }
      names = context.readers();
      continue;
    }
    const bool first = std::exchange(patience, static_cast<DWORD>(INFINITE)) == 0;
    anew = !first && (states.back().dwEventState & SCARD_STATE_CHANGED) != 0;
    take({states.begin(), states.end() - 1});
    for (SCARD_READERSTATE& state : states) {
      state.dwCurrentState = state.dwEventState;
    }
    if (anew) {
      names = context.readers();
    }
    const std::scoped_lock lock(mutex_);
    if (ending_) {
      return;
    }
  }
  fail(names.error());
}

void SlotWatch::take(const std::vector<SCARD_READERSTATE>& states) {
  publish([&](SlotsSeen& seen) {
    SlotsSeen fresh;
    for (const SCARD_READERSTATE& state : states) {
      CardSlot slot = slot_of(state);
      const DWORD count = state.dwEventState >> 16U;
      const auto before = std::find_if(seen.slots.begin(), seen.slots.end(), [&](const CardSlot& old) {
        return old.reader == slot.reader && old.atr == slot.atr;
      });
      if (before != seen.slots.end() && events_[slot.reader] == count) {
        slot.identity_card = before->identity_card;
      }
      events_[slot.reader] = count;
      fresh.slots.push_back(std::move(slot));
    }
    if (fresh.slots.empty()) {
      fresh.trouble = make_error(Errc::device_absent, "SCardListReaders", "no card reader");
    }
    seen = std::move(fresh);
  });
}

void SlotWatch::fail(const Error& trouble) {
  publish([&](SlotsSeen& seen) { seen = {{}, trouble}; });
}

/// `change` is made under the lock: between looking and storing nothing else comes true.
void SlotWatch::publish(const std::function<void(SlotsSeen&)>& change) {
  const std::scoped_lock telling(telling_);
  SlotsSeen seen;
  {
    const std::scoped_lock lock(mutex_);
    change(seen_);
    seen = seen_;
    looked_ = true;
    ++news_;
    changed_slots_.notify_all();
  }
  changed_(seen);
}

/// False when the watch ends.
bool SlotWatch::rest(Milliseconds span) {
  std::unique_lock lock(mutex_);
  changed_slots_.wait_for(lock, span, [this] { return ending_; });
  return !ending_;
}

}  // namespace quay::card
