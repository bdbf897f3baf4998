// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jbig2/regions.hpp"

#include <algorithm>
#include <array>

namespace quay::imaging::jbig2 {
namespace {

/// The pixels a template looks at: `count` of them in either row above, the last one `ahead` of the pixel that is
/// coded, and `here` to the left of it. Together they are a context: this row in the lowest bits, the topmost in the
/// highest. `kTypical` is the context that carries "this row is typical" (T.88 figures 8 to 10). `kAdaptiveBits` are
/// the bits of the context that A1, A2 ... take.
template <int kTopCount, int kTopAhead, int kAboveCount, int kAboveAhead, int kHere, std::size_t kTypical,
          int... kAdaptiveBits>
struct Neighbours {
  static constexpr int kTop = kTopCount, kTopBefore = kTopAhead;
  static constexpr int kAbove = kAboveCount, kAboveBefore = kAboveAhead;
  static constexpr int kLeft = kHere;
  static constexpr std::size_t kTypicalContext = kTypical;
  static constexpr std::array kAdaptive{kAdaptiveBits...};
  static constexpr std::uint32_t kFixed = ~((1U << kAdaptiveBits) | ...);
};
using Template0 = Neighbours<5, 2, 7, 3, 4, 0x9B25, 4, 10, 11, 15>;  // figure 3
using Template1 = Neighbours<4, 2, 6, 3, 3, 0x0795, 3>;              // figure 4
using Template2 = Neighbours<3, 1, 5, 2, 2, 0x00E5, 2>;              // figure 5
constexpr std::array<int, GenericCoder::kTemplates> kContextBits{16, 13, 10};
constexpr std::array<std::size_t, GenericCoder::kTemplates> kTypicalContexts{
    Template0::kTypicalContext, Template1::kTypicalContext, Template2::kTypicalContext};

constexpr std::uint32_t ones(int count) { return (1U << count) - 1; }

/// Pixels [64 k + ahead, 64 k + ahead + 64) of a row; `ahead` may be negative, but not 0.
std::uint64_t shifted(const std::uint64_t* row, std::size_t k, int ahead) {
  if (ahead < 0) {
    return row[k] >> -ahead | (k > 0 ? row[k - 1] << (64 + ahead) : 0);
  }
  return row[k] << ahead | row[k + 1] >> (64 - ahead);
}

/// The adaptive pixels of 64 pixels in a row.
template <class Template>
class Adaptive {
 public:
  static constexpr std::size_t kCount = Template::kAdaptive.size();

  /// `row(y)`: row y of the bitmap.
  template <class Row>
  Adaptive(const AdaptivePixels& places, std::int32_t y, Row row) : places_(places) {
    for (std::size_t i = 0; i < kCount; ++i) {
      rows_[i] = row(y + places[i].dy);
    }
  }

  /// Loads those of pixels 64 k to 64 k + 63; is there any ink?
  bool load(std::size_t k) {
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      next_[i] = shifted(rows_[i], k, places_[i].dx);
      any |= next_[i];
    }
    return any != 0;
  }

  /// The context, its adaptive bits put in.
  std::uint32_t into(std::uint32_t context) {
    context &= Template::kFixed;
    for (std::size_t i = 0; i < kCount; ++i) {
      context |= static_cast<std::uint32_t>(next_[i] >> 63) << Template::kAdaptive[i];
      next_[i] <<= 1;
    }
    return context;
  }

 private:
  const AdaptivePixels& places_;
  std::array<const std::uint64_t*, kCount> rows_{};
  std::array<std::uint64_t, kCount> next_{};
};

}  // namespace

GenericCoder::GenericCoder(int number, const AdaptivePixels& adaptive)
    : number_(number),
      adaptive_(adaptive),
      contexts_(std::size_t{1} << kContextBits[static_cast<std::size_t>(number)]) {}

const std::uint64_t* GenericCoder::row_of(const Bitmap& bitmap, std::int32_t y) const {
  return y >= 0 ? bitmap.row(y) : blank_.data();
}

