// SPDX-License-Identifier: Apache-2.0
// How an object lies on the disk: a header, then the content in chunks of 64 KiB, each sealed with AES-256-GCM under a
// key made for this one writing of this one object. docs/spool-format.md has every byte. No files, no policy.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "crypto/aead.hpp"
#include "crypto/secret.hpp"

namespace quay::daemon::storage {

inline constexpr std::size_t kObjectHeaderBytes = 64;
inline constexpr std::size_t kObjectChunkBytes = 64 * 1024;
inline constexpr std::size_t kSealedChunkBytes = kObjectChunkBytes + crypto::kTagBytes;
inline constexpr std::size_t kObjectSaltBytes = 32;

using ObjectHeader = std::array<std::uint8_t, kObjectHeaderBytes>;
using ObjectSalt = std::array<std::uint8_t, kObjectSaltBytes>;

/// What an object of `bytes` > 0 takes on the disk.
constexpr std::uint64_t sealed_size(std::uint64_t bytes) {
  const std::uint64_t chunks = (bytes + kObjectChunkBytes - 1) / kObjectChunkBytes;
  return kObjectHeaderBytes + bytes + chunks * crypto::kTagBytes;
}

/// Seals one object, chunk after chunk. A nonce is the chunk's number, the key is never used for anything else: no
/// pair of key and nonce comes twice.
class ObjectSealer {
 public:
  /// `identity` names the object ("<visit>/<owner>.<name>") and is proved on reading; `salt` is fresh random bytes.
  /// Errors: bug, key_unusable.
  static Result<ObjectSealer> create(const crypto::Secret& visit_key, std::string identity, std::uint64_t bytes,
                                     const ObjectSalt& salt);

  const ObjectHeader& header() const { return header_; }

  /// The next chunk: kObjectChunkBytes, fewer only in the last. `out` has its size and kTagBytes more. Errors: bug.
  Status seal_next(crypto::Bytes plain, std::span<std::uint8_t> out);

 private:
  ObjectSealer(ObjectHeader header, std::string identity, std::uint64_t bytes, crypto::Aead aead)
      : header_(header), identity_(std::move(identity)), left_(bytes), aead_(std::move(aead)) {}

  ObjectHeader header_;
  std::string identity_;
  std::uint64_t left_;
  std::uint64_t next_ = 0;
  crypto::Aead aead_;
};

/// Opens chunks of one object, in any order.
class ObjectOpener {
 public:
  /// Errors: spool_corrupt when the header is none of ours or `file_bytes` is not what it promises; bug, key_unusable.
  static Result<ObjectOpener> create(const crypto::Secret& visit_key, std::string identity, const ObjectHeader& header,
                                     std::uint64_t file_bytes);

  /// Size of the content.
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t chunks() const { return (bytes_ + kObjectChunkBytes - 1) / kObjectChunkBytes; }
  /// Size of the content of chunk `index`.
  std::size_t chunk_bytes(std::uint64_t index) const;
  /// Where sealed chunk `index` begins in the file.
  static std::uint64_t chunk_offset(std::uint64_t index) { return kObjectHeaderBytes + index * kSealedChunkBytes; }

  /// Errors: spool_corrupt when chunk `index` is not what was written there; nothing is given out then.
  Status open(std::uint64_t index, crypto::Bytes sealed, std::span<std::uint8_t> out);

 private:
  ObjectOpener(const ObjectHeader& header, std::string identity, std::uint64_t bytes, crypto::Aead aead)
      : header_(header), identity_(std::move(identity)), bytes_(bytes), aead_(std::move(aead)) {}

  ObjectHeader header_;
  std::string identity_;
  std::uint64_t bytes_;
  crypto::Aead aead_;
};

}  // namespace quay::daemon::storage
