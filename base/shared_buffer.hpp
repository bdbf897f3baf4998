// SPDX-License-Identifier: Apache-2.0
// Bytes that one process writes and another reads in place: a sealed memfd. The writer keeps its mapping and reuses
// the buffer page after page (a fresh memfd a page costs five times as much); the reader gets a descriptor that can
// be neither shrunk (no SIGBUS) nor written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay {

/// An mmap that unmaps itself.
class Mapping {
 public:
  Mapping() = default;
  Mapping(void* address, std::size_t size) : address_(address), size_(size) {}
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::uint8_t* data() const { return static_cast<std::uint8_t*>(address_); }
  std::size_t size() const { return size_; }

 private:
  void* address_ = nullptr;
  std::size_t size_ = 0;
};

/// The writer's side: a memfd sealed against shrinking, growing and any new writable mapping.
class WritableBuffer {
 public:
  /// Errors: device_no_memory when the kernel gives no memfd or mapping of `capacity` bytes.
  static Result<WritableBuffer> create(std::size_t capacity);

  std::span<std::uint8_t> bytes() const { return {mapping_.data(), mapping_.size()}; }
  std::size_t capacity() const { return mapping_.size(); }
  int fd() const { return fd_.get(); }

 private:
  WritableBuffer(UniqueFd fd, Mapping mapping) : fd_(std::move(fd)), mapping_(std::move(mapping)) {}

  UniqueFd fd_;
  Mapping mapping_;
};

/// The reader's side. Owns the descriptor and a read-only mapping of its first `size` bytes.
class ReadableBuffer {
 public:
  /// Accepts only a memfd that carries the writer's seals and holds at least `size` bytes.
  /// Errors: worker_protocol, naming the missing seal or the size found.
  static Result<ReadableBuffer> open(UniqueFd fd, std::size_t size);

  std::span<const std::uint8_t> bytes() const { return {mapping_.data(), mapping_.size()}; }
  int fd() const { return fd_.get(); }

 private:
  ReadableBuffer(UniqueFd fd, Mapping mapping) : fd_(std::move(fd)), mapping_(std::move(mapping)) {}

  UniqueFd fd_;
  Mapping mapping_;
};

}  // namespace quay
