// SPDX-License-Identifier: Apache-2.0
// A file on its way into the spool: it has no name until it is whole and synced. Where the file system cannot hold a
// file without a name (no O_TMPFILE), it has one that starts with a dot, and loses it when the draft goes.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace quay::daemon::storage {

class Draft {
 public:
  /// A new, empty file (0600) in `folder`, a directory descriptor that outlives the draft.
  /// Errors: spool_full, spool_failed.
  static Result<Draft> create(int folder);

  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();

  /// Appends all of `bytes`. Errors: spool_full, spool_failed.
  Status write(std::span<const std::uint8_t> bytes);

  /// Gives the file its name; never replaces a file. Errors: spool_failed (EEXIST when the name is taken), spool_full.
  Status publish(const std::string& name);

  int fd() const { return file_.get(); }

 private:
  Draft(int folder, UniqueFd file, std::string temporary_name)
      : folder_(folder), file_(std::move(file)), temporary_name_(std::move(temporary_name)) {}

  int folder_;
  UniqueFd file_;
  std::string temporary_name_;  ///< empty: the file has none
};

}  // namespace quay::daemon::storage
