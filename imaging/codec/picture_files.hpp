// SPDX-License-Identifier: Apache-2.0
// Pages as ordinary picture files other than JPEG: PNG and WebP in colour, TIFF in black and white. Deterministic. (PNG
// and TIFF are read in decode.cpp.)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::imaging {

/// PNG (ISO/IEC 15948), lossless, of any view; resolution in pHYs, sRGB said.
/// Errors: image_encode_failed.
Result<std::vector<std::uint8_t>> encode_png(const ImageView& image);

/// The same of a gray view that shows black ink on white: black everywhere, as opaque as it was dark, so that it can be
/// laid on any paper. Over white it looks as before. Errors: image_unsupported for other views, image_encode_failed.
Result<std::vector<std::uint8_t>> encode_png_ink(const ImageView& gray);

/// WebP, lossy at `quality` 1..100, of a gray or rgb view. The format holds no resolution.
/// Errors: image_unsupported for bitonal views, image_encode_failed, also for a side above 16383 pixels.
Result<std::vector<std::uint8_t>> encode_webp(const ImageView& image, int quality);

/// A still WebP picture as rgb, alpha laid over white; dpi 0. Untrusted input.
/// Errors: image_unreadable, image_too_large.
Result<Image> decode_webp(std::span<const std::uint8_t> file);

/// TIFF 6.0 of one bitonal page, CCITT group 4 (ITU-T T.6), in a single strip, 0 = white.
/// Errors: image_unsupported for other views, image_encode_failed.
Result<std::vector<std::uint8_t>> encode_tiff(const ImageView& bitonal);

/// One TIFF of the pages of files made by encode_tiff, in their order, not coded again.
/// Errors: document_empty, image_unreadable.
Result<std::vector<std::uint8_t>> bind_tiff(std::span<const std::span<const std::uint8_t>> files);

}  // namespace quay::imaging
