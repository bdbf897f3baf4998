// SPDX-License-Identifier: Apache-2.0
// The two decoders behind read_codes, each in a file of its own: their headers do not get along in one.
#pragma once

#include <vector>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Part of a picture, perhaps enlarged, and the way back.
struct Patch {
  Image gray;
  double scale = 1;  ///< patch pixels a picture pixel
  Point origin;      ///< of the patch, in the picture

  Point to_picture(double x, double y) const {
    return {(x + 0.5) / scale - 0.5 + origin.x, (y + 0.5) / scale - 0.5 + origin.y};
  }
};

enum class Threshold : std::uint8_t { local, global };

/// zxing-cpp: every format it knows, every matrix code, but one linear code at most.
std::vector<Code> read_with_zxing(const Patch& patch, Threshold threshold);

/// zbar: formats in zxing-cpp's spelling, places boxed upright.
std::vector<Code> read_with_zbar(const Patch& patch);

}  // namespace quay::imaging
