// SPDX-License-Identifier: Apache-2.0
// Immutable objects on disk, one folder a visit: <root>/<visit>/<owner>.<name>. An object is written to an unnamed
// file, synced, given its name without ever replacing one, and its folder synced: it is there whole or not at all.
// Lives on the storage thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::daemon::storage {

/// Where an object lives. `owner` is a capture's or document's UUID; `name` is `raw`, `preview`, `page` or `document`.
struct ObjectName {
  VisitId visit;
  std::string owner;
  std::string name;
};

struct StoredObject {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< lower-case hex
};

struct SpoolLimits {
  std::uint64_t keep_free_bytes = 256ULL * 1024 * 1024;  ///< never fill the disk beyond this
};

class Spool {
 public:
  /// Makes `root` (0700) when it is not there. Errors: spool_failed.
  static Result<Spool> open(std::filesystem::path root, SpoolLimits limits);

  /// Errors: spool_full when `bytes` more would cut into keep_free_bytes. Asked before paper moves.
  Status check_room(std::uint64_t bytes) const;

  /// Writes all of `bytes` durably. Errors: spool_full, spool_failed. After a failed sync the spool stays failed:
  /// the kernel may have dropped the pages, so a retry would lie.
  Result<StoredObject> write(const ObjectName& object, std::span<const std::uint8_t> bytes);

  /// `length` bytes from `offset` (fewer at the end). Errors: spool_corrupt when it is not there or shorter.
  Result<std::vector<std::uint8_t>> read(const ObjectName& object, std::uint64_t offset, std::uint64_t length) const;

  /// The object in a sealed memfd that can be handed to a worker, after its SHA-256 was checked.
  /// Errors: spool_corrupt, device_no_memory.
  Result<UniqueFd> read_into_memfd(const ObjectName& object, const StoredObject& expected) const;

  /// Removes all of a visit's objects and its folder; absent is fine. Errors: spool_failed.
  Status remove_visit(const VisitId& visit);

  /// Removes what no row of the journal speaks of: folders of unknown visits, objects whose owner is not in `owners`.
  /// Returns how many objects went. Errors: spool_failed.
  Result<std::size_t> sweep(const std::set<std::string>& visits, const std::set<std::string>& owners);

 private:
  Spool(std::filesystem::path root, UniqueFd directory, SpoolLimits limits)
      : root_(std::move(root)), directory_(std::move(directory)), limits_(limits) {}

  std::filesystem::path root_;
  UniqueFd directory_;
  SpoolLimits limits_;
  bool failed_ = false;
};

}  // namespace quay::daemon::storage
