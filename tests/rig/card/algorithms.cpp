// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/algorithms.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace quay::rig::card {
namespace {

void need(bool done, const char* call) {
  if (!done) {
    throw std::runtime_error(std::string("the simulated card cannot ") + call);
  }
}

Bytes digest(const EVP_MD* kind, View data) {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(kind)));
  need(EVP_Digest(data.data(), data.size(), out.data(), nullptr, kind, nullptr) == 1, "digest");
  return out;
}

const EVP_CIPHER* aes(std::size_t key_size, bool ecb) {
  switch (key_size) {
    case 16: return ecb ? EVP_aes_128_ecb() : EVP_aes_128_cbc();
    case 24: return ecb ? EVP_aes_192_ecb() : EVP_aes_192_cbc();
    default: return ecb ? EVP_aes_256_ecb() : EVP_aes_256_cbc();
  }
}

Bytes run(const EVP_CIPHER* cipher, Direction direction, View key, View iv, View data) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  const Bytes zeros(16);
  Bytes out(data.size());
  int written = 0;
  const int encrypt = direction == Direction::encrypt ? 1 : 0;
  need(EVP_CipherInit_ex(context.get(), cipher, nullptr, key.data(), iv.empty() ? zeros.data() : iv.data(), encrypt) ==
               1 &&
           EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
           EVP_CipherUpdate(context.get(), out.data(), &written, data.data(), static_cast<int>(data.size())) == 1 &&
           static_cast<std::size_t>(written) == data.size(),
       "encipher");
  return out;
}

/// EDE with two keys; three equal ones are single DES, which OpenSSL 3 does not offer any more.
Bytes des(Direction direction, View first, View second, View iv, View data) {
  return run(EVP_des_ede3_cbc(), direction, join({first, second, first}), iv, data);
}

Bytes retail_mac(View key, View data) {
  const View first = key.first(8);
  const View second = key.subspan(8, 8);
  const Bytes chained = des(Direction::encrypt, first, first, {}, data);
  const View last = View(chained).last(8);
  const Bytes back = des(Direction::decrypt, second, second, {}, last);
  return des(Direction::encrypt, first, first, {}, back);
}

Bytes cmac(View key, View data) {
  EVP_MAC* kind = EVP_MAC_fetch(nullptr, "CMAC", nullptr);
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(kind), EVP_MAC_CTX_free);
  EVP_MAC_free(kind);
  std::string cipher = "AES-" + std::to_string(key.size() * 8) + "-CBC";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher.data(), 0),
                                   OSSL_PARAM_construct_end()};
  Bytes out(16);
  std::size_t size = 0;
  need(EVP_MAC_init(context.get(), key.data(), key.size(), parameters) == 1 &&
           EVP_MAC_update(context.get(), data.data(), data.size()) == 1 &&
           EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1,
       "compute a MAC");
  out.resize(8);
  return out;
}

}  // namespace

Bytes sha1(View data) { return digest(EVP_sha1(), data); }
Bytes sha256(View data) { return digest(EVP_sha256(), data); }

Bytes random_bytes(std::size_t size) {
  Bytes bytes(size);
  need(RAND_bytes(bytes.data(), static_cast<int>(size)) == 1, "draw random bytes");
  return bytes;
}

Bytes derive_key(View secret, std::uint32_t counter, Family family, std::size_t size) {
  const Bytes input = join({secret, number(counter, 4)});
  Bytes key = family == Family::des3 || size == 16 ? sha1(input) : sha256(input);
  key.resize(size);
  return key;
}

SessionKeys derive_keys(View secret, Family family, std::size_t size) {
  return {family, derive_key(secret, 1, family, size), derive_key(secret, 2, family, size)};
}

Bytes cbc(const SessionKeys& keys, Direction direction, View iv, View data) {
  if (keys.family == Family::aes) {
    return run(aes(keys.enc.size(), false), direction, keys.enc, iv, data);
  }
  return des(direction, View(keys.enc).first(8), View(keys.enc).subspan(8, 8), iv, data);
}

Bytes encrypt_block(const SessionKeys& keys, View block) {
  return run(aes(keys.enc.size(), true), Direction::encrypt, keys.enc, {}, block);
}

Bytes mac(const SessionKeys& keys, View data) {
  return keys.family == Family::aes ? cmac(keys.mac, data) : retail_mac(keys.mac, data);
}

Bytes pad(View data, std::size_t block) {
  Bytes padded(data.begin(), data.end());
  padded.push_back(0x80);
  padded.resize((padded.size() + block - 1) / block * block);
  return padded;
}

std::optional<Bytes> unpad(View data) {
  std::size_t size = data.size();
  while (size > 0 && data[size - 1] == 0) {
    --size;
  }
  if (size == 0 || data[size - 1] != 0x80) {
    return std::nullopt;
  }
  return Bytes(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size - 1));
}

}  // namespace quay::rig::card
