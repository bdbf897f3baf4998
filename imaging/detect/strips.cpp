// SPDX-License-Identifier: Apache-2.0
// Differences of neighbours two pixels apart, without noise and with strong ones capped: a bed's edge must not outvote
// a page of text.
#include "imaging/detect/strips.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace quay::imaging {
namespace {

constexpr std::int16_t kFaintest = 12;  // paper texture
constexpr std::int16_t kStrongest = 80;

using Bytes = std::vector<std::uint8_t>;

/// Edge strengths of `count` neighbours, by sign.
void differences(const std::uint8_t* before, const std::uint8_t* after, std::size_t count, std::array<Bytes, 2>& out) {
  std::uint8_t* darker = out[0].data();
  std::uint8_t* lighter = out[1].data();
  const auto strength = [](std::int16_t step) {  // sixteen bits: eight lanes in the oldest SIMD there is
    const auto above = static_cast<std::int16_t>(step - kFaintest);
    return static_cast<std::uint8_t>(std::clamp<std::int16_t>(above, 0, kStrongest));
  };
  for (std::size_t x = 0; x < count; ++x) {
    const auto step = static_cast<std::int16_t>(before[x] - after[x]);
    darker[x] = strength(step);
    lighter[x] = strength(static_cast<std::int16_t>(-step));
  }
}

/// Pixels [begin, end) of a row that belong to one strip and move by the same whole number.
struct Piece {
  std::size_t strip;
  std::size_t begin, end;
  std::int32_t shift;
};

Strips empty_strips(std::int32_t across, std::int32_t along, std::int32_t width) {
  Strips out;
  out.length = static_cast<std::size_t>(along);
  out.width = width;
  for (std::int32_t begin = 0; begin < across; begin += width) {
    out.centres.push_back((begin + std::min(begin + width, across) - 1) / 2.0);
    out.profiles.emplace_back(out.length);
  }
  return out;
}

std::vector<Piece> pieces(const Strips& strips, std::int32_t across, double slope) {
  std::vector<Piece> out;
  for (std::int32_t x = 0; x < across; ++x) {
    const auto strip = static_cast<std::size_t>(x / strips.width);
    const auto shift = static_cast<std::int32_t>(std::lround((x - strips.centres[strip]) * slope));
    if (out.empty() || out.back().strip != strip || out.back().shift != shift) {
      out.push_back({strip, static_cast<std::size_t>(x), static_cast<std::size_t>(x), shift});
    }
    out.back().end = static_cast<std::size_t>(x) + 1;
  }
  return out;
}

/// Adds the pieces of row y, given as running sums, to their strips.
void add_pieces(const std::vector<Piece>& parts, const std::vector<std::uint32_t>& sums, std::int32_t y, Strips& out) {
  const auto length = static_cast<std::int32_t>(out.length);
  for (const Piece& part : parts) {
    const std::int32_t target = y - part.shift;
    if (target >= 0 && target < length) {
      out.profiles[part.strip][static_cast<std::size_t>(target)] +=
          static_cast<float>(sums[part.end] - sums[part.begin]);
    }
  }
}

/// Adds a row of edges to the profile of the strip that it lies in, moved by `shift`.
void add_row(const Bytes& edges, std::int32_t shift, std::vector<float>& profile) {
  const auto length = static_cast<std::ptrdiff_t>(profile.size());
  const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, shift);
  const std::ptrdiff_t end = std::min(length, length + shift);
  for (std::ptrdiff_t x = begin; x < end; ++x) {
    profile[static_cast<std::size_t>(x - shift)] += static_cast<float>(edges[static_cast<std::size_t>(x)]);
  }
}

}  // namespace

EdgeStrips row_edges(const ImageView& gray, std::int32_t width, double slope) {
  const PixelSize size = gray.size;
  EdgeStrips out;
  out.of.fill(empty_strips(size.width, size.height, width));
  const std::vector<Piece> parts = pieces(out.of[0], size.width, slope);
  const auto count = static_cast<std::size_t>(size.width);
  std::array<Bytes, 2> edges{Bytes(count), Bytes(count)};
  std::vector<std::uint32_t> sums(count + 1);
  for (std::int32_t y = 1; y + 1 < size.height; ++y) {
    differences(gray.row(y - 1), gray.row(y + 1), count, edges);
    for (std::size_t sign = 0; sign < 2; ++sign) {
      for (std::size_t x = 0; x < count; ++x) {
        sums[x + 1] = sums[x] + edges[sign][x];
      }
      add_pieces(parts, sums, y, out.of[sign]);
    }
  }
  return out;
}

EdgeStrips column_edges(const ImageView& gray, std::int32_t width, double slope) {
  const PixelSize size = gray.size;
  EdgeStrips out;
  out.of.fill(empty_strips(size.height, size.width, width));
  const auto count = static_cast<std::size_t>(size.width);
  std::array<Bytes, 2> edges{Bytes(count), Bytes(count)};
  for (std::int32_t y = 0; y < size.height && count > 2; ++y) {
    const auto strip = static_cast<std::size_t>(y / width);
    const auto shift = static_cast<std::int32_t>(std::lround((y - out.of[0].centres[strip]) * slope));
    differences(gray.row(y), gray.row(y) + 2, count - 2, edges);
    for (std::size_t sign = 0; sign < 2; ++sign) {
      add_row(edges[sign], shift - 1, out.of[sign].profiles[strip]);  // an edge lies between its two neighbours
    }
  }
  return out;
}

}  // namespace quay::imaging
