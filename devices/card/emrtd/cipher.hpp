// SPDX-License-Identifier: Apache-2.0
// The ciphers and checksums of ICAO 9303-11: 3DES with the retail MAC, AES in CBC with CMAC, and the key derivation
// that gives both their keys. OpenSSL does the work; what the standard makes of it is here.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

enum class CipherSuite : std::uint8_t { des3, aes128, aes192, aes256 };

/// 8 bytes for 3DES, 16 for AES.
std::size_t block_size(CipherSuite suite);

/// Counters of the key derivation function, 9303-11 section 9.7.1.
enum class KeyUse : std::uint32_t { encryption = 1, checksum = 2, password = 3 };

/// KDF(seed, use): a key of the suite's length, with DES parity where that matters.
Result<Bytes> derive_key(CipherSuite suite, View seed, KeyUse use);

Result<Bytes> sha1(View bytes);

/// 80 and zeros up to a whole block: ISO/IEC 9797-1 padding method 2.
Bytes padded(View bytes, std::size_t block);

/// What was padded. Errors: card_protocol when the padding is none.
Result<Bytes> unpadded(View bytes);

/// CBC without padding; bytes are whole blocks, the vector is one. Errors: bug.
Result<Bytes> encrypt(CipherSuite suite, View key, View vector, View bytes);
Result<Bytes> decrypt(CipherSuite suite, View key, View vector, View bytes);

/// One block in ECB. Errors: bug.
Result<Bytes> encrypt_block(CipherSuite suite, View key, View block);

/// Eight bytes: ISO/IEC 9797-1 MAC algorithm 3 (3DES; bytes are whole blocks), or the begin of the CMAC (AES; any
/// bytes). Errors: bug.
Result<Bytes> checksum(CipherSuite suite, View key, View bytes);

/// Compares in a time that does not tell where the two differ.
bool same_bytes(View a, View b);

}  // namespace quay::emrtd
