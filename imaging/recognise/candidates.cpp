// SPDX-License-Identifier: Apache-2.0
// Steps between neighbours, summed over tiles, at several scales. A matrix code is a block of tiles full of steps both
// ways; a linear code is a band of tiles full of steps one way. Both are half ink, half paper; text, which can be as
// full of steps, is mostly paper.
#include "imaging/recognise/candidates.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "imaging/detect/reduce.hpp"
#include "imaging/simd.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kTile = 16;
constexpr std::int32_t kBlock = 4;       // a matrix code is at least so many tiles wide and high
constexpr std::int32_t kBandLength = 8;  // a linear code is at least so many tiles long ..
constexpr std::int32_t kBandHeight = 2;  // .. and so many high
constexpr float kDense = 8;              // grey levels a pixel, of a tile of a matrix code, both ways
constexpr float kDenseBlock = 11;        // .. and of the block on the average
constexpr float kDenseBand = 12;         // along a linear code
constexpr float kAcrossBand = 0.35F;     // steps across a linear code, as a share of those along it
constexpr float kLeastInk = 0.31F;       // of a block, dark against light; text has 0.05 to 0.25
constexpr float kMostInk = 0.69F;
constexpr std::size_t kMostCandidates = 12;

/// Lightness of a tile or a block of tiles.
struct Light {
  std::uint32_t sum = 0;
  std::uint8_t least = 255;
  std::uint8_t most = 0;

  void add(const Light& other) {
    sum += other.sum;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
  }
};

/// Mean step to the right and downward neighbour in each tile, and its lightness.
struct Tiles {
  std::int32_t columns = 0;
  std::int32_t rows = 0;
  std::vector<float> across;
  std::vector<float> down;
  std::vector<Light> light;

  std::size_t at(std::int32_t x, std::int32_t y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(x);
  }
};

U8x16 lesser(U8x16 a, U8x16 b) { return a < b ? a : b; }
U8x16 greater(U8x16 a, U8x16 b) { return a > b ? a : b; }

/// Sums of bytes, each kept in a lane of sixteen bits: enough for the rows of a tile.
struct LaneSums {
  U16x8 even{}, odd{};

  void add(U8x16 values) {
    const auto pairs = std::bit_cast<U16x8>(values);
    even += pairs & 0xFF;
    odd += pairs >> 8;
  }
  std::uint32_t total() const {
    std::uint32_t sum = 0;
    for (int i = 0; i < 8; ++i) {
      sum += static_cast<std::uint32_t>(even[i]) + odd[i];
    }
    return sum;
  }
};

static_assert(kTile == sizeof(U8x16));

/// Measures the tile whose corner is (x, y): its steps to the right and downward, and its lightness.
void measure_tile(const ImageView& gray, std::int32_t x, std::int32_t y, Tiles& tiles) {
  LaneSums across, down, light;
  U8x16 least = load<U8x16>(gray.row(y) + x);
  U8x16 most = least, here = least;
  for (std::int32_t i = 0; i < kTile; ++i) {
    const U8x16 right = load<U8x16>(gray.row(y + i) + x + 1), below = load<U8x16>(gray.row(y + i + 1) + x);
    across.add(greater(here, right) - lesser(here, right));
    down.add(greater(here, below) - lesser(here, below));
    light.add(here);
    least = lesser(least, here);
    most = greater(most, here);
    here = below;
  }
  Light& sum = tiles.light.emplace_back();
  sum.sum = light.total();
  for (int i = 0; i < kTile; ++i) {
    sum.least = std::min(sum.least, static_cast<std::uint8_t>(least[i]));
    sum.most = std::max(sum.most, static_cast<std::uint8_t>(most[i]));
  }
  tiles.across.push_back(static_cast<float>(across.total()) / (kTile * kTile));
  tiles.down.push_back(static_cast<float>(down.total()) / (kTile * kTile));
}

Tiles measure(const ImageView& gray) {
  Tiles tiles;
  tiles.columns = std::max(0, (gray.size.width - 1) / kTile);
  tiles.rows = std::max(0, (gray.size.height - 1) / kTile);
  for (std::int32_t y = 0; y < tiles.rows; ++y) {
    for (std::int32_t x = 0; x < tiles.columns; ++x) {
      measure_tile(gray, x * kTile, y * kTile, tiles);
    }
  }
  return tiles;
}

using Marks = std::vector<std::uint8_t>;

/// Marks every block of `width` x `height` tiles in which each tile passes and, on the average, `mean` is reached.
struct BlockRule {
  std::int32_t width = 0;
  std::int32_t height = 0;
  float mean = 0;

  std::size_t tiles() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
};

/// Does the block at (x, y) look like a code?
bool passes(const Tiles& tiles, const std::vector<float>& density, const BlockRule& rule, std::size_t place) {
  float sum = 0;
  Light light;
  const auto columns = static_cast<std::size_t>(tiles.columns);
  for (std::size_t i = 0; i < rule.tiles(); ++i) {
    const std::size_t tile =
        place + i % static_cast<std::size_t>(rule.width) + i / static_cast<std::size_t>(rule.width) * columns;
    if (density[tile] <= 0) {
      return false;
    }
    sum += density[tile];
    light.add(tiles.light[tile]);
  }
  const auto tile_count = static_cast<float>(rule.tiles());
  const float mean = static_cast<float>(light.sum) / (tile_count * kTile * kTile);
  const float span = std::max(1.0F, static_cast<float>(light.most) - static_cast<float>(light.least));
  const float ink = (static_cast<float>(light.most) - mean) / span;
  return sum >= rule.mean * tile_count && ink >= kLeastInk && ink <= kMostInk;
}

