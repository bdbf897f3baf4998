// SPDX-License-Identifier: Apache-2.0
// The access log on disk: access.log in the state directory, written at its end only, each line synced before what it
// speaks of is answered. Full files are set aside with the chain going on in the next. Lives on the storage thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/verifier.hpp"
#include "base/unique_fd.hpp"
#include "daemon/storage/journal.hpp"
#include "daemon/storage/service_key.hpp"

namespace quay::daemon::storage {

struct AccessLogLimits {
  std::uint64_t file_bytes = 8ULL * 1024 * 1024;  ///< a file is set aside when it is larger
  std::size_t files = 100;                        ///< as many files set aside are kept; the oldest go
};

class AccessLog {
 public:
  /// Opens or makes the log in `folder`. A last line that a power cut left half written is taken away: nothing it spoke
  /// of was answered. Lines that the journal does not know yet are taken over when they are genuine.
  /// Errors: access_log_failed, spool_full. What does not fit the journal is no error here: see damage().
  static Result<AccessLog> open(std::filesystem::path folder, const ServiceKey& key, Journal& journal,
                                AccessLogLimits limits = {});

  /// What was found wrong with the end of the log at opening: access_log_broken. The log goes on all the same, from
  /// where the journal says, so that the gap stays visible.
  const Status& damage() const { return damage_; }

  /// Fills in n, key and prev, writes the line and syncs it. Errors: access_log_failed, spool_full. After a failed sync
  /// the log stays failed.
  Result<audit::Head> append(audit::AccessRecord record);

  /// Tells the journal where the log ends, in a transaction, unless it knows. Errors: journal_failed, spool_full.
  Status anchor(Journal& journal);

  /// Checks every line of every file that is kept, and the end against the journal. Errors: access_log_failed.
  Result<protocol::AccessReport> verify() const;

  /// At most `limit` lines from record `from` on, oldest first. Errors: access_log_failed.
  Result<std::vector<std::string>> lines(std::uint64_t from, std::size_t limit) const;

  audit::Head head() const { return head_; }

 private:
  AccessLog(std::filesystem::path folder, crypto::Secret key, std::string key_id, AccessLogLimits limits)
      : folder_(std::move(folder)), key_(std::move(key)), key_id_(std::move(key_id)), limits_(limits) {}

  Status open_file();
  Status take_up(const audit::Head& known);
  Status set_aside();
  /// Files set aside, oldest first, then the one in use.
  std::vector<std::filesystem::path> files() const;

  std::filesystem::path folder_;
  crypto::Secret key_;
  std::string key_id_;
  AccessLogLimits limits_;
  UniqueFd file_;
  std::uint64_t size_ = 0;
  audit::Head head_;
  audit::Head anchored_;
  Status damage_;
  bool failed_ = false;
};

}  // namespace quay::daemon::storage
