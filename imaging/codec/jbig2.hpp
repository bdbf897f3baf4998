// SPDX-License-Identifier: Apache-2.0
// Lossless JBIG2 (ITU-T T.88) as PDF embeds it (ISO 32000-1 section 7.4.7): segments without a file header. Glyphs that
// resemble each other are coded as exact refinements of one another; nothing is ever replaced by something similar.
#pragma once

#include <cstdint>
#include <vector>

#include "imaging/bitmap.hpp"

namespace quay::imaging {

enum class Jbig2Mode : std::uint8_t {
  best,     ///< symbols where they pay, the rest as one generic region
  generic,  ///< one generic region: quicker, about half as large again on text
};

/// Every pixel of `mask` comes back as it is. `mask` must not be empty. Deterministic.
std::vector<std::uint8_t> encode_jbig2(const Bitmap& mask, Jbig2Mode mode = Jbig2Mode::best);

}  // namespace quay::imaging
