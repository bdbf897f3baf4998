// SPDX-License-Identifier: Apache-2.0
// Each dot is linked to the nearest one at its right; links make chains, long chains are leaders.
#include "imaging/recognise/leaders.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "imaging/bitmap.hpp"
#include "imaging/components.hpp"
#include "imaging/geometry.hpp"
#include "imaging/layers/ink.hpp"

namespace quay::imaging {
namespace {

constexpr double kLargestDotMm = 0.75;
constexpr double kWidestGapMm = 1.6;   // from centre to centre
constexpr double kLevelMm = 0.2;       // by which neighbours in a row lie higher or lower
constexpr double kEven = 0.3;          // share by which distances of one row differ
constexpr std::size_t kLeastDots = 8;  // in a row
constexpr std::uint8_t kPale = 180;    // lighter than any threshold between ink and paper

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

struct Dot {
  Point centre;
  std::uint32_t component = 0;
};

/// Dots that follow each other, from left to right.
struct Chain {
  std::vector<std::size_t> dots;
  double level = 0;     ///< mean height
  double distance = 0;  ///< from dot to dot
};

/// In order of their height on the page.
std::vector<Dot> dots_of(const Components& components, double millimetre) {
  std::vector<Dot> dots;
  for (std::uint32_t i = 0; i < components.list.size(); ++i) {
    const Component& one = components.list[i];
    if (std::max(one.size().width, one.size().height) <= kLargestDotMm * millimetre) {
      dots.push_back({{(one.left + one.right - 1) / 2.0, (one.top + one.bottom - 1) / 2.0}, i});
    }
  }
  std::sort(dots.begin(), dots.end(), [](const Dot& a, const Dot& b) { return a.centre.y < b.centre.y; });
  return dots;
}

/// The nearest dot at the right of each at about its height; kNone without one.
std::vector<std::size_t> next_dots(const std::vector<Dot>& dots, double millimetre) {
  std::vector<std::size_t> next(dots.size(), kNone);
  std::size_t first = 0;
  for (std::size_t i = 0; i < dots.size(); ++i) {
    while (dots[first].centre.y < dots[i].centre.y - kLevelMm * millimetre) {
      ++first;
    }
    double nearest = kWidestGapMm * millimetre;
    for (std::size_t k = first; k < dots.size() && dots[k].centre.y <= dots[i].centre.y + kLevelMm * millimetre; ++k) {
      const double gap = dots[k].centre.x - dots[i].centre.x;
      if (gap > 0 && gap <= nearest) {
        nearest = gap;
        next[i] = k;
      }
    }
  }
  return next;
}

Chain chain_from(std::size_t begin, const std::vector<Dot>& dots, std::vector<std::size_t>& next) {
  Chain chain;
  for (std::size_t at = begin; at != kNone;) {
    chain.dots.push_back(at);
    chain.level += dots[at].centre.y;
    at = std::exchange(next[at], kNone);  // a dot with two before it belongs to the first that comes
  }
  const auto count = static_cast<double>(chain.dots.size());
  chain.level /= count;
  chain.distance = (dots[chain.dots.back()].centre.x - dots[begin].centre.x) / std::max(count - 1, 1.0);
  return chain;
}

std::vector<Chain> chains_of(const std::vector<Dot>& dots, double millimetre) {
  std::vector<std::size_t> next = next_dots(dots, millimetre);
  std::vector<bool> has_left(dots.size());
  for (const std::size_t right : next) {
    if (right != kNone) {
      has_left[right] = true;
    }
  }
  std::vector<Chain> chains;
  for (std::size_t i = 0; i < dots.size(); ++i) {
    if (!has_left[i]) {
      chains.push_back(chain_from(i, dots, next));
    }
  }
  return chains;
}

bool continues(const Chain& piece, const Chain& row, double millimetre) {
  return std::abs(piece.level - row.level) <= kLevelMm * millimetre &&
         std::abs(piece.distance / row.distance - 1) < kEven;
}

/// Long chains, and short ones on their level at their distance.
std::vector<Chain> leaders_of(const std::vector<Chain>& chains, double millimetre) {
  std::vector<Chain> rows;
  std::copy_if(chains.begin(), chains.end(), std::back_inserter(rows),
               [](const Chain& chain) { return chain.dots.size() >= kLeastDots; });
  std::vector<Chain> leaders = rows;
  for (const Chain& chain : chains) {
    const bool piece = chain.dots.size() >= 2 && chain.dots.size() < kLeastDots;
    if (piece &&
        std::any_of(rows.begin(), rows.end(), [&](const Chain& row) { return continues(chain, row, millimetre); })) {
      leaders.push_back(chain);
    }
  }
  return leaders;
}

/// The component with its soft edge.
void make_pale(Image& page, const Component& dot) {
  const PixelSize size = page.size();
  for (std::int32_t y = std::max(0, dot.top - 1); y < std::min(size.height, dot.bottom + 1); ++y) {
    std::uint8_t* row = page.row(y);
    for (std::int32_t x = std::max(0, dot.left - 1); x < std::min(size.width, dot.right + 1); ++x) {
      row[x] = std::max(row[x], kPale);
    }
  }
}

}  // namespace

std::int32_t pale_leaders(Image& page) {
  const double millimetre = std::max(page.dpi().value, 70.0) / kMillimetresPerInch;
  const Components components = find_components(ink_mask(darkness_of(page.view())));
  const std::vector<Dot> dots = dots_of(components, millimetre);
  std::int32_t count = 0;
  for (const Chain& leader : leaders_of(chains_of(dots, millimetre), millimetre)) {
    for (const std::size_t dot : leader.dots) {
      make_pale(page, components.list[dots[dot].component]);
      ++count;
    }
  }
  return count;
}

}  // namespace quay::imaging
