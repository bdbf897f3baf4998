// SPDX-License-Identifier: Apache-2.0
// Works on blocks of 8 x 8 pixels. A block is covered when even its lightest pixel is not white: text and lines leave
// white in nearly every block, a photo in none.
#include "imaging/layers/pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/detect/reduce.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kBlock = 8;
constexpr std::uint8_t kCovered = 12;     // darkness of the lightest pixel
constexpr std::uint8_t kPattern = 56;     // a printed ground is at most so dark
constexpr Millimetres kLeastPhoto{12};    // textured and smaller: a bold letter, a piece of a seal
constexpr Millimetres kLeastSide{4};      // smaller things are glyphs and stars
constexpr Millimetres kLongestPhoto{65};  // pale and longer than a portrait: a card, a shaded row
constexpr double kLeastFill = 0.45;       // share of a picture's box that is covered
constexpr int kPale = 110;                // a fill up to this darkness is shading
constexpr int kFaint = 28;                // and up to this nothing but a stain, unless it has a hue
constexpr int kHue = 14;                  // difference of channels that is one
constexpr double kTexture = 14;           // levels that a photo's blocks spread, at least

/// Darkness of each block's lightest pixel.
Image lightest_pixels(const Image& darkness) {
  const PixelSize size = darkness.size();
  Image out(PixelFormat::gray, {(size.width + kBlock - 1) / kBlock, (size.height + kBlock - 1) / kBlock}, {});
  std::vector<std::uint8_t> least(static_cast<std::size_t>(size.width));
  for (std::int32_t top = 0; top < size.height; top += kBlock) {
    std::fill(least.begin(), least.end(), std::uint8_t{255});
    for (std::int32_t y = top; y < std::min(top + kBlock, size.height); ++y) {
      const std::uint8_t* row = darkness.row(y);
      for (std::size_t x = 0; x < least.size(); ++x) {
        least[x] = std::min(least[x], row[x]);
      }
    }
    std::uint8_t* to = out.row(top / kBlock);
    for (std::int32_t x = 0; x < size.width; x += kBlock) {
      to[x / kBlock] = *std::min_element(least.begin() + x, least.begin() + std::min(x + kBlock, size.width));
    }
  }
  return out;
}

/// Covered blocks that hang together.
struct Patch {
  Box blocks;
  std::vector<std::array<std::int32_t, 2>> members;
};

/// Takes the patch around (x, y) out of `lightest`.
Patch take_patch(Image& lightest, std::int32_t x, std::int32_t y) {
  Patch patch{{x, y, x + 1, y + 1}, {}};
  const PixelSize size = lightest.size();
  const auto visit = [&](std::int32_t u, std::int32_t v) {
    if (u >= 0 && v >= 0 && u < size.width && v < size.height && lightest.row(v)[u] > kCovered) {
      lightest.row(v)[u] = 0;
      patch.members.push_back({u, v});
    }
  };
  visit(x, y);
  for (std::size_t i = 0; i < patch.members.size(); ++i) {
    const auto [u, v] = patch.members[i];
    Box& box = patch.blocks;
    box = {std::min(box.left, u), std::min(box.top, v), std::max(box.right, u + 1), std::max(box.bottom, v + 1)};
    visit(u - 1, v);
    visit(u + 1, v);
    visit(u, v - 1);
    visit(u, v + 1);
  }
  return patch;
}

/// What the blocks of a patch look like.
struct Looks {
  int median_darkness = 0;
  double spread = 0;  ///< of the blocks' mean colours
  bool hue = false;
};

Looks looks_of(const Patch& patch, const Image& means) {
  const std::size_t channels = means.format() == PixelFormat::rgb ? 3 : 1;
  std::vector<int> dark;
  std::array<double, 3> sum{}, squares{};
  for (const auto& [x, y] : patch.members) {
    const std::uint8_t* p = means.row(y) + static_cast<std::size_t>(x) * channels;
    dark.push_back(255 - *std::min_element(p, p + channels));
    for (std::size_t c = 0; c < channels; ++c) {
      sum[c] += p[c];
      squares[c] += p[c] * p[c];
    }
  }
  const auto count = static_cast<double>(patch.members.size());
  const auto middle = dark.begin() + static_cast<std::ptrdiff_t>(dark.size() / 2);
  std::nth_element(dark.begin(), middle, dark.end());
  Looks out{*middle, 0, false};
  for (std::size_t c = 0; c < channels; ++c) {
    out.spread = std::max(out.spread, std::sqrt(std::max(0.0, squares[c] / count - sum[c] / count * sum[c] / count)));
  }
  const auto [least, most] = std::minmax_element(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(channels));
  out.hue = (*most - *least) / count > kHue;
  return out;
}

enum class Kind : std::uint8_t { none, photo, print };

Kind kind_of(const Patch& patch, const Image& means, Dpi dpi) {
  const PixelSize size = patch.blocks.size();
  const double least = kLeastSide.value / kMillimetresPerInch * std::max(dpi.value, 100.0) / kBlock;
  const double area = static_cast<double>(size.width) * size.height;
  if (std::min(size.width, size.height) < least || static_cast<double>(patch.members.size()) < kLeastFill * area) {
    return Kind::none;
  }
  const Looks looks = looks_of(patch, means);
  if (looks.median_darkness <= kPale) {
    const Kind kind =
        std::max(size.width, size.height) > kLongestPhoto.value / kLeastSide.value * least ? Kind::print : Kind::photo;
    return looks.hue || looks.median_darkness > kFaint ? kind : Kind::none;
  }
  const bool large = std::min(size.width, size.height) > kLeastPhoto.value / kLeastSide.value * least;
  return large && looks.spread > kTexture ? Kind::photo : Kind::none;
}

bool touch(const Box& a, const Box& b) {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

/// Pictures that touch become one.
std::vector<Picture> merged(std::vector<Picture> pictures) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      for (std::size_t k = i + 1; k < pictures.size(); ++k) {
        Box& a = pictures[i].box;
        const Box& b = pictures[k].box;
        if (touch(a, b)) {
          a = {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
               std::max(a.bottom, b.bottom)};
          pictures[i].fine = pictures[i].fine || pictures[k].fine;
          pictures.erase(pictures.begin() + static_cast<std::ptrdiff_t>(k));
          again = true;
          k = i;
        }
      }
    }
  }
  return pictures;
}

}  // namespace

std::vector<Picture> find_pictures(const ImageView& page, const Image& darkness, bool patterned) {
  Image lightest = lightest_pixels(darkness);
  for (std::uint8_t& least : lightest.pixels()) {
    least = patterned && least <= kPattern ? 0 : least;
  }
  const Image means = reduce(page, kBlock);
  std::vector<Picture> pictures;
  for (std::int32_t y = 0; y < lightest.size().height; ++y) {
    for (std::int32_t x = 0; x < lightest.size().width; ++x) {
      if (lightest.row(y)[x] <= kCovered) {
        continue;
      }
      const Patch patch = take_patch(lightest, x, y);
      const Kind kind = kind_of(patch, means, page.dpi);
      if (kind != Kind::none) {
        const Box& b = patch.blocks;
        pictures.push_back(
            {{std::max(0, b.left - 1) * kBlock, std::max(0, b.top - 1) * kBlock,
              std::min(page.size.width, (b.right + 1) * kBlock), std::min(page.size.height, (b.bottom + 1) * kBlock)},
             kind == Kind::print});
      }
    }
  }
  return merged(std::move(pictures));
}

}  // namespace quay::imaging
