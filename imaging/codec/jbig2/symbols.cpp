// SPDX-License-Identifier: Apache-2.0
// Clustering: marks of nearly the same size whose pixels differ little form a class; its exemplar is the majority of
// its members.
#include "imaging/codec/jbig2/symbols.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "imaging/components.hpp"

namespace quay::imaging::jbig2 {
namespace {

constexpr std::int32_t kLargest = 250;  // pixels a side; larger marks go to the generic region
constexpr std::int32_t kSizeSlack = 2;
constexpr std::int32_t kKindredSlack = 3;

// Shares of a mark's edge that may differ. Found by trial on pages of text: looser classes cost more in refinements
// than they save in symbols.
constexpr double kSameGlyph = 0.14;
constexpr double kKindred = 0.55;
constexpr std::size_t kMostMarks = 30'000;  // a page of more is no text
constexpr std::size_t kLeastVoters = 4;

/// Where a bitmap's ink lies, for alignment.
struct Shape {
  double x = 0, y = 0;  ///< centroid
  std::int32_t pixels = 0;
  std::int32_t edge = 0;  ///< pixels whose left or upper neighbour differs: how much there is to get wrong
};

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

struct Class {
  Bitmap exemplar;
  Shape shape;
  std::vector<std::uint32_t> members;
};

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

  Match best_match(const Bitmap& bitmap, const Shape& shape, double share, std::int32_t slack) const {
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
    return best;
  }

  void add(Bitmap bitmap, const Shape& shape, std::uint32_t member) {
    const auto symbol = static_cast<std::uint32_t>(list.size());
    by_size_[key(bitmap.size().width, bitmap.size().height)].push_back(symbol);
    by_pixels_.emplace(hash(bitmap), symbol);
    list.push_back({std::move(bitmap), shape, {member}});
  }

 private:
  static std::int32_t key(std::int32_t width, std::int32_t height) { return height * 1024 + width; }

  static std::uint64_t hash(const Bitmap& bitmap) {
    std::uint64_t sum = static_cast<std::uint64_t>(key(bitmap.size().width, bitmap.size().height));
    for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
      for (std::size_t k = 0; k + 1 < bitmap.words(); ++k) {
        sum = (sum ^ bitmap.row(y)[k]) * 0x9E3779B97F4A7C15U;
        sum ^= sum >> 29;
      }
    }
    return sum;
  }

  Match exact_match(const Bitmap& bitmap) const {
    const auto [begin, end] = by_pixels_.equal_range(hash(bitmap));
    const auto same = std::find_if(begin, end, [&](const auto& at) { return list[at.second].exemplar == bitmap; });
    return same == end ? Match{} : Match{same->second, {}, 0};
  }

  bool try_class(const Bitmap& bitmap, const Shape& shape, std::uint32_t symbol, Match& best) const {
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

  std::unordered_map<std::int32_t, std::vector<std::uint32_t>> by_size_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_pixels_;
};

/// What most members of a class agree on.
Bitmap majority(const Class& group, const std::vector<Mark>& marks) {
  const PixelSize size = group.exemplar.size();
  std::vector<std::uint16_t> votes(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  for (const std::uint32_t member : group.members) {
    const Mark& mark = marks[member];
    for (std::int32_t y = 0; y < size.height; ++y) {
      const std::int32_t v = y + mark.offset.dy;
      if (v < 0 || v >= mark.bitmap.size().height) {
        continue;
      }
      for_each_run(mark.bitmap.row(v), mark.bitmap.words(), [&](std::int32_t begin, std::int32_t end) {
        for (std::int32_t x = std::max(begin - mark.offset.dx, 0); x < std::min(end - mark.offset.dx, size.width);
             ++x) {
          ++votes[static_cast<std::size_t>(y * size.width + x)];
        }
      });
    }
  }
  Bitmap out(size);
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::int32_t x = 0; x < size.width; ++x) {
      if (2U * votes[static_cast<std::size_t>(y * size.width + x)] > group.members.size()) {
        out.set(x, y);
      }
    }
  }
  return out;
}

void collect(const Bitmap& mask, SymbolPlan& plan) {
  const Components found = find_components(mask);
  plan.rest = Bitmap(mask.size());
  for (const Component& component : found.list) {
    if (component.size().width <= kLargest && component.size().height <= kLargest) {
      plan.marks.push_back({found.cut(component), component.left, component.bottom - 1, 0, false, {}});
      continue;
    }
    plan.rest_is_blank = false;
    for (std::uint32_t i = 0; i < component.runs; ++i) {
      const Run& run = found.runs[found.order[component.first_run + i]];
      plan.rest.set_run(run.y, run.begin, run.end);
    }
  }
}

/// Puts a mark into the class it resembles most, or into one of its own.
void classify(Mark& mark, std::uint32_t number, Classes& classes) {
  const Shape shape = shape_of(mark.bitmap);
  const Match match = classes.best_match(mark.bitmap, shape, kSameGlyph, kSizeSlack);
  mark.symbol = match.symbol;
  mark.offset = match.offset;
  if (match.found()) {
    classes.list[match.symbol].members.push_back(number);
  } else {
    mark.symbol = static_cast<std::uint32_t>(classes.list.size());
    classes.add(mark.bitmap, shape, number);
  }
}

/// Order of classes by height, then width.
std::vector<std::uint32_t> by_height(const std::vector<Class>& list) {
  std::vector<std::uint32_t> order(list.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const PixelSize left = list[a].exemplar.size();
    const PixelSize right = list[b].exemplar.size();
    return std::pair(left.height, left.width) < std::pair(right.height, right.width);
  });
  return order;
}

/// Finds each exemplar a parent among those before it, and puts those without one first.
void make_dictionary(std::vector<Class>& list, SymbolPlan& plan) {
  const std::vector<std::uint32_t> order = by_height(list);
  Classes seen;
  std::vector<Match> parents(list.size());
  for (const std::uint32_t i : order) {
    const Shape shape = shape_of(list[i].exemplar);
    parents[i] = seen.best_match(list[i].exemplar, shape, kKindred, kKindredSlack);
    seen.add(list[i].exemplar, shape, i);
  }
  std::vector<std::uint32_t> names(list.size());
  std::uint32_t next = 0;
  for (const bool refined : {false, true}) {
    for (const std::uint32_t i : order) {
      names[i] = parents[i].found() == refined ? next++ : names[i];
    }
  }
  plan.symbols.resize(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const bool refined = parents[i].found();
    const std::int32_t parent = refined ? static_cast<std::int32_t>(names[order[parents[i].symbol]]) : -1;
    plan.symbols[names[i]] = {std::move(list[i].exemplar), parent, parents[i].offset};
  }
  for (Mark& mark : plan.marks) {
    mark.symbol = names[mark.symbol];
  }
}

}  // namespace

SymbolPlan plan_symbols(const Bitmap& mask) {
  SymbolPlan plan;
  collect(mask, plan);
  if (plan.marks.size() > kMostMarks) {
    return {{}, {}, mask, false};
  }
  Classes classes;
  for (std::uint32_t i = 0; i < plan.marks.size(); ++i) {
    classify(plan.marks[i], i, classes);
  }
  for (Class& group : classes.list) {
    if (group.members.size() >= kLeastVoters) {
      group.exemplar = majority(group, plan.marks);
    }
  }
  for (Mark& mark : plan.marks) {
    mark.exact = mark.bitmap == classes.list[mark.symbol].exemplar;
  }
  make_dictionary(classes.list, plan);
  return plan;
}

}  // namespace quay::imaging::jbig2
