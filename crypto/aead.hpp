// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and 128-bit tags, under one key, many messages. Whoever calls makes
// sure that a nonce is never used twice under a key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"

struct evp_cipher_ctx_st;

namespace quay::crypto {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

using Nonce = std::array<std::uint8_t, kNonceBytes>;
using Bytes = std::span<const std::uint8_t>;

class Aead {
 public:
  enum class Way : std::uint8_t { seal, open };

  /// `key` is borrowed for the call only; the cipher's own copy is wiped when this goes. Errors: bug.
  static Result<Aead> create(Way way, std::span<const std::uint8_t, kKeyBytes> key);

  /// Writes plain.size() + kTagBytes bytes to `out`. Errors: bug.
  Status seal(const Nonce& nonce, Bytes associated, Bytes plain, std::span<std::uint8_t> out);

  /// Writes sealed.size() - kTagBytes bytes to `out`. False when the tag does not fit: `out` then holds nothing of use
  /// and is overwritten. Errors: bug.
  Result<bool> open(const Nonce& nonce, Bytes associated, Bytes sealed, std::span<std::uint8_t> out);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  explicit Aead(evp_cipher_ctx_st* context) : context_(context) {}

  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace quay::crypto
