// SPDX-License-Identifier: Apache-2.0
// quay-schema FOLDER: writes the files of protocol/schema/ anew after a change of the protocol. Not installed.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "protocol/schema_catalog.hpp"

int main(int count, char** arguments) {
  if (count != 2 || arguments[1][0] == '-') {
    std::fputs("usage: quay-schema FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") {
      std::filesystem::remove(entry.path());
    }
  }
  for (const auto& [name, content] : quay::protocol::schema_files()) {
    std::ofstream file(folder / name, std::ios::binary);
    file << content;
    if (!file.flush()) {
      std::fprintf(stderr, "quay-schema: cannot write %s\n", (folder / name).c_str());
      return 1;
    }
  }
  return 0;
}
