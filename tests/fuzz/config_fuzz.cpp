// SPDX-License-Identifier: Apache-2.0
// Whatever a technician types: it is taken, with every value in its range, or refused with a line for each mistake.
#include <sstream>
#include <string>

#include "daemon/service/config.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace quay;
using fuzz::require;

void check_taken(const daemon::service::Config& config) {
  require(config.runtime_directory.is_absolute() && config.state_directory.is_absolute(), "paths are absolute");
  require(config.image_workers >= 0 && config.image_workers <= 64, "image_workers is in its range");
  require(config.deadlines.stall >= Milliseconds(100), "deadlines are in their range");
  for (const daemon::service::ScannerConfig& scanner : config.scanners) {
    require(!scanner.id.empty() && !scanner.name.empty(), "a scanner has an id and a name");
    require(scanner.sane_device.empty() != scanner.escl_url.empty(), "a scanner is reached in exactly one way");
  }
}

void check_refused(const Error& error) {
  require(error.code == Errc::config_invalid, "a wrong file is config.invalid");
  std::istringstream lines(error.detail);
  std::string line;
  std::size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    require(line.starts_with("f.toml:"), "every mistake begins with its file and line");
  }
  require(count > 0, "a refusal says something");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto config = daemon::service::parse_config(text, "f.toml");
  config ? check_taken(*config) : check_refused(config.error());
  return 0;
}
