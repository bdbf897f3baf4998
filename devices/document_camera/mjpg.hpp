// SPDX-License-Identifier: Apache-2.0
// A frame of Motion JPEG made into a JPEG file that every decoder reads: Huffman tables put in where the camera leaves
// them out, padding behind its end cut off. Walks markers only; decodes nothing. Input is untrusted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace quay::document_camera {

/// Errors: image_unsupported (no JPEG), scan_page_incomplete (cut off: no EOI behind its scan, ITU-T T.81 annex
/// B.1.1.3).
Result<std::vector<std::uint8_t>> complete_jpeg(std::span<const std::uint8_t> frame);

}  // namespace quay::document_camera
