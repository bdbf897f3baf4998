// SPDX-License-Identifier: Apache-2.0
// Leptonica as a page cleaner, for comparison: skew, turn, background, JPEG of quality 50. Prints the turn it saw.
//   quay-bench-leptonica IN.jpg OUT.jpg
#include <leptonica/allheaders.h>

#include <cstdio>
#include <memory>

namespace {

struct DestroyPix {
  void operator()(PIX* pix) const { pixDestroy(&pix); }
};
using OwnedPix = std::unique_ptr<PIX, DestroyPix>;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("quay-bench-leptonica IN.jpg OUT.jpg\n", stderr);
    return 2;
  }
  const OwnedPix page(pixRead(argv[1]));
  const OwnedPix gray(page ? pixConvertTo8(page.get(), 0) : nullptr);
  const OwnedPix ink(gray ? pixThresholdToBinary(gray.get(), 140) : nullptr);
  l_float32 angle = 0;
  l_float32 confidence = 0;
  if (!ink || pixFindSkewSweepAndSearch(ink.get(), &angle, &confidence, 2, 2, 7, 1, 0.01F) != 0) {
    return 1;
  }
  constexpr l_float32 kRadian = 3.14159265F / 180;
  const OwnedPix turned(pixRotate(page.get(), angle * kRadian, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0));
  const OwnedPix clean(pixBackgroundNorm(turned.get(), nullptr, nullptr, 15, 15, 60, 50, 235, 2, 1));
  std::printf("angle %.4f\n", static_cast<double>(-angle));
  return clean && pixWriteJpeg(argv[2], clean.get(), 50, 0) == 0 ? 0 : 1;
}
