// SPDX-License-Identifier: Apache-2.0
// Whether a picture that came is one that quay can use, and whole. Looks at markers only; decoding is imaging's, in a
// process that is locked up.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace quay::camera {

/// True for the name of a JPEG; a raw file or a film beside it is left alone.
bool is_jpeg_name(std::string_view name);

/// Errors: image_unsupported (no JPEG), scan_page_incomplete (a JPEG without its end: ITU-T T.81 annex B.1.1.3, EOI).
Status check_picture(std::span<const std::uint8_t> file);

}  // namespace quay::camera
