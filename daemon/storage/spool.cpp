// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/shared_buffer.hpp"
#include "crypto/sha256.hpp"
#include "daemon/storage/draft.hpp"
#include "daemon/storage/room.hpp"

namespace quay::daemon::storage {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

bool is_name(const std::string& name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), allowed);
}

/// Nothing that a client can say becomes part of a path.
Status check_name(const ObjectName& object) {
  if (!is_uuid(object.visit.value) || !is_uuid(object.owner) || !is_name(object.name)) {
    return failure(Errc::bug, "spool.name", "a visit's and an owner's UUID and a name of [a-z0-9_-] were expected");
  }
  return {};
}

std::string file_name(const ObjectName& object) { return object.owner + "." + object.name; }

/// What is proved of an object when it is read: that it is this one.
std::string identity_of(const ObjectName& object) { return object.visit.value + "/" + file_name(object); }

Error corrupt(const ObjectName& object, std::string detail) {
  return make_error(Errc::spool_corrupt, "spool.read " + file_name(object), std::move(detail));
}

}  // namespace

Result<Spool> Spool::open(std::filesystem::path root, SpoolLimits limits, KeyRing keys) {
  const std::string operation = "spool.open " + root.string();
  if (::mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure(errno_error(errc_of_write(errno, Errc::spool_failed), operation, errno));
  }
  UniqueFd directory(::open(root.c_str(), kFolderFlags));
  if (!directory) {
    return failure(errno_error(Errc::spool_failed, operation, errno));
  }
  const UniqueFd parent(::openat(directory.get(), "..", kFolderFlags));
  if (!parent || ::fsync(parent.get()) != 0) {
    return failure(errno_error(Errc::spool_failed, operation, errno));
  }
  return Spool(std::move(root), std::move(directory), limits, std::move(keys));
}

Status Spool::healthy() const {
  if (failed_) {
    return failure(Errc::spool_failed, "spool", "a sync failed before: nothing more is taken until quayd is restarted");
  }
  return {};
}

Status Spool::check_room(std::uint64_t bytes) const {
  if (Status usable = healthy(); !usable) {
    return usable;
  }
  const auto spare = spare_bytes();
  if (!spare) {
    return failure(spare.error());
  }
  if (bytes > *spare) {
    return failure(Errc::spool_full, "spool.check_room",
                   fmt::format("{} bytes free beside {} that are kept free, {} asked for", *spare,
                               limits_.keep_free_bytes, bytes));
  }
  return {};
}

Status Spool::sync(int fd, std::string_view what) {
  if (::fsync(fd) == 0) {
    return {};
  }
  failed_ = true;
  return failure(errno_error(Errc::spool_failed, fmt::format("fsync of {}", what), errno));
}

