// SPDX-License-Identifier: Apache-2.0
// Whether a picture that came is one that quay can use, and whole. Looks at markers only; decoding is imaging's, in a
// process that is locked up.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quay::camera {

/// What the name of a file says of it. A picture is a JPEG or a HEIC.
enum class FileKind : std::uint8_t { picture, raw, other };
FileKind kind_of_name(std::string_view name);

/// Gives its media type, image/jpeg or image/heic. Errors: image_unsupported (neither), scan_page_incomplete (a JPEG
/// without its end, ITU-T T.81 annex B.1.1.3, EOI; a HEIC shorter than its boxes, ISO/IEC 14496-12 section 4.2).
Result<std::string> check_picture(std::span<const std::uint8_t> file);

}  // namespace quay::camera
