// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/sane_config.hpp"

#include <fstream>

#include <fmt/format.h>

namespace quay::rig {
namespace {

Status write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    return failure(Errc::file_unwritable, "rig.write_sane_config", "cannot write " + path.string());
  }
  return {};
}

}  // namespace

Status write_sane_config(const std::filesystem::path& directory, const std::filesystem::path& socket,
                         const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return failure(errno_error(Errc::file_unwritable, "rig.write_sane_config", error.value()));
  }
  Status written = write_text(directory / "dll.conf", "airscan\n");
  if (!written) {
    return written;
  }
  return write_text(directory / "airscan.conf",
                    fmt::format("[devices]\n\"{}\" = unix://{}/eSCL, eSCL\n[options]\ndiscovery = disable\n"
                                "ws-discovery = off\nsocket_dir = {}\n",
                                name, socket.filename().string(), socket.parent_path().string()));
}

std::string sane_device_name(const std::string& name) { return "airscan:e0:" + name; }

}  // namespace quay::rig
