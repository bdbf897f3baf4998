// SPDX-License-Identifier: Apache-2.0
// Calls sane_cancel for a device thread that cannot: one stuck inside sane_start or sane_read. A device thread that
// comes back by itself cancels from its own thread, which every backend survives; only after kPatience is sane_cancel
// called from here (SANE standard 4.3.12 allows it at any time, but backends have crashed on it).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include <sane/sane.h>

#include "base/clock.hpp"

namespace quay::scanner {

class Canceller {
 public:
  static constexpr Milliseconds kPatience{250};

  Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;
  ~Canceller();

  /// From now on a request may reach `handle`. Thread: device.
  void watch(SANE_Handle handle);

  /// The handle is about to be closed. Returns when no sane_cancel runs on it any more. Thread: device.
  void unwatch();

  /// Asks for the call on the handle that is open now, if any; returns at once even while a sane_cancel hangs.
  /// Thread: the channel's, which no later handle can be opened without.
  void request() noexcept;

  /// Calls sane_cancel itself. Thread: device.
  void cancel_now();

 private:
  void run();
  void cancel_unless_over(std::uint32_t opening);

  std::mutex mutex_;
  std::condition_variable unwatched_;
  SANE_Handle handle_ = nullptr;
  std::atomic<std::uint32_t> opening_ = 0;  ///< number of the latest watch(): a late request must not hit the next scan
  std::atomic<std::uint32_t> wanted_ = 0;   ///< the opening to cancel; kStop ends the thread
  std::thread thread_;
};

}  // namespace quay::scanner
