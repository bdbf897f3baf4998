// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/page_images.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace quay::rig {

std::filesystem::path page_images_directory() {
  const char* chosen = std::getenv("QUAY_TEST_PAGES");
  return chosen != nullptr ? chosen : QUAY_TEST_PAGES_DIRECTORY;
}

std::vector<std::filesystem::path> page_images() {
  std::vector<std::filesystem::path> pages;
  for (const auto& entry : std::filesystem::directory_iterator(page_images_directory())) {
    if (entry.path().extension() == ".jpg") {
      pages.push_back(entry.path());
    }
  }
  if (pages.empty()) {
    throw std::runtime_error("no *.jpg in " + page_images_directory().string());
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

}  // namespace quay::rig
