// SPDX-License-Identifier: Apache-2.0
// The real cupsd as a child of a test, with every file of it in one folder and no port: it listens on a UNIX socket,
// and knows the machine's own printers as little as they know it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/rig/support/child_process.hpp"

namespace quay::rig {

class PrivateCups {
 public:
  /// Errors: those of ChildProcess::start; worker_start_failed with what cupsd said.
  static Result<PrivateCups> start(const std::filesystem::path& directory);

  const std::filesystem::path& socket() const { return socket_; }

  /// A queue at this address; model: "everywhere" asks the printer, "raw" sends files as they are.
  Status add_queue(const std::string& name, const std::string& uri, const std::string& model = "everywhere");

  /// One of CUPS's own commands at this service: {"cupsdisable", "q"}. Errors: device_io with what it said.
  Status run(std::vector<std::string> command) const;

  /// A backend "test-fail": it fails while the file `broken` is there, and swallows documents when it is not.
  void break_backend(bool broken) const;

  /// What lies in its spool: documents and control files.
  std::vector<std::string> spooled() const;

 private:
  PrivateCups(ChildProcess process, std::filesystem::path directory);

  ChildProcess process_;
  std::filesystem::path directory_;
  std::filesystem::path socket_;
};

}  // namespace quay::rig
