// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz harness without libFuzzer, under ctest and with any compiler: over every file of the folders given, over
// each of their beginnings, and over variants with one byte changed. A crash or a failed check ends the program.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostVariants = 4096;  // of one file: a large seed is thinned out, not left out
constexpr std::uint8_t kSpoilers[] = {0x00, 0xff, 0x22, 0x7b};

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The harness gets a copy of exactly this size, so that AddressSanitizer sees a read past its end.
void run(const Bytes& bytes) {
  const Bytes copy(bytes);
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

std::size_t run_with_variants(const Bytes& seed) {
  run(seed);
  std::size_t runs = 1;
  const std::size_t step = seed.size() / kMostVariants + 1;
  for (std::size_t at = 0; at < seed.size(); at += step) {
    run(Bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(at)));
    for (const std::uint8_t byte : kSpoilers) {
      Bytes changed = seed;
      changed[at] = byte;
      run(changed);
    }
    runs += 5;
  }
  return runs;
}

}  // namespace

int main(int count, char** folders) {
  std::size_t files = 0;
  std::size_t runs = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (entry.is_regular_file()) {
        ++files;
        runs += run_with_variants(read_file(entry.path()));
      }
    }
  }
  std::printf("%zu files, %zu runs\n", files, runs);
  return files > 0 ? 0 : 1;
}
