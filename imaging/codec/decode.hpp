// SPDX-License-Identifier: Apache-2.0
// Files into pixels: JPEG (also CMYK, EXIF-turned), HEIC, PNG, TIFF and WebP. Input is untrusted: sizes are checked
// before memory is taken, and a broken or cut-off file is an error, never a half page. Opens no files.
#pragma once

#include <cstdint>
#include <span>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::imaging {

enum class FileKind : std::uint8_t { unknown, jpeg, png, tiff, webp, heic };

/// By the file's first bytes, not its name.
FileKind sniff(std::span<const std::uint8_t> file);

/// Number of pages in `file`: 1, or more for a TIFF; 0 for what is no picture.
int count_pages(std::span<const std::uint8_t> file);

/// Decodes page `index` (from 0) upright (EXIF orientation applied) to bitonal, gray or rgb; alpha is laid over white.
/// Image: owned; dpi from JFIF, EXIF, pHYs or TIFF tags, 0 when unknown or absurd (outside 10..10000).
/// Errors: image_unsupported (no JPEG, HEIC, PNG, TIFF or WebP), image_too_large, image_unreadable.
Result<Image> decode(std::span<const std::uint8_t> file, int index = 0);

}  // namespace quay::imaging