Result<int> Spool::folder_of(const VisitId& visit) {
  if (const auto known = folders_.find(visit.value); known != folders_.end()) {
    return known->second.get();
  }
  if (::mkdirat(directory_.get(), visit.value.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure(errno_error(errc_of_write(errno, Errc::spool_failed), "spool.mkdir", errno));
  }
  UniqueFd folder(::openat(directory_.get(), visit.value.c_str(), kFolderFlags));
  if (!folder) {
    return failure(errno_error(Errc::spool_failed, "spool.open", errno));
  }
  if (Status synced = sync(directory_.get(), "the spool"); !synced) {
    return failure(synced.error());
  }
  return folders_.emplace(visit.value, std::move(folder)).first->second.get();
}

Result<std::string> Spool::seal(const ObjectName& object, Draft& draft, std::span<const std::uint8_t> bytes) const {
  ObjectSalt salt{};
  if (Status filled = crypto::fill_random(salt); !filled) {
    return failure(filled.error());
  }
  const auto key = keys_.open(object.visit);
  if (!key) {
    return failure(key.error());
  }
  auto sealer = ObjectSealer::create(*key, identity_of(object), bytes.size(), salt);
  if (!sealer) {
    return failure(sealer.error());
  }
  return write_sealed(draft, std::move(*sealer), bytes);
}

Result<StoredObject> Spool::write(const ObjectName& object, std::span<const std::uint8_t> bytes) {
  Status ready = healthy();
  if (ready) {
    ready = check_name(object);
  }
  if (ready && bytes.empty()) {
    ready = failure(Errc::bug, "spool.write", "an object without bytes");
  }
  if (!ready) {
    return failure(ready.error());
  }
  const Result<int> folder = folder_of(object.visit);
  if (!folder) {
    return failure(folder.error());
  }
  Result<Draft> draft = Draft::create(*folder);
  if (!draft) {
    return failure(draft.error());
  }
  Result<std::string> sha256 = seal(object, *draft, bytes);
  if (!sha256) {
    return failure(sha256.error());
  }
  if (::fdatasync(draft->fd()) != 0) {
    failed_ = true;
    return failure(errno_error(Errc::spool_failed, "fdatasync of an object", errno));
  }
  if (Status named = draft->publish(file_name(object)); !named) {
    return failure(named.error());
  }
  if (Status synced = sync(*folder, "a visit's folder"); !synced) {
    return failure(synced.error());
  }
  return StoredObject{bytes.size(), *std::move(sha256)};
}

Result<UniqueFd> Spool::open_object(const ObjectName& object) const {
  if (Status named = check_name(object); !named) {
    return failure(named.error());
  }
  const UniqueFd folder(::openat(directory_.get(), object.visit.value.c_str(), kFolderFlags));
  if (!folder) {
    return failure(errno_error(Errc::spool_corrupt, "spool.open " + file_name(object), errno));
  }
  UniqueFd file(::openat(folder.get(), file_name(object).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    return failure(errno_error(Errc::spool_corrupt, "spool.open " + file_name(object), errno));
  }
  return file;
}

Result<SealedFile> Spool::open_sealed(const ObjectName& object) const {
  Result<UniqueFd> file = open_object(object);
  if (!file) {
    return failure(file.error());
  }
  const auto key = keys_.open(object.visit);
  if (!key) {
    return failure(key.error());
  }
  return SealedFile::open(std::move(*file), *key, identity_of(object));
}

Result<std::vector<std::uint8_t>> Spool::read(const ObjectName& object, std::uint64_t offset,
                                              std::uint64_t length) const {
  Result<SealedFile> file = open_sealed(object);
  if (!file) {
    return failure(file.error());
  }
  if (offset > file->bytes()) {
    return failure(corrupt(object, fmt::format("{} bytes long, asked for from {}", file->bytes(), offset)));
  }
  std::vector<std::uint8_t> bytes(std::min(length, file->bytes() - offset));
  if (Status read = file->read(offset, bytes); !read) {
    return failure(read.error());
  }
  return bytes;
}

Result<UniqueFd> Spool::read_into_memfd(const ObjectName& object, const StoredObject& expected) const {
  Result<SealedFile> file = open_sealed(object);
  if (!file) {
    return failure(file.error());
  }
  if (file->bytes() != expected.bytes) {
    return failure(corrupt(object, fmt::format("{} bytes long, {} were written", file->bytes(), expected.bytes)));
  }
  Result<WritableBuffer> buffer = WritableBuffer::create(expected.bytes);
  if (!buffer) {
    return failure(buffer.error());
  }
  if (Status read = file->read(0, buffer->bytes()); !read) {
    return failure(read.error());
  }
  if (crypto::sha256_hex(buffer->bytes()) != expected.sha256) {
    return failure(corrupt(object, "its SHA-256 is not that of what was written"));
  }
  UniqueFd sealed(::fcntl(buffer->fd(), F_DUPFD_CLOEXEC, 0));
  if (!sealed) {
    return failure(errno_error(Errc::device_no_memory, "dup", errno));
  }
  return sealed;
}

}  // namespace quay::daemon::storage