void mark_blocks(const Tiles& tiles, const std::vector<float>& density, const BlockRule& rule, Marks& marks) {
  for (std::int32_t y = 0; y + rule.height <= tiles.rows; ++y) {
    for (std::int32_t x = 0; x + rule.width <= tiles.columns; ++x) {
      if (!passes(tiles, density, rule, tiles.at(x, y))) {
        continue;
      }
      for (std::int32_t i = 0; i < rule.height; ++i) {
        std::fill_n(marks.begin() + static_cast<std::ptrdiff_t>(tiles.at(x, y + i)), rule.width, std::uint8_t{1});
      }
    }
  }
}

Marks mark(const Tiles& tiles) {
  const std::size_t count = tiles.across.size();
  std::vector<float> matrix(count);
  std::vector<float> lying(count);
  std::vector<float> standing(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float across = tiles.across[i];
    const float down = tiles.down[i];
    matrix[i] = std::min(across, down) >= kDense ? std::min(across, down) : 0;
    lying[i] = across >= kDenseBand && down < across * kAcrossBand ? across : 0;
    standing[i] = down >= kDenseBand && across < down * kAcrossBand ? down : 0;
  }
  Marks marks(count);
  mark_blocks(tiles, matrix, {kBlock, kBlock, kDenseBlock}, marks);
  mark_blocks(tiles, lying, {kBandLength, kBandHeight, 0}, marks);
  mark_blocks(tiles, standing, {kBandHeight, kBandLength, 0}, marks);
  return marks;
}

/// Takes the island of marks at (x, y) off and gives its box, in tiles.
PixelBox take_island(const Tiles& tiles, Marks& marks, std::int32_t x, std::int32_t y) {
  PixelBox box{x, y, x + 1, y + 1};
  std::vector<std::pair<std::int32_t, std::int32_t>> open{{x, y}};
  marks[tiles.at(x, y)] = 0;
  while (!open.empty()) {
    const auto [cx, cy] = open.back();
    open.pop_back();
    box = {std::min(box.left, cx), std::min(box.top, cy), std::max(box.right, cx + 1), std::max(box.bottom, cy + 1)};
    for (std::int32_t ny = std::max(0, cy - 1); ny <= std::min(tiles.rows - 1, cy + 1); ++ny) {
      for (std::int32_t nx = std::max(0, cx - 1); nx <= std::min(tiles.columns - 1, cx + 1); ++nx) {
        if (std::exchange(marks[tiles.at(nx, ny)], std::uint8_t{0}) != 0) {
          open.emplace_back(nx, ny);
        }
      }
    }
  }
  return box;
}

/// Adds the room a decoder wants around a code, and what the tiles at the rim missed.
PixelBox with_margin(const PixelBox& tiles, std::int32_t scale, PixelSize picture) {
  const std::int32_t tile = kTile * scale;
  return {std::max(0, (tiles.left - 2) * tile), std::max(0, (tiles.top - 2) * tile),
          std::min(picture.width, (tiles.right + 3) * tile), std::min(picture.height, (tiles.bottom + 3) * tile)};
}

bool holds(const PixelBox& outer, const PixelBox& inner) {
  return outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right &&
         outer.bottom >= inner.bottom;
}

/// Of boxes within each other the outer one stays, with the finer scale.
void add(std::vector<Candidate>& known, Candidate found) {
  const auto outer =
      std::find_if(known.begin(), known.end(), [&](const Candidate& one) { return holds(one.box, found.box); });
  if (outer != known.end()) {
    outer->scale = std::min(outer->scale, found.scale);
    return;
  }
  for (const Candidate& one : known) {
    found.scale = holds(found.box, one.box) ? std::min(found.scale, one.scale) : found.scale;
  }
  std::erase_if(known, [&](const Candidate& one) { return holds(found.box, one.box); });
  known.push_back(found);
}

/// Half the size both ways; an odd last row or column is left out, no code ends there.
Image halve(const ImageView& gray) {
  Image out(PixelFormat::gray, {gray.size.width / 2, gray.size.height / 2}, gray.dpi);
  for (std::int32_t y = 0; y < out.size().height; ++y) {
    const std::uint8_t* upper = gray.row(2 * y);
    const std::uint8_t* lower = gray.row(2 * y + 1);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < out.size().width; ++x) {
      to[x] = static_cast<std::uint8_t>((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
    }
  }
  return out;
}

/// Adds what looks like a code in `small`, the picture reduced by `scale`.
void add_islands(std::vector<Candidate>& known, const ImageView& small, std::int32_t scale, PixelSize picture) {
  const Tiles tiles = measure(small);
  Marks marks = mark(tiles);
  for (std::int32_t y = 0; y < tiles.rows; ++y) {
    for (std::int32_t x = 0; x < tiles.columns; ++x) {
      if (marks[tiles.at(x, y)] != 0) {
        add(known, {with_margin(take_island(tiles, marks, x, y), scale, picture), scale});
      }
    }
  }
}

}  // namespace

std::vector<Candidate> code_candidates(const ImageView& gray) {
  std::vector<Candidate> found;
  add_islands(found, gray, 1, gray.size);
  const Image half = halve(gray);
  add_islands(found, half.view(), 2, gray.size);
  add_islands(found, halve(half.view()).view(), 4, gray.size);
  if (!half.empty()) {
    add_islands(found, reduce(half.view(), 3).view(), 6, gray.size);
  }
  found.resize(std::min(found.size(), kMostCandidates));
  return found;
}

}  // namespace quay::imaging
