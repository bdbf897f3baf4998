// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) over bytes that come in pieces.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace quay::crypto {

/// One running digest. update() any number of times, hex() once.
class Sha256 {
 public:
  Sha256();

  void update(std::span<const std::uint8_t> bytes);

  /// The digest as 64 lower-case hex digits. Ends the digest: call once.
  std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The digest of `bytes` in lower-case hex.
std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex(std::string_view text);

}  // namespace quay::crypto
