// SPDX-License-Identifier: Apache-2.0
// Immutable objects on disk, one folder a visit: <root>/<visit>/<owner>.<name>. An object is sealed with its visit's
// key on its way to an unnamed file, synced, given its name without ever replacing one, and its folder synced: it is
// there whole or not at all, and nobody without the key can read it. Lives on the storage thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "daemon/storage/key_ring.hpp"
#include "daemon/storage/records.hpp"
#include "daemon/storage/sealed_file.hpp"

namespace quay::daemon::storage {

/// Where an object lives. `owner` is a capture's or document's UUID; `name` is `raw`, `preview`, `page` or `document`.
/// A visit or owner that is no UUID, or a name outside [a-z0-9_-]{1,32}, is refused everywhere as a bug.
struct ObjectName {
  VisitId visit;
  std::string owner;
  std::string name;
};

struct StoredObject {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< lower-case hex
};

struct SpoolUse {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;       ///< sealed, as they lie there
  std::uint64_t free_bytes = 0;  ///< that a scan may still take
};

struct SpoolLimits {
  std::uint64_t keep_free_bytes = 256ULL * 1024 * 1024;  ///< never fill the disk beyond this
};

class Spool {
 public:
  /// Makes `root` (0700) when it is not there. Errors: spool_failed.
  static Result<Spool> open(std::filesystem::path root, SpoolLimits limits, KeyRing keys);

  /// The keys of the visits whose objects can be written and read; the journal keeps them.
  KeyRing& keys() { return keys_; }
  const KeyRing& keys() const { return keys_; }

  /// Asked before paper moves; write() itself may use the reserve, so that a page already read is saved.
  /// Errors: spool_full when `bytes` more would cut into keep_free_bytes, spool_failed.
  Status check_room(std::uint64_t bytes) const;

  /// Errors: spool_failed.
  Result<SpoolUse> use() const;

  /// Writes all of `bytes` durably. Errors: spool_full, spool_failed (also when the object is there already),
  /// visit_closed when the visit has no key. After a failed sync the spool stays failed: the kernel may have dropped
  /// the pages, so a retry would lie. `sha256` is that of the content, as front ends see it.
  Result<StoredObject> write(const ObjectName& object, std::span<const std::uint8_t> bytes);

  /// `length` bytes from `offset` (fewer at the end). Errors: spool_corrupt when it is not there, shorter than
  /// `offset` or not what was written; visit_closed when the visit has no key.
  Result<std::vector<std::uint8_t>> read(const ObjectName& object, std::uint64_t offset, std::uint64_t length) const;

  /// The object in a sealed memfd that can be handed to a worker, after its SHA-256 was checked.
  /// Errors: spool_corrupt when it is not there or not what was written, device_no_memory.
  Result<UniqueFd> read_into_memfd(const ObjectName& object, const StoredObject& expected) const;

  /// Removes one object; absent is fine. For a rendition that is to be made anew. Errors: spool_failed.
  Status remove(const ObjectName& object);

  /// Removes all of a visit's objects and its folder; absent is fine. Errors: spool_failed.
  Status remove_visit(const VisitId& visit);

  /// Removes what no row of the journal speaks of: folders of unknown visits, objects whose owner is not in `owners`.
  /// Returns how many objects went. Errors: spool_failed.
  Result<std::size_t> sweep(const std::set<std::string>& visits, const std::set<std::string>& owners);

  /// The same, object by object: also takes a rendition whose row was never committed, so that it can be made anew.
  Result<std::size_t> sweep(const SpoolIndex& index);

 private:
  using Keep = std::function<bool(const std::string& file_name)>;

  Spool(std::filesystem::path root, UniqueFd directory, SpoolLimits limits, KeyRing keys)
      : root_(std::move(root)), directory_(std::move(directory)), limits_(limits), keys_(std::move(keys)) {}

  Result<std::uint64_t> spare_bytes() const;
  Result<int> folder_of(const VisitId& visit);
  Result<UniqueFd> open_object(const ObjectName& object) const;
  Result<SealedFile> open_sealed(const ObjectName& object) const;
  Result<std::string> seal(const ObjectName& object, Draft& draft, std::span<const std::uint8_t> bytes) const;
  Status sync(int fd, std::string_view what);
  Status healthy() const;
  Result<std::size_t> empty_folder(const std::string& visit, const Keep& keep);
  Result<std::size_t> sweep_folders(const std::set<std::string>& visits, const Keep& keep);

  std::filesystem::path root_;
  UniqueFd directory_;
  SpoolLimits limits_;
  KeyRing keys_;
  bool failed_ = false;
  /// Folders whose own entry in the root this process has synced, by visit. One found on the disk may have been made
  /// by a process that was killed before its sync.
  std::map<std::string, UniqueFd> folders_;
};

}  // namespace quay::daemon::storage
