// SPDX-License-Identifier: Apache-2.0
// How objects leave the spool: one, a visit's, or whatever no row speaks of.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "daemon/storage/spool.hpp"

namespace quay::daemon::storage {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

Error remove_error(const char* operation, int error_number) {
  return errno_error(Errc::spool_failed, operation, error_number);
}

/// Names in the folder behind `fd`, without "." and "..".
Result<std::vector<std::string>> list(int fd) {
  UniqueFd own(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));  // a position of its own
  if (!own) {
    return failure(remove_error("spool.list", errno));
  }
  const std::unique_ptr<DIR, CloseFolder> folder(::fdopendir(own.get()));
  if (!folder) {
    return failure(remove_error("spool.list", errno));
  }
  own.release();
  std::vector<std::string> names;
  for (errno = 0; const dirent* entry = ::readdir(folder.get()); errno = 0) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(name);
    }
  }
  if (errno != 0) {
    return failure(remove_error("spool.list", errno));
  }
  return names;
}

bool keep_nothing(const std::string&) { return false; }

}  // namespace

Status Spool::remove(const ObjectName& object) {
  const Result<UniqueFd> file = open_object(object);  // checks the name
  if (!file) {
    const bool absent = file.error().native.number == ENOENT;
    return absent ? Status{} : Status(failure(file.error()));
  }
  const Result<int> folder = folder_of(object.visit);
  if (!folder) {
    return failure(folder.error());
  }
  const std::string name = object.owner + "." + object.name;
  if (::unlinkat(*folder, name.c_str(), 0) != 0 && errno != ENOENT) {
    return failure(remove_error("spool.remove", errno));
  }
  return sync(*folder, "a visit's folder");
}

/// Removes from a visit's folder all that `keep` does not want; the folder too, when nothing is left.
Result<std::size_t> Spool::empty_folder(const std::string& visit, const Keep& keep) {
  const UniqueFd folder(::openat(directory_.get(), visit.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder) {
    return failure(remove_error("spool.remove", errno));
  }
  const auto names = list(folder.get());
  if (!names) {
    return failure(names.error());
  }
  std::size_t removed = 0;
  for (const std::string& name : *names) {
    if (keep(name)) {
      continue;
    }
    if (::unlinkat(folder.get(), name.c_str(), 0) != 0) {
      return failure(remove_error("spool.remove", errno));
    }
    ++removed;
  }
  if (removed < names->size()) {
    Status synced = removed > 0 ? sync(folder.get(), "a visit's folder") : Status{};
    return synced ? Result<std::size_t>(removed) : failure(synced.error());
  }
  folders_.erase(visit);
  if (::unlinkat(directory_.get(), visit.c_str(), AT_REMOVEDIR) != 0) {
    return failure(remove_error("spool.remove", errno));
  }
  return removed;
}

Status Spool::remove_visit(const VisitId& visit) {
  if (!is_uuid(visit.value)) {
    return failure(Errc::bug, "spool.remove_visit", "a visit's UUID was expected");
  }
  const Result<std::size_t> removed = empty_folder(visit.value, keep_nothing);
  if (!removed) {
    const bool absent = removed.error().native.number == ENOENT;
    return absent ? Status{} : Status(failure(removed.error()));
  }
  return sync(directory_.get(), "the spool");
}

Result<std::size_t> Spool::sweep(const std::set<std::string>& visits, const std::set<std::string>& owners) {
  const auto keep = [&owners](const std::string& name) { return owners.contains(name.substr(0, name.find('.'))); };
  return sweep_folders(visits, keep);
}

Result<std::size_t> Spool::sweep(const SpoolIndex& index) {
  const auto keep = [&index](const std::string& name) { return index.objects.contains(name); };
  return sweep_folders(index.visits, keep);
}

/// Only folders named like a visit are touched: `lost+found` and a technician's notes are not ours.
Result<std::size_t> Spool::sweep_folders(const std::set<std::string>& visits, const Keep& keep) {
  const auto folders = list(directory_.get());
  if (!folders) {
    return failure(folders.error());
  }
  std::size_t removed = 0;
  for (const std::string& folder : *folders) {
    if (!is_uuid(folder)) {
      continue;
    }
    const auto gone = empty_folder(folder, visits.contains(folder) ? keep : Keep(keep_nothing));
    if (!gone) {
      return failure(gone.error());
    }
    removed += *gone;
  }
  if (Status synced = sync(directory_.get(), "the spool"); !synced) {
    return failure(synced.error());
  }
  return removed;
}

}  // namespace quay::daemon::storage
