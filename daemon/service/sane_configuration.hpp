// SPDX-License-Identifier: Apache-2.0
// A private SANE configuration for each scanner: one backend, one device, nothing probed (SANE_CONFIG_DIR without a
// trailing colon is exclusive, sane-dll(5)). Discovery of everything on the network costs 4 s, this costs 5 ms.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "daemon/service/config.hpp"

namespace quay::daemon::service {

/// How a scanner's worker reaches its device.
struct SaneAccess {
  std::string device;               ///< what sane_open takes
  std::filesystem::path directory;  ///< SANE_CONFIG_DIR
  std::string port_path;            ///< for people: the URL or the SANE name
};

/// Writes the configuration of `scanner` below config.runtime_directory/sane. Errors: file_unwritable.
Result<SaneAccess> prepare_sane(const Config& config, const ScannerConfig& scanner);

/// Writes the configuration for looking for scanners of config.sane_backends; gives its directory.
/// Errors: file_unwritable.
Result<std::filesystem::path> prepare_discovery(const Config& config);

}  // namespace quay::daemon::service
