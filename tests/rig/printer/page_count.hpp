// SPDX-License-Identifier: Apache-2.0
// How many pages a document has, as a printer finds out: by reading it. Not with the library that quay draws with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quay::rig {

/// 0: the printer cannot read it. format: application/pdf, image/pwg-raster, image/urf.
int count_pages(const std::string& format, const std::vector<std::uint8_t>& document);

}  // namespace quay::rig
