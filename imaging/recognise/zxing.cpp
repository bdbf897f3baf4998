// SPDX-License-Identifier: Apache-2.0
#include <ZXing/ReadBarcode.h>

#include "imaging/recognise/decoders.hpp"

namespace quay::imaging {

std::vector<Code> read_with_zxing(const Patch& patch, Threshold threshold) {
  const ZXing::ImageView view(patch.gray.pixels().data(), patch.gray.size().width, patch.gray.size().height,
                              ZXing::ImageFormat::Lum, static_cast<int>(patch.gray.stride_bytes()));
  ZXing::DecodeHints hints;
  hints.setTryHarder(true).setTryRotate(true).setBinarizer(
      threshold == Threshold::local ? ZXing::Binarizer::LocalAverage : ZXing::Binarizer::GlobalHistogram);
  std::vector<Code> codes;
  for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) {
    if (!result.isValid()) {
      continue;
    }
    Code code{ZXing::ToString(result.format()), {result.bytes().begin(), result.bytes().end()}, {}, "zxing"};
    const auto& corners = result.position();
    for (std::size_t i = 0; i < 4; ++i) {
      code.quad_px[i] = patch.to_picture(corners[i].x, corners[i].y);
    }
    codes.push_back(std::move(code));
  }
  return codes;
}

}  // namespace quay::imaging
