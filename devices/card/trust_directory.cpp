// SPDX-License-Identifier: Apache-2.0
#include "devices/card/trust_directory.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

namespace quay::card {
namespace {

constexpr std::array<std::string_view, 5> kEndings{".cer", ".crt", ".der", ".pem", ".crl"};
constexpr std::uintmax_t kLargestFile = 4U * 1024 * 1024;  // a national list of revocations has some 100 KB

std::vector<std::filesystem::path> files_of(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string ending = entry.path().extension();
    if (std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() && entry.is_regular_file(error) &&
        entry.file_size(error) <= kLargestFile) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

emrtd::TrustStore read_trust(const std::filesystem::path& directory, const Log& log) {
  emrtd::TrustStore trust;
  for (const std::filesystem::path& path : files_of(directory)) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    if (const Status added = trust.add(bytes); !added) {
      log.warning("{}: {}", path.string(), describe(added.error()));
    }
  }
  return trust;
}

}  // namespace quay::card
