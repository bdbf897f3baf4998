// SPDX-License-Identifier: Apache-2.0
#include "imaging/recognise/codes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

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

/// Of several linear codes zxing gives one.
bool may_hold_more(const std::vector<Code>& codes) {
  constexpr std::array<std::string_view, 6> kMatrix{"QRCode", "MicroQRCode", "DataMatrix",
                                                    "Aztec",  "PDF417",      "MaxiCode"};
  return std::any_of(codes.begin(), codes.end(), [&](const Code& code) {
    return std::find(kMatrix.begin(), kMatrix.end(), code.format) == kMatrix.end();
  });
}

/// Codes of the patch by both decoders: what they agree on comes twice.
std::vector<Code> with_zbar(std::vector<Code> codes, const Patch& patch) {
  for (Code& code : read_with_zbar(patch)) {
    codes.push_back(std::move(code));
  }
  return codes;
}

/// Cheapest first; the first reading ends it.
std::vector<Code> read_patch(const ImageView& gray, const Candidate& place) {
  const Patch patch = patch_of(gray, place);
  std::vector<Code> codes = read_with_zxing(patch, Threshold::local);
  if (may_hold_more(codes)) {
    return with_zbar(std::move(codes), patch);
  }
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

/// Upright box around a code.
struct Span {
  Point from, to;

  explicit Span(const Quad& q)
      : from{std::min({q[0].x, q[1].x, q[2].x, q[3].x}), std::min({q[0].y, q[1].y, q[2].y, q[3].y})},
        to{std::max({q[0].x, q[1].x, q[2].x, q[3].x}), std::max({q[0].y, q[1].y, q[2].y, q[3].y})} {}
  bool meets(const Span& other) const {
    return from.x <= other.to.x && other.from.x <= to.x && from.y <= other.to.y && other.from.y <= to.y;
  }
};

/// The same words at the same place: of a linear code a decoder may have seen a few lines only.
bool is_known(const std::vector<Code>& codes, const Code& code) {
  return std::any_of(codes.begin(), codes.end(), [&](const Code& known) {
    return known.format == code.format && known.bytes == code.bytes && Span(known.quad_px).meets(Span(code.quad_px));
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
