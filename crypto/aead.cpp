// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.hpp"

#include <openssl/evp.h>

#include "crypto/secret.hpp"

namespace quay::crypto {
namespace {

constexpr int kTag = static_cast<int>(kTagBytes);

tl::unexpected<Error> refused(const char* operation) {
  return failure(Errc::bug, operation, "OpenSSL refused AES-256-GCM");
}

int length(Bytes bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

void Aead::Free::operator()(evp_cipher_ctx_st* context) const { ::EVP_CIPHER_CTX_free(context); }

Result<Aead> Aead::create(Way way, std::span<const std::uint8_t, kKeyBytes> key) {
  Aead aead(::EVP_CIPHER_CTX_new());
  const int encrypt = way == Way::seal ? 1 : 0;
  if (!aead.context_ ||
      ::EVP_CipherInit_ex2(aead.context_.get(), ::EVP_aes_256_gcm(), key.data(), nullptr, encrypt, nullptr) != 1) {
    return refused("aead.create");
  }
  return aead;
}

Status Aead::seal(const Nonce& nonce, Bytes associated, Bytes plain, std::span<std::uint8_t> out) {
  if (out.size() != plain.size() + kTagBytes) {
    return failure(Errc::bug, "aead.seal", "the output has the wrong size");
  }
  evp_cipher_ctx_st* context = context_.get();
  int written = 0;
  const bool sealed = ::EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1 &&
                      ::EVP_EncryptUpdate(context, nullptr, &written, associated.data(), length(associated)) == 1 &&
                      ::EVP_EncryptUpdate(context, out.data(), &written, plain.data(), length(plain)) == 1 &&
                      ::EVP_EncryptFinal_ex(context, out.data() + plain.size(), &written) == 1 &&
                      ::EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTag, out.data() + plain.size()) == 1;
  return sealed ? Status() : Status(refused("aead.seal"));
}

Result<bool> Aead::open(const Nonce& nonce, Bytes associated, Bytes sealed, std::span<std::uint8_t> out) {
  if (sealed.size() < kTagBytes || out.size() != sealed.size() - kTagBytes) {
    return failure(Errc::bug, "aead.open", "the output has the wrong size");
  }
  std::array<std::uint8_t, kTagBytes> tag{};
  const Bytes coded = sealed.first(out.size());
  std::copy(sealed.begin() + static_cast<std::ptrdiff_t>(out.size()), sealed.end(), tag.begin());
  evp_cipher_ctx_st* context = context_.get();
  int written = 0;
  const bool decoded = ::EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1 &&
                       ::EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
                       ::EVP_DecryptUpdate(context, nullptr, &written, associated.data(), length(associated)) == 1 &&
                       ::EVP_DecryptUpdate(context, out.data(), &written, coded.data(), length(coded)) == 1;
  if (!decoded) {
    wipe(out);
    return refused("aead.open");
  }
  const bool genuine = ::EVP_DecryptFinal_ex(context, tag.data(), &written) == 1;
  if (!genuine) {
    wipe(out);
  }
  return genuine;
}

}  // namespace quay::crypto
