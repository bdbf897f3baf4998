// SPDX-License-Identifier: Apache-2.0
// The page images that tests scan.
#pragma once

#include <filesystem>
#include <vector>

namespace quay::rig {

/// The folder tests/data/pages of the source tree; the environment's QUAY_TEST_PAGES replaces it.
std::filesystem::path page_images_directory();

/// Its *.jpg in order of name. Throws std::runtime_error when there is none: a test without pages proves nothing.
std::vector<std::filesystem::path> page_images();

}  // namespace quay::rig
