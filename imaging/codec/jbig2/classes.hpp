// SPDX-License-Identifier: Apache-2.0
// Classes of bitmaps that look alike, and which of them a bitmap looks like most.
#pragma once

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jbig2/regions.hpp"

namespace quay::imaging::jbig2 {

/// Where a bitmap's ink lies, for alignment.
struct Shape {
  double x = 0, y = 0;  ///< centroid
  std::int32_t pixels = 0;
  std::int32_t edge = 0;  ///< pixels whose left or upper neighbour differs: how much there is to get wrong
};

Shape shape_of(const Bitmap& bitmap);

/// An exemplar and the marks that are coded from it.
struct Class {
  Bitmap exemplar;
  Shape shape;
  std::vector<std::uint32_t> members;
};

/// A class, and how the bitmap lies on its exemplar.
struct Match {
  std::uint32_t symbol = 0;
  Offset offset;
  std::int32_t difference = kNone;

  static constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::max();
  bool found() const { return difference != kNone; }
};

/// Classes by size, so that only those of a similar size are looked at.
class Classes {
 public:
  std::vector<Class> list;

  /// The class that differs least, in less than `share` of the bitmap's edge, among those at most `slack` pixels larger
  /// or smaller; not found() when there is none.
  Match best_match(const Bitmap& bitmap, const Shape& shape, double share, std::int32_t slack) const;

  void add(Bitmap bitmap, const Shape& shape);

 private:
  Match exact_match(const Bitmap& bitmap) const;
  bool try_class(const Bitmap& bitmap, const Shape& shape, std::uint32_t symbol, Match& best) const;
  Match nudged(const Bitmap& bitmap, Match match) const;

  std::unordered_map<std::int32_t, std::vector<std::uint32_t>> by_size_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_pixels_;
};

}  // namespace quay::imaging::jbig2
