// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/jbig2/classes.hpp"

#include <algorithm>
#include <cmath>

#include "imaging/components.hpp"

namespace quay::imaging::jbig2 {
namespace {

/// Pixels in which `a` differs from `b` laid at `offset`; stops counting above `limit`.
std::int32_t difference(const Bitmap& a, const Bitmap& b, Offset offset, std::int32_t limit) {
  const std::int32_t top = std::min(0, offset.dy);
  const std::int32_t bottom = std::max(a.size().height, b.size().height + offset.dy);
  const std::int32_t left = std::min(0, offset.dx);
  const std::int32_t right = std::max(a.size().width, b.size().width + offset.dx);
  std::int32_t sum = 0;
  for (std::int32_t y = top; y < bottom && sum <= limit; ++y) {
    const std::int32_t v = y - offset.dy;
    const bool in_a = y >= 0 && y < a.size().height;
    const bool in_b = v >= 0 && v < b.size().height;
    for (std::int32_t x = left; x < right; x += 64) {
      sum += std::popcount((in_a ? a.bits(y, x) : 0) ^ (in_b ? b.bits(v, x - offset.dx) : 0));
    }
  }
  return sum;
}

std::int32_t key(std::int32_t width, std::int32_t height) { return height * 1024 + width; }

std::uint64_t hash(const Bitmap& bitmap) {
  std::uint64_t sum = static_cast<std::uint64_t>(key(bitmap.size().width, bitmap.size().height));
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    for (std::size_t k = 0; k + 1 < bitmap.words(); ++k) {
      sum = (sum ^ bitmap.row(y)[k]) * 0x9E3779B97F4A7C15U;
      sum ^= sum >> 29;
    }
  }
  return sum;
}

}  // namespace

Shape shape_of(const Bitmap& bitmap) {
  Shape out;
  double sum_x = 0, sum_y = 0;
  const std::vector<std::uint64_t> blank(bitmap.words());
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    const std::uint64_t* row = bitmap.row(y);
    const std::uint64_t* above = y > 0 ? bitmap.row(y - 1) : blank.data();
    for (std::size_t k = 0; k < bitmap.words(); ++k) {
      out.edge += std::popcount(row[k] ^ above[k]);
      out.edge += std::popcount(row[k] ^ (row[k] >> 1 | (k > 0 ? row[k - 1] << 63 : 0)));
    }
    for_each_run(row, bitmap.words(), [&](std::int32_t begin, std::int32_t end) {
      out.pixels += end - begin;
      sum_x += (begin + end - 1) / 2.0 * (end - begin);
      sum_y += static_cast<double>(y) * (end - begin);
    });
  }
  out.x = sum_x / std::max(out.pixels, 1);
  out.y = sum_y / std::max(out.pixels, 1);
  return out;
}

Match Classes::best_match(const Bitmap& bitmap, const Shape& shape, double share, std::int32_t slack) const {
  Match best = exact_match(bitmap);
  if (best.found()) {
    return best;
  }
  best.difference = static_cast<std::int32_t>(shape.edge * share);
  bool found = false;
  const PixelSize size = bitmap.size();
  for (std::int32_t h = size.height - slack; h <= size.height + slack; ++h) {
    for (std::int32_t w = size.width - slack; w <= size.width + slack; ++w) {
      const auto bucket = by_size_.find(key(w, h));
      for (std::size_t i = 0; bucket != by_size_.end() && i < bucket->second.size(); ++i) {
        const std::uint32_t symbol = bucket->second[i];
        found = try_class(bitmap, shape, symbol, best) || found;
      }
    }
  }
  best.difference = found ? best.difference : Match::kNone;
  return found ? nudged(bitmap, best) : best;
}

void Classes::add(Bitmap bitmap, const Shape& shape) {
  const auto symbol = static_cast<std::uint32_t>(list.size());
  by_size_[key(bitmap.size().width, bitmap.size().height)].push_back(symbol);
  by_pixels_.emplace(hash(bitmap), symbol);
  list.push_back({std::move(bitmap), shape, {}});
}

Match Classes::exact_match(const Bitmap& bitmap) const {
  const auto [begin, end] = by_pixels_.equal_range(hash(bitmap));
  const auto same = std::find_if(begin, end, [&](const auto& at) { return list[at.second].exemplar == bitmap; });
  return same == end ? Match{} : Match{same->second, {}, 0};
}

/// The match with the offset, of those a pixel around, that differs least.
Match Classes::nudged(const Bitmap& bitmap, Match match) const {
  const Offset centre = match.offset;
  for (std::int32_t dy = -1; dy <= 1; ++dy) {
    for (std::int32_t dx = -1; dx <= 1; ++dx) {
      const Offset at{centre.dx + dx, centre.dy + dy};
      const std::int32_t found = difference(bitmap, list[match.symbol].exemplar, at, match.difference);
      if (found < match.difference) {
        match.difference = found;
        match.offset = at;
      }
    }
  }
  return match;
}

bool Classes::try_class(const Bitmap& bitmap, const Shape& shape, std::uint32_t symbol, Match& best) const {
  const Class& candidate = list[symbol];
  const Offset offset{static_cast<std::int32_t>(std::lround(shape.x - candidate.shape.x)),
                      static_cast<std::int32_t>(std::lround(shape.y - candidate.shape.y))};
  const std::int32_t found = difference(bitmap, candidate.exemplar, offset, best.difference);
  if (found >= best.difference) {
    return false;
  }
  best = {symbol, offset, found};
  return true;
}

}  // namespace quay::imaging::jbig2
