// SPDX-License-Identifier: Apache-2.0
// A sealed object in a file: written in one pass without a second copy of the content, read whole or in part without
// touching more chunks than the part covers.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/unique_fd.hpp"
#include "daemon/storage/draft.hpp"
#include "daemon/storage/sealed_object.hpp"

namespace quay::daemon::storage {

/// Seals `content` into `draft` and returns the SHA-256 of the content, in one pass. Errors: spool_full, spool_failed,
/// bug.
Result<std::string> write_sealed(Draft& draft, ObjectSealer sealer, std::span<const std::uint8_t> content);

class SealedFile {
 public:
  /// Errors: spool_corrupt, key_unusable, bug.
  static Result<SealedFile> open(UniqueFd file, const crypto::Secret& visit_key, const std::string& identity);

  /// Size of the content.
  std::uint64_t bytes() const { return opener_.bytes(); }

  /// Fills `out` with the content from `offset` on; the two lie within bytes(). Errors: spool_corrupt, bug.
  Status read(std::uint64_t offset, std::span<std::uint8_t> out);

 private:
  SealedFile(UniqueFd file, ObjectOpener opener) : file_(std::move(file)), opener_(std::move(opener)) {}
  Status read_chunk(std::uint64_t index, std::span<std::uint8_t> out);

  UniqueFd file_;
  ObjectOpener opener_;
};

}  // namespace quay::daemon::storage
