// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jbig2/regions.hpp"

#include <algorithm>

namespace quay::imaging::jbig2 {
namespace {

/// The context that carries "this row is typical" (T.88 figure 8).
constexpr std::size_t kTypicalContext = 0x9B25;

/// Pixels [64 k + ahead, 64 k + ahead + 64) of a row.
std::uint64_t shifted(const std::uint64_t* row, std::size_t k, int ahead) {
  return row[k] << ahead | row[k + 1] >> (64 - ahead);
}

}  // namespace

// T.88 figure 3: two rows up pixels x-2 .. x+2 (bits 15..11), one row up x-3 .. x+3 (bits 10..4), this row x-4 .. x-1.
void GenericCoder::encode_row(ArithmeticEncoder& coder, const Bitmap& bitmap, std::int32_t y) {
  const std::uint64_t* here = bitmap.row(y);
  const std::uint64_t* above = y >= 1 ? bitmap.row(y - 1) : blank_.data();
  const std::uint64_t* top = y >= 2 ? bitmap.row(y - 2) : blank_.data();
  const std::int32_t width = bitmap.size().width;
  std::uint32_t w2 = static_cast<std::uint32_t>(top[0] >> 62);
  std::uint32_t w1 = static_cast<std::uint32_t>(above[0] >> 61);
  std::uint32_t w0 = 0;
  for (std::size_t k = 0; k + 1 < bitmap.words(); ++k) {
    std::uint64_t next2 = shifted(top, k, 2);
    std::uint64_t next1 = shifted(above, k, 3);
    std::uint64_t next0 = here[k];
    const std::int32_t left = width - static_cast<std::int32_t>(k) * 64;
    const auto count = static_cast<std::uint32_t>(std::min(left, 64));
    if ((next2 | next1 | next0 | w2 | w1 | w0) == 0) {
      coder.encode_run(contexts_[0], 0, count);
      continue;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      w2 = (w2 << 1 | static_cast<std::uint32_t>(next2 >> 63)) & 0x1F;
      w1 = (w1 << 1 | static_cast<std::uint32_t>(next1 >> 63)) & 0x7F;
      const auto bit = static_cast<unsigned>(next0 >> 63);
      coder.encode(contexts_[w2 << 11 | w1 << 4 | w0], bit);
      w0 = (w0 << 1 | bit) & 0xF;
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
      const std::uint64_t* above = y >= 1 ? bitmap.row(y - 1) : blank_.data();
      const bool is_typical = std::equal(above, above + bitmap.words(), bitmap.row(y));
      coder.encode(contexts_[kTypicalContext], is_typical != was_typical ? 1 : 0);
      was_typical = is_typical;
      if (is_typical) {
        continue;
      }
    }
    encode_row(coder, bitmap, y);
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

// T.88 figure 12: of the bitmap the pixels NW N NE and W, of the reference all nine around.
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
      const unsigned around = triple(below - stride) << 6 | triple(below) << 3 | triple(below + stride);
      coder.encode(contexts_[known << 9 | around], *target);
    }
  }
}

}  // namespace quay::imaging::jbig2
