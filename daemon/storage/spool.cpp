// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/shared_buffer.hpp"
#include "daemon/storage/draft.hpp"
#include "daemon/storage/room.hpp"
#include "daemon/storage/sha256.hpp"

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

Error corrupt(const ObjectName& object, std::string detail) {
  return make_error(Errc::spool_corrupt, "spool.read " + file_name(object), std::move(detail));
}

/// Reads until `into` is full or the file ends; the number of bytes read.
Result<std::size_t> read_at(int fd, std::span<std::uint8_t> into, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto at = static_cast<off_t>(offset + done);
    const ssize_t got = ::pread(fd, into.data() + done, into.size() - done, at);
    if (got < 0 && errno != EINTR) {
      return failure(errno_error(Errc::spool_corrupt, "spool.read", errno));
    }
    if (got == 0) {
      break;
    }
    done += static_cast<std::size_t>(got < 0 ? 0 : got);
  }
  return done;
}

Result<std::uint64_t> size_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) {
    return failure(errno_error(Errc::spool_corrupt, "spool.read", errno));
  }
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<Spool> Spool::open(std::filesystem::path root, SpoolLimits limits) {
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
  return Spool(std::move(root), std::move(directory), limits);
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
  struct statvfs disk {};
  if (::fstatvfs(directory_.get(), &disk) != 0) {
    return failure(errno_error(Errc::spool_failed, "statvfs " + root_.string(), errno));
  }
  const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  const std::uint64_t spare = free > limits_.keep_free_bytes ? free - limits_.keep_free_bytes : 0;
  if (bytes > spare) {
    return failure(
        Errc::spool_full, "spool.check_room",
        fmt::format("{} bytes free, {} of them kept free, {} asked for", free, limits_.keep_free_bytes, bytes));
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
  Result<std::string> sha256 = draft->fill(bytes);
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

Result<std::vector<std::uint8_t>> Spool::read(const ObjectName& object, std::uint64_t offset,
                                              std::uint64_t length) const {
  const Result<UniqueFd> file = open_object(object);
  if (!file) {
    return failure(file.error());
  }
  const Result<std::uint64_t> size = size_of(file->get());
  if (!size) {
    return failure(size.error());
  }
  if (offset > *size) {
    return failure(corrupt(object, fmt::format("{} bytes long, asked for from {}", *size, offset)));
  }
  std::vector<std::uint8_t> bytes(std::min(length, *size - offset));
  const Result<std::size_t> got = read_at(file->get(), bytes, offset);
  if (!got) {
    return failure(got.error());
  }
  if (*got != bytes.size()) {
    return failure(corrupt(object, "it shrank while it was read"));
  }
  return bytes;
}

Result<UniqueFd> Spool::read_into_memfd(const ObjectName& object, const StoredObject& expected) const {
  const Result<UniqueFd> file = open_object(object);
  if (!file) {
    return failure(file.error());
  }
  const Result<std::uint64_t> size = size_of(file->get());
  if (!size) {
    return failure(size.error());
  }
  if (*size != expected.bytes || *size == 0) {
    return failure(corrupt(object, fmt::format("{} bytes long, {} were written", *size, expected.bytes)));
  }
  Result<WritableBuffer> buffer = WritableBuffer::create(expected.bytes);
  if (!buffer) {
    return failure(buffer.error());
  }
  const Result<std::size_t> got = read_at(file->get(), buffer->bytes(), 0);
  if (!got) {
    return failure(got.error());
  }
  if (*got != expected.bytes || sha256_hex(buffer->bytes()) != expected.sha256) {
    return failure(corrupt(object, "its SHA-256 is not that of what was written"));
  }
  UniqueFd sealed(::fcntl(buffer->fd(), F_DUPFD_CLOEXEC, 0));
  if (!sealed) {
    return failure(errno_error(Errc::device_no_memory, "dup", errno));
  }
  return sealed;
}

}  // namespace quay::daemon::storage
