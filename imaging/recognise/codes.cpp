// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/codes.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "imaging/detect/reduce.hpp"
#include "imaging/recognise/candidates.hpp"
#include "imaging/recognise/decoders.hpp"
#include "imaging/recognise/enlarge.hpp"

namespace quay::imaging {
namespace {

constexpr std::int64_t kMostEnlargedPixels = 2'000'000;

/// The place as decoders get it: half the size where modules are large.
Patch patch_of(const ImageView& gray, const Candidate& place) {
  constexpr std::int32_t kLargeModules = 4;
  const Point origin{static_cast<double>(place.box.left), static_cast<double>(place.box.top)};
  Image cut = cut_gray(gray, place.box);
  return place.scale < kLargeModules ? Patch{std::move(cut), 1, origin} : Patch{reduce(cut.view(), 2), 0.5, origin};
}

/// Cheapest first; the first reading ends it.
std::vector<Code> read_patch(const ImageView& gray, const Candidate& place) {
  const Patch patch = patch_of(gray, place);
  std::vector<Code> codes = read_with_zxing(patch, Threshold::local);
  const std::int64_t pixels = std::int64_t{patch.gray.size().width} * patch.gray.size().height;
  if (!codes.empty() || pixels * 4 > kMostEnlargedPixels || patch.scale < 1) {
    return codes.empty() ? read_with_zbar(patch) : codes;
  }
  const Patch twice{enlarge(patch.gray.view(), 2), 2, patch.origin};
  codes = read_with_zxing(twice, Threshold::local);
  if (codes.empty()) {
    codes = read_with_zbar(patch);
  }
  if (codes.empty()) {
    codes = read_with_zbar(twice);
  }
  if (codes.empty()) {
    codes = read_with_zxing(twice, Threshold::global);
  }
  return codes;
}

bool is_known(const std::vector<Code>& codes, const Code& code) {
  return std::any_of(codes.begin(), codes.end(), [&](const Code& known) {
    const double apart = std::hypot(known.quad_px[0].x - code.quad_px[0].x, known.quad_px[0].y - code.quad_px[0].y);
    const double side = std::hypot(known.quad_px[2].x - known.quad_px[0].x, known.quad_px[2].y - known.quad_px[0].y);
    return known.format == code.format && known.bytes == code.bytes && apart < side;
  });
}

}  // namespace

std::vector<Code> read_codes(const ImageView& image) {
  const Image converted = image.format == PixelFormat::gray ? Image() : to_gray(image);
  const ImageView gray = converted.empty() ? image : converted.view();
  std::vector<Code> codes;
  for (const Candidate& place : code_candidates(gray)) {
    for (Code& code : read_patch(gray, place)) {
      if (!is_known(codes, code)) {
        codes.push_back(std::move(code));
      }
    }
  }
  std::stable_sort(codes.begin(), codes.end(),
                   [](const Code& a, const Code& b) { return a.quad_px[0].y < b.quad_px[0].y; });
  return codes;
}

}  // namespace quay::imaging
