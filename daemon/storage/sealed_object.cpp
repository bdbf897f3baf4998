// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/sealed_object.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "crypto/derive.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::string_view kMagic = "quayobj";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kAes256Gcm = 1;
constexpr std::uint8_t kChunkBits = 16;
constexpr std::size_t kVersionAt = 7;
constexpr std::size_t kCipherAt = 8;
constexpr std::size_t kChunkBitsAt = 9;
constexpr std::size_t kBytesAt = 16;
constexpr std::size_t kSaltAt = 24;
/// More than any page: a header that promises more is damaged, and must not make anybody allocate.
constexpr std::uint64_t kMostBytes = 1ULL << 40U;

void put_big_endian(std::span<std::uint8_t, 8> out, std::uint64_t number) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(number >> (56U - 8U * i));
  }
}

std::uint64_t big_endian(std::span<const std::uint8_t, 8> bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) {
    number = number << 8U | byte;
  }
  return number;
}

ObjectHeader make_header(std::uint64_t bytes, const ObjectSalt& salt) {
  ObjectHeader header{};
  std::copy(kMagic.begin(), kMagic.end(), header.begin());
  header[kVersionAt] = kVersion;
  header[kCipherAt] = kAes256Gcm;
  header[kChunkBitsAt] = kChunkBits;
  put_big_endian(std::span(header).subspan<kBytesAt, 8>(), bytes);
  std::copy(salt.begin(), salt.end(), header.begin() + kSaltAt);
  return header;
}

Result<crypto::Aead> object_cipher(crypto::Aead::Way way, const crypto::Secret& visit_key, const ObjectHeader& header,
                                   const std::string& identity) {
  const auto salt = std::span(header).subspan<kSaltAt, kObjectSaltBytes>();
  const auto key = crypto::derive_key(visit_key.bytes(), salt, "quay object v1 " + identity);
  if (!key) {
    return failure(key.error());
  }
  return crypto::Aead::create(way, key->bytes().first<crypto::kKeyBytes>());
}

crypto::Nonce nonce_of(std::uint64_t index) {
  crypto::Nonce nonce{};
  put_big_endian(std::span(nonce).subspan<4, 8>(), index);
  return nonce;
}

/// Everything that a chunk must agree with to be genuine: the header, its number, whether it is the last, the object.
std::vector<std::uint8_t> associated(const ObjectHeader& header, std::uint64_t index, bool last,
                                     const std::string& identity) {
  std::vector<std::uint8_t> text(header.begin(), header.end());
  text.resize(kObjectHeaderBytes + 8);
  put_big_endian(std::span(text).subspan<kObjectHeaderBytes, 8>(), index);
  text.push_back(last ? 1 : 0);
  text.insert(text.end(), identity.begin(), identity.end());
  return text;
}

tl::unexpected<Error> corrupt(const std::string& identity, std::string detail) {
  return failure(Errc::spool_corrupt, "spool.read " + identity, std::move(detail));
}

}  // namespace

Result<ObjectSealer> ObjectSealer::create(const crypto::Secret& visit_key, std::string identity, std::uint64_t bytes,
                                          const ObjectSalt& salt) {
  if (bytes == 0 || bytes > kMostBytes) {
    return failure(Errc::bug, "object.seal", "an object has 1 byte to 1 TiB");
  }
  const ObjectHeader header = make_header(bytes, salt);
  auto aead = object_cipher(crypto::Aead::Way::seal, visit_key, header, identity);
  if (!aead) {
    return failure(aead.error());
  }
  return ObjectSealer(header, std::move(identity), bytes, std::move(*aead));
}

Status ObjectSealer::seal_next(crypto::Bytes plain, std::span<std::uint8_t> out) {
  if (plain.size() != std::min<std::uint64_t>(left_, kObjectChunkBytes) || plain.empty()) {
    return failure(Errc::bug, "object.seal", "chunks of 64 KiB were expected, fewer bytes only in the last");
  }
  left_ -= plain.size();
  const std::uint64_t index = next_++;
  return aead_.seal(nonce_of(index), associated(header_, index, left_ == 0, identity_), plain, out);
}

Result<ObjectOpener> ObjectOpener::create(const crypto::Secret& visit_key, std::string identity,
                                          const ObjectHeader& header, std::uint64_t file_bytes) {
  const std::uint64_t bytes = big_endian(std::span(header).subspan<kBytesAt, 8>());
  ObjectSalt salt{};
  std::copy_n(header.begin() + kSaltAt, salt.size(), salt.begin());
  if (bytes == 0 || bytes > kMostBytes || header != make_header(bytes, salt)) {
    return corrupt(identity, "the header is not that of a sealed object of version 1");
  }
  if (file_bytes != sealed_size(bytes)) {
    return corrupt(identity, fmt::format("{} bytes long where {} were expected", file_bytes, sealed_size(bytes)));
  }
  auto aead = object_cipher(crypto::Aead::Way::open, visit_key, header, identity);
  if (!aead) {
    return failure(aead.error());
  }
  return ObjectOpener(header, std::move(identity), bytes, std::move(*aead));
}

std::size_t ObjectOpener::chunk_bytes(std::uint64_t index) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(bytes_ - index * kObjectChunkBytes, kObjectChunkBytes));
}

Status ObjectOpener::open(std::uint64_t index, crypto::Bytes sealed, std::span<std::uint8_t> out) {
  const bool last = index + 1 == chunks();
  const auto genuine = aead_.open(nonce_of(index), associated(header_, index, last, identity_), sealed, out);
  if (!genuine) {
    return failure(genuine.error());
  }
  return *genuine ? Status() : Status(corrupt(identity_, fmt::format("chunk {} is not what was written", index)));
}

}  // namespace quay::daemon::storage
