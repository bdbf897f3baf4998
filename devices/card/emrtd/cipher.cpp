// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/cipher.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <memory>

#include "devices/card/emrtd/openssl_handles.hpp"

namespace quay::emrtd {
namespace {

constexpr std::size_t kDesBlock = 8, kAesBlock = 16, kChecksum = 8;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;

tl::unexpected<Error> failed(const char* what) {
  return failure(Errc::bug, "cipher", fmt::format("OpenSSL refused {}", what));
}

std::size_t key_size(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::des3:
    case CipherSuite::aes128: return 16;
    case CipherSuite::aes192: return 24;
    case CipherSuite::aes256: return 32;
  }
  return 0;
}

const EVP_CIPHER* cbc(CipherSuite suite) {
  switch (suite) {
    case CipherSuite::des3: return EVP_des_ede3_cbc();
    case CipherSuite::aes128: return EVP_aes_128_cbc();
    case CipherSuite::aes192: return EVP_aes_192_cbc();
    case CipherSuite::aes256: return EVP_aes_256_cbc();
  }
  return nullptr;
}

/// OpenSSL takes three DES keys where the standard has two.
Bytes full_key(CipherSuite suite, View key) {
  Bytes full = to_bytes(key);
  if (suite == CipherSuite::des3 && key.size() == 2 * kDesBlock) {
    append(full, key.first(kDesBlock));
  }
  return full;
}

enum class Way : int { decrypt = 0, encrypt = 1 };

Result<Bytes> run(CipherSuite suite, View key, View vector, View bytes, Way way) {
  const std::size_t block = block_size(suite);
  if (bytes.size() % block != 0 || vector.size() != block || key.size() != key_size(suite)) {
    return failure(Errc::bug, "cipher", fmt::format("{} bytes, expected whole blocks of {}", bytes.size(), block));
  }
  const CipherContext context(EVP_CIPHER_CTX_new());
  const Bytes full = full_key(suite, key);
  Bytes out(bytes.size() + block);
  int size = 0, rest = 0;
  if (!context ||
      EVP_CipherInit_ex2(context.get(), cbc(suite), full.data(), vector.data(), static_cast<int>(way), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), out.data(), &size, bytes.data(), static_cast<int>(bytes.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), out.data() + size, &rest) != 1) {
    return failed("a cipher");
  }
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return out;
}

Result<Bytes> digest(const EVP_MD* kind, View bytes) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1) {
    return failed("a digest");
  }
  out.resize(size);
  return out;
}

/// Odd parity in the lowest bit of every byte, as DES keys have it (FIPS 46-3).
void set_parity(Bytes& key) {
  for (std::uint8_t& octet : key) {
    octet = static_cast<std::uint8_t>((octet & 0xFE) | (std::popcount(static_cast<unsigned>(octet >> 1)) % 2 == 0));
  }
}

/// Single DES in CBC through all blocks, then DES^-1 and DES with the other key on the last one.
Result<Bytes> retail_mac(View key, View bytes) {
  if (bytes.empty() || key.size() != 2 * kDesBlock) {
    return failure(Errc::bug, "cipher.mac", "nothing to check, or a key that is no key");
  }
  const View first = key.first(kDesBlock), second = key.last(kDesBlock);
  const Bytes one = joined({first, first}), other = joined({second, second}), zero(kDesBlock);
  const auto chain = encrypt(CipherSuite::des3, one, zero, bytes);
  if (!chain) {
    return chain;
  }
  const auto turned = decrypt(CipherSuite::des3, other, zero, View(*chain).last(kDesBlock));
  return turned ? encrypt(CipherSuite::des3, one, zero, *turned) : turned;
}

Result<Bytes> cmac(CipherSuite suite, View key, View bytes) {
  const Mac mac(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
  const MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::string name = EVP_CIPHER_get0_name(cbc(suite));
  const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name.data(), name.size()),
                              OSSL_PARAM_construct_end()};
  Bytes out(kAesBlock);
  std::size_t size = 0;
  if (!context || EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data()) != 1 ||
      EVP_MAC_update(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_MAC_final(context.get(), out.data(), &size, out.size()) != 1) {
    return failed("a checksum");
  }
  out.resize(kChecksum);
  return out;
}

}  // namespace

std::size_t block_size(CipherSuite suite) { return suite == CipherSuite::des3 ? kDesBlock : kAesBlock; }

Result<Bytes> sha1(View bytes) { return digest(EVP_sha1(), bytes); }

Result<Bytes> derive_key(CipherSuite suite, View seed, KeyUse use) {
  const auto counter = static_cast<std::uint8_t>(use);
  const Bytes input = joined({seed, std::array<std::uint8_t, 4>{0, 0, 0, counter}});
  const bool wide = suite == CipherSuite::aes192 || suite == CipherSuite::aes256;
  Result<Bytes> key = digest(wide ? EVP_sha256() : EVP_sha1(), input);
  if (key) {
    key->resize(key_size(suite));
    if (suite == CipherSuite::des3) {
      set_parity(*key);
    }
  }
  return key;
}

Bytes padded(View bytes, std::size_t block) {
  Bytes out = to_bytes(bytes);
  out.push_back(0x80);
  out.resize((out.size() + block - 1) / block * block);
  return out;
}

Result<Bytes> unpadded(View bytes) {
  std::size_t size = bytes.size();
  while (size > 0 && bytes[size - 1] == 0) {
    --size;
  }
  if (size == 0 || bytes[size - 1] != 0x80) {
    return failure(Errc::card_protocol, "cipher.padding", "no padding where some was expected");
  }
  return to_bytes(bytes.first(size - 1));
}

Result<Bytes> encrypt(CipherSuite suite, View key, View vector, View bytes) {
  return run(suite, key, vector, bytes, Way::encrypt);
}

Result<Bytes> decrypt(CipherSuite suite, View key, View vector, View bytes) {
  return run(suite, key, vector, bytes, Way::decrypt);
}

Result<Bytes> encrypt_block(CipherSuite suite, View key, View block) {
  return run(suite, key, Bytes(block_size(suite)), block, Way::encrypt);  // one block: CBC from zero is ECB
}

Result<Bytes> checksum(CipherSuite suite, View key, View bytes) {
  return suite == CipherSuite::des3 ? retail_mac(key, bytes) : cmac(suite, key, bytes);
}

bool same_bytes(View a, View b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace quay::emrtd
