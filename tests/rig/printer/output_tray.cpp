// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/output_tray.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "base/unique_fd.hpp"

namespace quay::rig {
namespace {

constexpr const char* kSheets = "sheets";

}  // namespace

OutputTray::OutputTray(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
}

/// One write(2) with O_APPEND: a sheet is there whole or not at all, whoever is killed when.
void OutputTray::drop_sheet(const std::string& job_name) {
  const std::lock_guard lock(mutex_);
  const UniqueFd file(::open((folder_ / kSheets).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string line = job_name + "\n";
  [[maybe_unused]] const ssize_t written = ::write(file.get(), line.data(), line.size());
}

void OutputTray::keep_document(const std::string& job_name, const std::string& ending,
                               std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  std::ofstream file(folder_ / (job_name + "." + ending), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::size_t OutputTray::sheets() const {
  const std::lock_guard lock(mutex_);
  return sheets_in(folder_).size();
}

std::vector<std::string> sheets_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::ifstream file(folder / kSheets);
  for (std::string line; std::getline(file, line);) {
    names.push_back(line);
  }
  return names;
}

}  // namespace quay::rig
