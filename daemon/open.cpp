// SPDX-License-Identifier: Apache-2.0
// What quayd needs on disk before it may speak: its directories, its lock, its journal and its spool.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "daemon/daemon.hpp"

namespace quay::daemon {
namespace {

Status make_directory(const std::filesystem::path& directory, mode_t mode) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(directory, error);
  if (error || (made && ::chmod(directory.c_str(), mode) != 0)) {
    return failure(errno_error(Errc::file_unwritable, "mkdir " + directory.string(), error ? error.value() : errno));
  }
  return {};
}

/// Enough for the rows and the log lines of a purge on a full disk.
constexpr std::uint64_t kPurgeReserve = 4ULL * 1024 * 1024;

/// systemd names the directory of the unit's credentials in the environment (systemd.exec(5)).
storage::ServiceKeySource service_key_source(const service::Config& config) {
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  return {credentials != nullptr ? credentials : "", config.state_directory};
}

/// Two daemons on one directory would steal each other's sockets (binding an ipc path twice succeeds).
Result<UniqueFd> take_lock(const std::filesystem::path& file) {
  UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) {
    return failure(errno_error(Errc::file_unwritable, "open " + file.string(), errno));
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return failure(Errc::daemon_running, "lock " + file.string(), "another quayd holds it");
  }
  return lock;
}

}  // namespace

Result<Daemon::Opened> Daemon::open(const service::Config& config) {
  for (const Status& made :
       {make_directory(config.runtime_directory, 0750), make_directory(config.runtime_directory / "home", 0700),
        make_directory(config.state_directory, 0700)}) {
    if (!made) {
      return failure(made.error());
    }
  }
  auto lock = take_lock(config.runtime_directory / "quayd.lock");
  if (!lock) {
    return failure(lock.error());
  }
  auto journal = storage::Journal::open(config.state_directory / "journal.db");
  if (!journal) {
    return failure(journal.error());
  }
  const storage::SpoolLimits limits{config.keep_free_mib * 1024 * 1024};
  auto key = storage::ServiceKey::load(service_key_source(config));
  if (!key) {
    return failure(key.error());
  }
  auto spool = storage::Spool::open(config.state_directory / "spool", limits, storage::KeyRing(std::move(*key)));
  if (!spool) {
    return failure(spool.error());
  }
  if (Status unlocked = storage::unlock_visits(*journal, *spool); !unlocked) {
    return failure(unlocked.error());
  }
  auto access_log = storage::AccessLog::open(config.state_directory, spool->keys().service_key(), *journal);
  if (!access_log) {
    return failure(access_log.error());
  }
  Opened opened;
  opened.vault = std::make_shared<storage::Vault>(
      storage::Vault{std::move(*access_log), storage::Reserve(config.state_directory, kPurgeReserve)});
  opened.lock = std::move(*lock);
  opened.position = jobs::Position{journal->id(), journal->last_sequence(), journal->newest_by_root()};
  opened.storage = std::make_unique<storage::StorageThread>(std::move(*journal), std::move(*spool));
  return opened;
}

}  // namespace quay::daemon
