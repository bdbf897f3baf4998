// SPDX-License-Identifier: Apache-2.0
#include "daemon/device_specs.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "daemon/service/sane_configuration.hpp"
#include "daemon/supervise/run_once.hpp"
#include "protocol/json/reader.hpp"

namespace quay::daemon {

namespace frames = protocol::worker;

namespace {

constexpr std::size_t kLongestSlug = 24;
constexpr std::size_t kTagLength = 6;

/// Everything of a device's settings that makes it another device when it changes.
std::string fingerprint(const service::ScannerConfig& scanner) {
  return fmt::format("{}|{}|{}|{}|{}", scanner.name, scanner.sane_device, scanner.escl_url,
                     scanner.escl_socket_directory.string(), scanner.sane_directory.string());
}

void add_sane_environment(const service::Config& config, const std::filesystem::path& directory,
                          supervise::ProcessSpec& process) {
  process.environment.push_back("SANE_CONFIG_DIR=" + directory.string());
  if (!config.sane_backend_directory.empty()) {
    process.environment.push_back("LD_LIBRARY_PATH=" + config.sane_backend_directory.string());
  }
}

/// "Canon LiDE 220" at one address -> "canon-lide-220-3f9a01": readable, and two of a model stay apart.
std::string id_of(const frames::FoundScanner& found) {
  std::string slug;
  for (const char c : found.vendor + " " + found.model) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 && byte < 0x80) {
      slug += static_cast<char>(std::tolower(byte));
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  slug = slug.substr(0, kLongestSlug);
  while (!slug.empty() && slug.back() == '-') {
    slug.pop_back();
  }
  return slug + "-" + crypto::sha256_hex(std::string_view(found.sane_name)).substr(0, kTagLength);
}

service::ScannerConfig as_config(const frames::FoundScanner& found) {
  service::ScannerConfig scanner;
  scanner.id = id_of(found);
  scanner.name = fmt::format("{} {}", found.vendor, found.model);
  scanner.sane_device = found.sane_name;
  return scanner;
}

}  // namespace

supervise::WorkerSpec worker_spec(const service::Config& config, const std::string& name, const std::string& program) {
  supervise::WorkerSpec spec;
  spec.name = name;
  spec.process.program = config.libexec_directory / program;
  spec.process.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8",
                              "HOME=" + (config.runtime_directory / "home").string()};
  spec.deadlines = {config.deadlines.start, config.deadlines.cancel_grace};
  return spec;
}

Result<std::vector<jobs::DeviceSet::Wanted>> device_specs(const service::Config& config,
                                                          const std::vector<frames::FoundScanner>& found) {
  std::vector<service::ScannerConfig> scanners = config.scanners;
  for (const frames::FoundScanner& one : found) {
    const bool named = std::any_of(scanners.begin(), scanners.end(), [&](const service::ScannerConfig& scanner) {
      return scanner.sane_device == one.sane_name;
    });
    if (!named) {
      scanners.push_back(as_config(one));
    }
  }
  std::vector<jobs::DeviceSet::Wanted> wanted;
  for (const service::ScannerConfig& scanner : scanners) {
    const auto access = service::prepare_sane(config, scanner);
    if (!access) {
      return failure(access.error());
    }
    jobs::ScannerSpec spec;
    spec.id = scanner.id;
    spec.name = scanner.name;
    spec.port_path = access->port_path;
    spec.worker = worker_spec(config, scanner.id, "quay-scanner");
    spec.worker.process.arguments = {"--device", access->device};
    add_sane_environment(config, access->directory, spec.worker.process);
    spec.describe_deadline = config.deadlines.describe;
    wanted.push_back({std::move(spec), fingerprint(scanner)});
  }
  return wanted;
}

loop::Awaitable<Result<std::vector<frames::FoundScanner>>> discover(loop::Loop& loop, const service::Config& config) {
  const auto directory = service::prepare_discovery(config);
  if (!directory) {
    co_return failure(directory.error());
  }
  supervise::ProcessSpec process = worker_spec(config, "discovery", "quay-scanner").process;
  process.arguments = {"--list"};
  add_sane_environment(config, *directory, process);
  const Deadline deadline = deadline_in(config.deadlines.describe);
  const Result<std::string> printed = co_await supervise::run_once(loop, std::move(process), deadline);
  if (!printed) {
    co_return failure(printed.error());
  }
  boost::system::error_code error;
  const boost::json::value list = boost::json::parse(*printed, error);
  auto found = error ? Result<std::vector<frames::FoundScanner>>(failure(Errc::worker_protocol, "discover", "no list"))
                     : protocol::from_json<std::vector<frames::FoundScanner>>(list);
  co_return found;
}

}  // namespace quay::daemon
