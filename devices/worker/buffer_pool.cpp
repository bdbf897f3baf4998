// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/buffer_pool.hpp"

#include <cstring>
#include <utility>

namespace quay::worker {

BufferLease::BufferLease(BufferLease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), slot_(other.slot_) {}

BufferLease& BufferLease::operator=(BufferLease&& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(slot_, other.slot_);
  return *this;
}

BufferLease::~BufferLease() {
  if (pool_ != nullptr) {
    pool_->release(name());
  }
}

std::span<std::uint8_t> BufferLease::bytes() const { return pool_->slots_[slot_].buffer->bytes(); }

int BufferLease::fd() const { return pool_->slots_[slot_].buffer->fd(); }

Status BufferLease::grow(std::size_t capacity, std::size_t used) {
  std::optional<WritableBuffer>& buffer = pool_->slots_[slot_].buffer;
  if (buffer->capacity() >= capacity) {
    return {};
  }
  Result<WritableBuffer> larger = WritableBuffer::create(capacity);
  if (!larger) {
    return failure(larger.error());
  }
  std::memcpy(larger->bytes().data(), buffer->bytes().data(), used);
  buffer = *std::move(larger);
  return {};
}

/// The smallest free buffer that fits, else the smallest free one of all: the cheapest to replace.
std::optional<std::size_t> BufferPool::best_free_slot(std::size_t capacity) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].out) {
      continue;
    }
    const bool fits = slots_[i].capacity() >= capacity;
    const bool best_fits = best && slots_[*best].capacity() >= capacity;
    if (!best || (fits && !best_fits) || (fits == best_fits && slots_[i].capacity() < slots_[*best].capacity())) {
      best = i;
    }
  }
  return best;
}

Result<BufferLease> BufferPool::acquire(std::size_t capacity, const Wait& wait) {
  std::unique_lock lock(mutex_);
  std::optional<std::size_t> slot = best_free_slot(capacity);
  if (!slot) {
    lock.unlock();
    wait.begun();
    lock.lock();
    changed_.wait(lock, [&] { return wait.cancelled() || (slot = best_free_slot(capacity)).has_value(); });
  }
  if (!slot) {
    return failure(Errc::scan_cancelled, "buffer.acquire", "cancelled while every page buffer was in use");
  }
  Slot& chosen = slots_[*slot];
  if (chosen.capacity() < capacity) {
    chosen.buffer.reset();
    Result<WritableBuffer> made = WritableBuffer::create(capacity);
    if (!made) {
      return failure(made.error());
    }
    chosen.buffer = *std::move(made);
  }
  chosen.out = true;
  return BufferLease(*this, *slot);
}

bool BufferPool::release(std::uint64_t name) {
  const std::lock_guard lock(mutex_);
  if (name == 0 || name > slots_.size() || !slots_[name - 1].out) {
    return false;
  }
  slots_[name - 1].out = false;
  changed_.notify_all();
  return true;
}

void BufferPool::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

}  // namespace quay::worker
