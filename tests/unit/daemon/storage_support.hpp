// SPDX-License-Identifier: Apache-2.0
// What the storage tests share: a folder that goes with the test, a child process in which the kernel is made to
// misbehave for real (full disk, failing sync), and sample rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "daemon/storage/journal.hpp"
#include "daemon/storage/spool.hpp"

namespace quay::daemon::storage {

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Runs `work` in a forked child and returns what it returns; "signal N" when it was killed by one. What it does to
/// its limits, mounts and system calls ends with it.
std::string in_a_child(const std::function<std::string()>& work);

/// Makes this process's disk under `folder` hold about `bytes`: a small tmpfs in a private mount namespace, or, where
/// that may not be had, a limit on the size of each file it writes. Call in a child only.
void make_disk_small(const std::filesystem::path& folder, std::uint64_t bytes);

/// From here on fsync and fdatasync of this process fail with EIO. Call in a child only.
void break_every_sync();

/// From here on this process cannot make unnamed files (as on a file system without O_TMPFILE). In a child only.
void forbid_unnamed_files();

/// "ok", or the code's wire name and what was said of it.
std::string verdict(const Error& error);
template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "ok" : verdict(result.error());
}

/// A spool with a service key that nobody keeps.
Spool open_spool(const std::filesystem::path& root, SpoolLimits limits = SpoolLimits{0});

/// Gives `visit` a key, so that its objects can be written.
VisitId admit(Spool& spool, const VisitId& visit);

/// A visit's folder as quayd keeps it, in `folder`: journal and spool with the keys of its open visits.
struct Store {
  explicit Store(const std::filesystem::path& folder);
  Journal journal;
  Spool spool;
};

std::vector<std::uint8_t> some_bytes(std::size_t size, std::uint8_t seed = 1);
std::string file_text(const std::filesystem::path& file);
void overwrite(const std::filesystem::path& file, std::streamoff at, const std::string& bytes);

/// A visit with one job and `pages` captures, all in one transaction.
struct SampleVisit {
  VisitRow visit;
  JobRow job;
  std::vector<CaptureRow> captures;
};
SampleVisit sample_visit(int pages);
Status keep(Journal& journal, const SampleVisit& sample);

/// keep(), and a key for the visit.
Status keep_with_key(Store& store, const SampleVisit& sample);

/// Appends one event of `type` in a transaction of its own and gives it back as it was kept.
Result<protocol::Event> keep_event(Journal& journal, const std::string& type, std::size_t padding = 0);

/// The value of a Result that must hold one; ends the test program with the error otherwise.
inline void must(const Status& status) {
  if (!status) {
    throw std::runtime_error(verdict(status.error()));
  }
}
template <class T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(verdict(result.error()));
  }
  return *std::move(result);
}

}  // namespace quay::daemon::storage
