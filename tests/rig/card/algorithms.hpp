// SPDX-License-Identifier: Apache-2.0
// The symmetric half of ICAO 9303-11: key derivation, CBC without padding, the two kinds of MAC. Failures of OpenSSL
// throw std::runtime_error: a simulator has nothing to save.
#pragma once

#include "tests/rig/card/bytes.hpp"

namespace quay::rig::card {

enum class Family : std::uint8_t { des3, aes };

/// Keys of secure messaging; AES keys of 16, 24 or 32 bytes.
struct SessionKeys {
  Family family = Family::des3;
  Bytes enc;
  Bytes mac;

  std::size_t block() const { return family == Family::des3 ? 8 : 16; }
};

Bytes sha1(View data);
Bytes sha256(View data);
Bytes random_bytes(std::size_t size);

/// 9303-11 section 9.7.1: counter 1 for encryption, 2 for MAC. `size` as SessionKeys has it.
Bytes derive_key(View secret, std::uint32_t counter, Family family, std::size_t size);
SessionKeys derive_keys(View secret, Family family, std::size_t size);

enum class Direction : bool { decrypt, encrypt };

/// CBC; `data` is whole blocks. `iv` empty: zeros.
Bytes cbc(const SessionKeys& keys, Direction direction, View iv, View data);
/// One block in ECB with the AES key for encryption.
Bytes encrypt_block(const SessionKeys& keys, View block);

/// Eight bytes: retail MAC (ISO/IEC 9797-1 algorithm 3) over whole blocks, or CMAC.
Bytes mac(const SessionKeys& keys, View data);

/// ISO/IEC 9797-1 padding method 2, to whole blocks of `block`.
Bytes pad(View data, std::size_t block);
/// Nothing when the padding is wrong.
std::optional<Bytes> unpad(View data);

}  // namespace quay::rig::card
