// SPDX-License-Identifier: Apache-2.0
// Who is in which slot, told by pcscd as it happens: a thread that sleeps in SCardGetStatusChange, with the
// notification of readers that come and go. Only while pcscd itself is away does it look again and again. Never
// speaks to a card.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <winscard.h>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "devices/card/context.hpp"
#include "protocol/client/card.hpp"

namespace quay::card {

/// What is known of the slots. `trouble`: pcscd is away, says no, or has no reader.
struct SlotsSeen {
  std::vector<protocol::CardSlot> slots;
  std::optional<Error> trouble;
};

class SlotWatch {
 public:
  /// `only`: slots whose reader's name holds this text; empty: all. `changed` is called on the watch's thread, or on
  /// that which calls learn(), never on both at once.
  SlotWatch(std::string only, std::function<void(const SlotsSeen&)> changed);
  SlotWatch(const SlotWatch&) = delete;
  SlotWatch& operator=(const SlotWatch&) = delete;
  ~SlotWatch();

  /// Returns when pcscd has been asked once. Errors: its trouble.
  Status wait_first_look();

  SlotsSeen now() const;

  /// Waits until some slot holds a card that has not been found to be none of ours. False: not by `until`, or
  /// `unwanted` came true (asked after every change and wake()).
  bool wait_for_card(Deadline until, const std::function<bool()>& unwanted);
  /// Waits until anything changes in any slot, or for so long.
  void wait_for_news(Deadline until);
  void wake() { changed_slots_.notify_all(); }

  /// The card that was seen in this slot does, or does not, have the ICAO application. Nothing is learned of a slot
  /// whose card is another one by now.
  void learn(const protocol::CardSlot& slot, bool identity_card);

 private:
  void run();
  void watch(const Context& context);
  void take(const std::vector<SCARD_READERSTATE>& states);
  void fail(const Error& trouble);
  void publish(const std::function<void(SlotsSeen&)>& change);
  bool rest(Milliseconds span);

  std::string only_;
  std::function<void(const SlotsSeen&)> changed_;
  std::mutex telling_;  ///< what is told is told in the order in which it came true; taken before mutex_
  mutable std::mutex mutex_;
  std::condition_variable changed_slots_;
  SlotsSeen seen_;
  std::map<std::string, DWORD> events_;  ///< pcscd's count of what happened in each slot
  bool looked_ = false;
  std::uint64_t news_ = 0;  ///< how often something was told
  bool ending_ = false;
  bool ended_ = false;  ///< the thread has nothing more to do
  SCARDCONTEXT waiting_in_ = 0;
  std::thread thread_;
};

}  // namespace quay::card