template <class Template>
void GenericCoder::encode_row(ArithmeticEncoder& coder, const Bitmap& bitmap, std::int32_t y) {
  const std::uint64_t* here = bitmap.row(y);
  const std::uint64_t* above = row_of(bitmap, y - 1);
  const std::uint64_t* top = row_of(bitmap, y - 2);
  Adaptive<Template> adaptive(adaptive_, y, [&](std::int32_t at) { return row_of(bitmap, at); });
  const std::int32_t width = bitmap.size().width;
  std::uint32_t w2 = static_cast<std::uint32_t>(top[0] >> (64 - Template::kTopBefore));
  std::uint32_t w1 = static_cast<std::uint32_t>(above[0] >> (64 - Template::kAboveBefore));
  std::uint32_t w0 = 0;
  for (std::size_t k = 0; k + 1 < bitmap.words(); ++k) {
    std::uint64_t next2 = shifted(top, k, Template::kTopBefore);
    std::uint64_t next1 = shifted(above, k, Template::kAboveBefore);
    std::uint64_t next0 = here[k];
    const std::int32_t left = width - static_cast<std::int32_t>(k) * 64;
    const auto count = static_cast<std::uint32_t>(std::min(left, 64));
    if (!adaptive.load(k) && (next2 | next1 | next0 | w2 | w1 | w0) == 0) {
      coder.encode_run(contexts_[0], 0, count);
      continue;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      w2 = (w2 << 1 | static_cast<std::uint32_t>(next2 >> 63)) & ones(Template::kTop);
      w1 = (w1 << 1 | static_cast<std::uint32_t>(next1 >> 63)) & ones(Template::kAbove);
      const auto bit = static_cast<unsigned>(next0 >> 63);
      coder.encode(contexts_[adaptive.into((w2 << Template::kAbove | w1) << Template::kLeft | w0)], bit);
      w0 = (w0 << 1 | bit) & ones(Template::kLeft);
      next2 <<= 1;
      next1 <<= 1;
      next0 <<= 1;
    }
  }
}

void GenericCoder::encode(ArithmeticEncoder& coder, const Bitmap& bitmap, bool typical) {
  blank_.assign(bitmap.words(), 0);
  bool was_typical = false;
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    if (typical) {
      const std::uint64_t* above = row_of(bitmap, y - 1);
      const bool is_typical = std::equal(above, above + bitmap.words(), bitmap.row(y));
      coder.encode(contexts_[kTypicalContexts[static_cast<std::size_t>(number_)]], is_typical != was_typical ? 1 : 0);
      was_typical = is_typical;
      if (is_typical) {
        continue;
      }
    }
    switch (number_) {
      case 0: encode_row<Template0>(coder, bitmap, y); break;
      case 1: encode_row<Template1>(coder, bitmap, y); break;
      default: encode_row<Template2>(coder, bitmap, y); break;
    }
  }
}

namespace {

constexpr std::int32_t kMargin = 2;

/// Unpacks `bitmap` into `out`, a byte a pixel of a frame of `size` plus kMargin around, its pixel (0, 0) at `at`.
void unpack(const Bitmap& bitmap, PixelSize size, Offset at, std::vector<std::uint8_t>& out) {
  const std::int32_t stride = size.width + 2 * kMargin;
  out.assign(static_cast<std::size_t>(stride) * static_cast<std::size_t>(size.height + 2 * kMargin), 0);
  const std::int32_t top = std::max(0, -kMargin - at.dy);
  const std::int32_t bottom = std::min(bitmap.size().height, size.height + kMargin - at.dy);
  const std::int32_t left = std::max(0, -kMargin - at.dx);
  const std::int32_t right = std::min(bitmap.size().width, size.width + kMargin - at.dx);
  for (std::int32_t y = top; y < bottom; ++y) {
    std::uint8_t* to = out.data() + static_cast<std::ptrdiff_t>(y + at.dy + kMargin) * stride + at.dx + kMargin;
    const std::uint64_t* from = bitmap.row(y);
    for (std::int32_t x = left; x < right; ++x) {
      to[x] = static_cast<std::uint8_t>(from[x / 64] >> (63 - x % 64) & 1);
    }
  }
}

/// Three neighbouring pixels as a number.
unsigned triple(const std::uint8_t* p) { return static_cast<unsigned>(p[-1] << 2 | p[0] << 1 | p[1]); }

}  // namespace

// Of the bitmap the pixels NW N NE and W; of the reference eight around and the adaptive one (T.88 figure 12), or all
// but the corners save the one at the lower right (figure 13).
void RefinementCoder::encode(ArithmeticEncoder& coder, const Bitmap& bitmap, const Bitmap& reference, Offset offset) {
  const PixelSize size = bitmap.size();
  const std::ptrdiff_t stride = size.width + 2 * kMargin;
  unpack(bitmap, size, {}, target_);
  unpack(reference, size, offset, reference_);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::uint8_t* target = target_.data() + (y + kMargin) * stride + kMargin;
    const std::uint8_t* below = reference_.data() + (y + kMargin) * stride + kMargin;
    for (std::int32_t x = 0; x < size.width; ++x, ++target, ++below) {
      const unsigned known = triple(target - stride) << 1 | target[-1];
      if (number_ == 0) {
        const unsigned adaptive = below[kRefinementPixel.dy * stride + kRefinementPixel.dx];
        const unsigned above = adaptive << 2 | (triple(below - stride) & 3U);
        const unsigned around = above << 6 | triple(below) << 3 | triple(below + stride);
        coder.encode(contexts_[known << 9 | around], *target);
      } else {
        const unsigned around =
            static_cast<unsigned>(below[-stride]) << 5 | triple(below) << 2 | (triple(below + stride) & 3U);
        coder.encode(contexts_[known << 6 | around], *target);
      }
    }
  }
}

}  // namespace quay::imaging::jbig2
