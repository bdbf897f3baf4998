// SPDX-License-Identifier: Apache-2.0
// Pictures as a phone keeps them: HEIC, coded by libheif's x265 as it is done on the phone in hardware.
#pragma once

#include "base/image.hpp"
#include "tests/rig/pictures/jpeg.hpp"

namespace quay::rig {

struct HeicOptions {
  int quality = 60;
  /// How the phone was held, Exif 1..8: the pixels stay as they are, the file says how to turn them (irot, imir), and
  /// says it once more in an Exif block, as phones do.
  int orientation = 1;
};

/// `image` as the pixels of a HEIC file. Rgb only. Errors: image_encode_failed.
Result<Bytes> encode_heic(const ImageView& image, const HeicOptions& options = {});

}  // namespace quay::rig
