// SPDX-License-Identifier: Apache-2.0
#include <ZXing/ReadBarcode.h>

#include "imaging/recognise/decoders.hpp"

namespace quay::imaging {

namespace {

void add_codes(const Patch& patch, const ZXing::DecodeHints& hints, std::vector<Code>& codes) {
  const ZXing::ImageView view(patch.gray.pixels().data(), patch.gray.size().width, patch.gray.size().height,
                              ZXing::ImageFormat::Lum, static_cast<int>(patch.gray.stride_bytes()));
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
}

}  // namespace

// zxing-cpp 1.4 ends the process (an assertion in Result::operator==) when it sees the same linear code twice; asked
// for one only it never compares two. zbar reads the others.
std::vector<Code> read_with_zxing(const Patch& patch, Threshold threshold) {
  ZXing::DecodeHints hints;
  hints.setTryHarder(true).setTryRotate(true).setBinarizer(
      threshold == Threshold::local ? ZXing::Binarizer::LocalAverage : ZXing::Binarizer::GlobalHistogram);
  std::vector<Code> codes;
  add_codes(patch, hints.setFormats(ZXing::BarcodeFormat::MatrixCodes), codes);
  add_codes(patch, hints.setFormats(ZXing::BarcodeFormat::LinearCodes).setMaxNumberOfSymbols(1), codes);
  return codes;
}

}  // namespace quay::imaging
