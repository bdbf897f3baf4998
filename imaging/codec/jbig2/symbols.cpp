// SPDX-License-Identifier: Apache-2.0
// Clustering: marks of nearly the same size whose pixels differ little form a class; its exemplar is the majority of
// its members.
#include "imaging/codec/jbig2/symbols.hpp"

#include <algorithm>
#include <numeric>

#include "imaging/codec/jbig2/classes.hpp"
#include "imaging/components.hpp"
#include "imaging/walk.hpp"

namespace quay::imaging::jbig2 {
namespace {

constexpr std::int32_t kLargest = 400;  // pixels a side; larger marks go to the generic region
constexpr std::int32_t kSizeSlack = 2;
constexpr std::int32_t kKindredSlack = 3;

// Shares of a mark's edge that may differ. Found by trial on pages of text: looser classes cost more in refinements
// than they save in symbols.
constexpr double kSameGlyph = 0.12;
constexpr double kKindred = 0.5;
constexpr std::size_t kMostMarks = 30'000;  // a page of more is no text
constexpr std::size_t kLeastVoters = 4;
constexpr std::size_t kLeastRepeats = 2;  // of a variant that becomes a symbol

/// Adds a vote for each pixel of the mark, laid over a bitmap of `size`.
void vote(const Mark& mark, PixelSize size, std::vector<std::uint16_t>& votes) {
  const Offset& by = mark.offset;
  const std::int32_t bottom = std::min(size.height, mark.bitmap.size().height - by.dy);
  for (std::int32_t y = std::max(0, -by.dy); y < bottom; ++y) {
    for_each_run(mark.bitmap.row(y + by.dy), mark.bitmap.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = std::max(begin - by.dx, 0); x < std::min(end - by.dx, size.width); ++x) {
        ++votes[place_of(size, x, y)];
      }
    });
  }
}

/// What most members of a class agree on.
Bitmap majority(const Class& group, const std::vector<Mark>& marks) {
  const PixelSize size = group.exemplar.size();
  std::vector<std::uint16_t> votes(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  for (const std::uint32_t member : group.members) {
    vote(marks[member], size, votes);
  }
  Bitmap out(size);
  for_each_place(size, [&](std::int32_t x, std::int32_t y) {
    if (2U * votes[place_of(size, x, y)] > group.members.size()) {
      out.set(x, y);
    }
  });
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
  if (!match.found()) {
    mark.symbol = static_cast<std::uint32_t>(classes.list.size());
    mark.offset = {};
    classes.add(mark.bitmap, shape);
  }
  classes.list[mark.symbol].members.push_back(number);
}

/// The same classes with the majority as exemplar, and each mark in the class it now resembles most.
Classes regrouped(const Classes& before, std::vector<Mark>& marks) {
  Classes out;
  for (const Class& group : before.list) {
    if (group.members.empty()) {
      continue;
    }
    Bitmap exemplar = group.members.size() >= kLeastVoters ? majority(group, marks) : group.exemplar;
    const Shape shape = shape_of(exemplar);
    out.add(std::move(exemplar), shape);
  }
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    classify(marks[i], i, out);
  }
  return out;
}

/// Members of a class that are not its exemplar, grouped by their pixels.
std::vector<std::vector<std::uint32_t>> variants(const Class& group, const std::vector<Mark>& marks) {
  std::vector<std::vector<std::uint32_t>> out;
  for (const std::uint32_t member : group.members) {
    const Bitmap& bitmap = marks[member].bitmap;
    if (bitmap == group.exemplar) {
      continue;
    }
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const auto& known) { return marks[known.front()].bitmap == bitmap; });
    if (same == out.end()) {
      out.push_back({member});
    } else {
      same->push_back(member);
    }
  }
  return out;
}

/// Variants that repeat become classes of their own: they are refined once, not each time. Tells each mark whether it
/// is its exemplar.
void part_repeated(std::vector<Class>& list, std::vector<Mark>& marks) {
  const std::size_t count = list.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::vector<std::uint32_t>& alike : variants(list[i], marks)) {
      if (alike.size() < kLeastRepeats) {
        continue;
      }
      for (const std::uint32_t member : alike) {
        marks[member].symbol = static_cast<std::uint32_t>(list.size());
        std::erase(list[i].members, member);
      }
      const Bitmap bitmap = marks[alike.front()].bitmap;
      list.push_back({bitmap, shape_of(bitmap), std::move(alike)});
    }
  }
  for (Mark& mark : marks) {
    mark.exact = mark.bitmap == list[mark.symbol].exemplar;
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

/// What becomes of a class.
struct Fate {
  Match parent;            ///< number of a class
  bool is_symbol = false;  ///< else its only member is coded straight from the parent
};

/// Finds each exemplar a parent among those before it. A mark without equals that has a parent earns no symbol.
std::vector<Fate> find_parents(const std::vector<Class>& list) {
  const std::vector<std::uint32_t> order = by_height(list);
  std::vector<std::uint32_t> numbers;  // of the classes in `seen`
  Classes seen;
  std::vector<Fate> fates(list.size());
  for (const bool lone : {false, true}) {
    for (const std::uint32_t i : order) {
      if ((list[i].members.size() <= 1) != lone) {
        continue;
      }
      const Shape shape = shape_of(list[i].exemplar);
      Fate& fate = fates[i];
      fate.parent = seen.best_match(list[i].exemplar, shape, kKindred, kKindredSlack);
      fate.is_symbol = !lone || (!fate.parent.found() && !list[i].members.empty());
      if (fate.parent.found()) {
        fate.parent.symbol = numbers[fate.parent.symbol];
      }
      if (fate.is_symbol) {
        seen.add(list[i].exemplar, shape);
        numbers.push_back(i);
      }
    }
  }
  return fates;
}

/// The number of each class that becomes a symbol, how many there are. Symbols without a parent come first.
std::uint32_t number_symbols(const std::vector<Class>& list, const std::vector<Fate>& fates,
                             std::vector<std::uint32_t>& names) {
  std::uint32_t next = 0;
  for (const bool refined : {false, true}) {
    for (const std::uint32_t i : by_height(list)) {
      names[i] = fates[i].is_symbol && fates[i].parent.found() == refined ? next++ : names[i];
    }
  }
  return next;
}

void make_dictionary(std::vector<Class>& list, const std::vector<Fate>& fates, SymbolPlan& plan) {
  std::vector<std::uint32_t> names(list.size());
  plan.symbols.resize(number_symbols(list, fates, names));
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Match& parent = fates[i].parent;
    if (fates[i].is_symbol) {
      plan.symbols[names[i]] = {std::move(list[i].exemplar),
                                parent.found() ? static_cast<std::int32_t>(names[parent.symbol]) : -1, parent.offset};
    }
  }
  for (Mark& mark : plan.marks) {
    const Fate& fate = fates[mark.symbol];
    if (!fate.is_symbol) {
      mark.offset = fate.parent.offset;
      mark.exact = false;
    }
    mark.symbol = names[fate.is_symbol ? mark.symbol : fate.parent.symbol];
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
  classes = regrouped(classes, plan.marks);
  part_repeated(classes.list, plan.marks);
  make_dictionary(classes.list, find_parents(classes.list), plan);
  return plan;
}

}  // namespace quay::imaging::jbig2
