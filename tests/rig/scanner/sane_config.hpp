// SPDX-License-Identifier: Apache-2.0
// A private SANE_CONFIG_DIR for the rig's own tests: sane-airscan, one device, nothing probed (sane-dll(5),
// sane-airscan(5)). quayd writes its own and does not use this.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace quay::rig {

/// Writes `directory`/dll.conf and airscan.conf for the eSCL scanner that listens on `socket`. SANE then knows it as
/// sane_device_name(name). The directory is created. Errors: file_unwritable.
Status write_sane_config(const std::filesystem::path& directory, const std::filesystem::path& socket,
                         const std::string& name = "Quay");

/// "airscan:e0:<name>", as sane-airscan names the first configured eSCL device.
std::string sane_device_name(const std::string& name = "Quay");

}  // namespace quay::rig
