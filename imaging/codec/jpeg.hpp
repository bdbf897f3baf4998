// SPDX-License-Identifier: Apache-2.0
// JPEG in and out through libjpeg-turbo (ITU-T T.81, JFIF 1.02, Exif 2.3 for turn and density).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::imaging {

struct JpegOptions {
  int quality = 75;
  bool chroma_full = false;  ///< 4:4:4; else 4:2:0
  bool progressive = false;  ///< a few per cent smaller, twice the time
};

/// Encodes gray or rgb pixels with optimised Huffman tables and the view's dpi in the JFIF header. Deterministic.
/// Errors: image_unsupported for bitonal views, image_encode_failed.
Result<std::vector<std::uint8_t>> encode_jpeg(const ImageView& image, const JpegOptions& options);

/// As decode(), for JPEG only.
Result<Image> decode_jpeg(std::span<const std::uint8_t> file);

/// What an Exif block (APP1 payload after "Exif\0\0") says; orientation 1..8, dpi 0 when absent.
struct ExifFacts {
  int orientation = 1;
  double dpi = 0;
};
ExifFacts read_exif(std::span<const std::uint8_t> tiff_block);

/// `image` put upright as Exif orientation 2..8 demands; 1 gives it back as it is.
Image turn_upright(Image image, int orientation);

}  // namespace quay::imaging
