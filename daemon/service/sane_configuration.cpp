// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/sane_configuration.hpp"

#include <fstream>

#include <fmt/format.h>

namespace quay::daemon::service {
namespace {

namespace fs = std::filesystem;

Status write_file(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) {
    return failure(Errc::file_unwritable, "sane.configure", file.string());
  }
  return {};
}

std::string airscan_conf(const ScannerConfig& scanner) {
  std::string text = fmt::format("[devices]\n\"{}\" = {}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n",
                                 scanner.id, scanner.escl_url);
  if (!scanner.escl_socket_directory.empty()) {
    text += fmt::format("socket_dir = {}\n", scanner.escl_socket_directory.string());
  }
  return text;
}

/// The backend's own file as the administrator left it, when there is one.
Status copy_backend_conf(const Config& config, const std::string& backend, const fs::path& directory) {
  const fs::path source = config.sane_config_directory / (backend + ".conf");
  std::error_code error;
  if (!fs::exists(source, error)) {
    return {};
  }
  fs::copy_file(source, directory / (backend + ".conf"), fs::copy_options::overwrite_existing, error);
  if (error) {
    return failure(errno_error(Errc::file_unwritable, "sane.configure " + source.string(), error.value()));
  }
  return {};
}

Result<fs::path> make_folder(const Config& config, const std::string& name) {
  fs::path folder = config.runtime_directory / "sane" / name;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return failure(errno_error(Errc::file_unwritable, "mkdir " + folder.string(), error.value()));
  }
  return folder;
}

}  // namespace

Result<std::filesystem::path> prepare_discovery(const Config& config) {
  const auto directory = make_folder(config, "discovery.d");
  if (!directory) {
    return failure(directory.error());
  }
  std::string backends;
  for (const std::string& backend : config.sane_backends) {
    backends += backend + "\n";
    if (Status copied = copy_backend_conf(config, backend, *directory); !copied) {
      return failure(copied.error());
    }
  }
  if (Status written = write_file(*directory / "dll.conf", backends); !written) {
    return failure(written.error());
  }
  return *directory;
}

Result<SaneAccess> prepare_sane(const Config& config, const ScannerConfig& scanner) {
  const auto folder = make_folder(config, scanner.id);
  if (!folder) {
    return failure(folder.error());
  }
  SaneAccess access;
  access.directory = *folder;
  std::string backend = "airscan";
  Status written;
  if (!scanner.escl_url.empty()) {
    access.device = "airscan:e0:" + scanner.id;
    access.port_path = scanner.escl_url;
    written = write_file(access.directory / "airscan.conf", airscan_conf(scanner));
  } else {
    backend = scanner.sane_device.substr(0, scanner.sane_device.find(':'));
    access.device = scanner.sane_device;
    access.port_path = scanner.sane_device;
    written = copy_backend_conf(config, backend, access.directory);
  }
  if (written) {
    written = write_file(access.directory / "dll.conf", backend + "\n");
  }
  if (!written) {
    return failure(written.error());
  }
  if (!scanner.sane_directory.empty()) {
    access.directory = scanner.sane_directory;
  }
  return access;
}

}  // namespace quay::daemon::service
