// SPDX-License-Identifier: Apache-2.0
// Bytes that must not be seen: a memory page of their own, locked (never swapped), left out of core dumps, empty in a
// forked child, and overwritten before it is given back. Cannot be copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.hpp"

namespace quay::crypto {

class Secret {
 public:
  /// `size` zero bytes, 1 to 4096. Errors: key_unusable when the kernel gives no locked page (RLIMIT_MEMLOCK).
  static Result<Secret> create(std::size_t size);

  /// `size` bytes of the kernel's generator. Errors: also key_unusable.
  static Result<Secret> random(std::size_t size);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  std::span<std::uint8_t> bytes() { return {data_, size_}; }
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }

 private:
  Secret(std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Overwrites what the compiler would otherwise see no reason to overwrite.
void wipe(std::span<std::uint8_t> bytes);

/// Fills `out` from the kernel's generator. Errors: key_unusable.
Status fill_random(std::span<std::uint8_t> out);

}  // namespace quay::crypto
