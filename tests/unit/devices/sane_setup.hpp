// SPDX-License-Identifier: Apache-2.0
// A private SANE configuration with one backend that ships with libsane, and a quay-scanner that sees nothing else.
#pragma once

#include <memory>
#include <string>

#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {

class SaneSetup {
 public:
  /// `backend` is a line of dll.conf; `configuration` the text of <backend>.conf.
  SaneSetup(const std::string& backend, const std::string& configuration);

  /// A quay-scanner for `device` that has said Hello.
  std::unique_ptr<WorkerClient> worker(const std::string& device, std::map<std::string, std::string> environment = {});

  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  rig::TemporaryDirectory directory_;
};

/// What quayd gives a scanner worker, for the configuration in `directory`.
std::map<std::string, std::string> worker_environment(const std::filesystem::path& directory);

/// A Scan frame, request number 1.
frames::Scan scan_order(protocol::ScanSource source, protocol::ScanMode mode, std::int32_t dpi,
                        std::int32_t max_pages = 0);

}  // namespace quay::test
