// SPDX-License-Identifier: Apache-2.0
// The few page buffers of one worker. A page is read straight into one, quayd maps it, and gives it back by name; the
// same memory then takes a later page. When all are out the device waits: that is the only thing it ever waits for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "base/shared_buffer.hpp"

namespace quay::worker {

class BufferPool;

/// A buffer while the worker fills it. Goes back to the pool when it ends, unless it was handed to quayd.
class BufferLease {
 public:
  BufferLease(BufferLease&& other) noexcept;
  BufferLease& operator=(BufferLease&& other) noexcept;
  BufferLease(const BufferLease&) = delete;
  BufferLease& operator=(const BufferLease&) = delete;
  ~BufferLease();

  std::span<std::uint8_t> bytes() const;
  int fd() const;
  /// What ReleaseBuffer will call it.
  std::uint64_t name() const { return slot_ + 1; }

  /// Makes it hold at least `capacity` bytes; the first `used` keep their value. Spans taken before are void.
  /// Errors: device_no_memory; the old bytes stay as they were.
  Status grow(std::size_t capacity, std::size_t used);

  /// From now on it is quayd's, until released by name.
  void hand_over() { pool_ = nullptr; }

 private:
  friend class BufferPool;
  BufferLease(BufferPool& pool, std::size_t slot) : pool_(&pool), slot_(slot) {}

  BufferPool* pool_;
  std::size_t slot_;
};

/// Thread: acquire and leases on the device thread, release and wake on any other. Must outlive its leases.
class BufferPool {
 public:
  explicit BufferPool(std::size_t most) : slots_(most) {}

  /// What acquire does while every buffer is out.
  struct Wait {
    std::function<void()> begun;      ///< called once when waiting starts
    std::function<bool()> cancelled;  ///< asked after every wake()
  };

  /// A buffer of at least `capacity` bytes: a free one that fits, else a new one in a free place.
  /// Errors: device_no_memory; scan_cancelled when `wait.cancelled` came true.
  Result<BufferLease> acquire(std::size_t capacity, const Wait& wait);

  /// Takes back the buffer called `name`. False when no such buffer is out.
  bool release(std::uint64_t name);

  /// Lets a waiting acquire ask again whether it is cancelled.
  void wake();

 private:
  friend class BufferLease;
  struct Slot {
    std::optional<WritableBuffer> buffer;
    bool out = false;
    std::size_t capacity() const { return buffer ? buffer->capacity() : 0; }
  };

  std::optional<std::size_t> best_free_slot(std::size_t capacity) const;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;  ///< a slot that is out belongs to its lease, or to quayd
};

}  // namespace quay::worker
