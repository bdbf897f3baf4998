// SPDX-License-Identifier: Apache-2.0
// Tiles of the sheet without ink are looked at in a coarse raster: a printed ground has pale, hued places in most of
// them and bare paper between; a stain is one place, a lamp's tint has no bare paper, bleed-through is mostly gray.
#include "imaging/cleanup/pattern.hpp"

#include <algorithm>
#include <array>

#include "imaging/cleanup/perspective.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kTile = 40;       // pixels
constexpr std::int32_t kStep = 4;        // between two looks
constexpr int kInk = 150;                // share of the paper, of 255, below which a place is ink
constexpr int kPale = 249;               // above, it is bare
constexpr int kHue = 13;                 // spread of the channels that is a hue
constexpr int kLeastHued = 3;            // places of a tile
constexpr int kLeastBare = 10;           // between them
constexpr std::size_t kParts = 4;        // the sheet is looked at in 4 x 4 parts
constexpr double kLeastOfPart = 0.3;     // of a part's tiles are patterned ..
constexpr std::size_t kLeastParts = 10;  // .. in so many parts

/// Shares of the paper's colour at the mean of 2 x 2 pixels: least and greatest channel.
std::array<int, 2> share_at(const ImageView& image, std::int32_t x, std::int32_t y, const std::array<int, 3>& gain) {
  const std::uint8_t* above = image.row(y) + static_cast<std::size_t>(x) * 3;
  const std::uint8_t* below = above + image.stride_bytes;
  int least = 1000, most = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const int share = (above[c] + above[c + 3] + below[c] + below[c + 3]) * gain[c] >> 14;
    least = std::min(least, share);
    most = std::max(most, share);
  }
  return {least, most};
}

bool is_hued(int least, int most) { return least < kPale - kHue && most - least >= kHue; }

enum class Ground : std::uint8_t { ink, bare, patterned };

Ground ground_of(const ImageView& image, const PaperMap& paper, std::int32_t left, std::int32_t top) {
  const auto colour = paper.at(left + kTile / 2.0, top + kTile / 2.0);
  std::array<int, 3> gain{};
  for (std::size_t c = 0; c < 3; ++c) {
    gain[c] = static_cast<int>(255.0F * 4096 / colour[c]);
  }
  int hued = 0, bare = 0;
  for (std::int32_t y = top; y < top + kTile; y += kStep) {
    for (std::int32_t x = left; x < left + kTile; x += kStep) {
      const auto [least, most] = share_at(image, x, y, gain);
      if (least < kInk) {
        return Ground::ink;
      }
      hued += is_hued(least, most) ? 1 : 0;
      bare += most - least < kHue ? 1 : 0;
    }
  }
  return hued >= kLeastHued && bare >= kLeastBare ? Ground::patterned : Ground::bare;
}

struct Part {
  int tiles = 0, patterned = 0;
};

}  // namespace

bool has_pattern(const ImageView& image, const PaperMap& paper, const Quad& sheet) {
  if (image.format != PixelFormat::rgb) {
    return false;
  }
  const Transform to_share = inverse(unit_square_to(sheet));
  std::array<Part, kParts * kParts> parts{};
  constexpr double kRim = 0.03;  // of the sheet: its edges and what casts shadows on them
  for (std::int32_t y = 0; y + kTile < image.size.height; y += kTile) {
    for (std::int32_t x = 0; x + kTile < image.size.width; x += kTile) {
      const Point at = to_share.apply({x + kTile / 2.0, y + kTile / 2.0});
      if (at.x < kRim || at.y < kRim || at.x > 1 - kRim || at.y > 1 - kRim) {
        continue;
      }
      Part& part = parts[static_cast<std::size_t>(at.y * kParts) * kParts + static_cast<std::size_t>(at.x * kParts)];
      const Ground ground = ground_of(image, paper, x, y);
      part.tiles += ground == Ground::ink ? 0 : 1;
      part.patterned += ground == Ground::patterned ? 1 : 0;
    }
  }
  const auto printed = std::count_if(parts.begin(), parts.end(), [](const Part& part) {
    return part.tiles > 0 && part.patterned >= kLeastOfPart * part.tiles;
  });
  return static_cast<std::size_t>(printed) >= kLeastParts;
}

}  // namespace quay::imaging
