// SPDX-License-Identifier: Apache-2.0
// HEIC in through libheif and libde265 (ISO/IEC 23008-12): what phones take pictures in. Metadata (place, owner, serial
// number) is read for the resolution and goes no further.
#pragma once

#include <cstdint>
#include <span>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::imaging {

/// True for a file whose brand says a picture coded as HEVC.
bool is_heic(std::span<const std::uint8_t> file);

/// The primary picture as rgb, turned as its irot and imir properties say and not once more as Exif repeats it; alpha
/// laid over white. Untrusted input.
/// Errors: image_unreadable (also of a file that is cut off), image_too_large, image_unsupported (no HEVC).
Result<Image> decode_heic(std::span<const std::uint8_t> file);

}  // namespace quay::imaging
