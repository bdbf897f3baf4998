// SPDX-License-Identifier: Apache-2.0
#include "imaging/components.hpp"

#include <algorithm>
#include <numeric>

namespace quay::imaging {
namespace {

/// Disjoint sets of runs; the root is the set's earliest run.
class Sets {
 public:
  std::uint32_t add() {
    parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
    return parents_.back();
  }
  std::uint32_t root(std::uint32_t i) {
    while (parents_[i] != i) {
      parents_[i] = parents_[parents_[i]];
      i = parents_[i];
    }
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parents_;
};

/// All runs, each joined with those of the row above that touch it, also by a corner.
Sets join_runs(const Bitmap& bitmap, std::vector<Run>& runs) {
  Sets sets;
  std::size_t above = 0;
  std::size_t above_end = 0;
  for (std::int32_t y = 0; y < bitmap.size().height; ++y) {
    const std::size_t row_begin = runs.size();
    for_each_run(bitmap.row(y), bitmap.words(), [&](std::int32_t begin, std::int32_t end) {
      const std::uint32_t set = sets.add();
      runs.push_back({y, begin, end, set});
      while (above < above_end && runs[above].end < begin) {
        ++above;
      }
      for (std::size_t i = above; i < above_end && runs[i].begin <= end; ++i) {
        sets.join(set, static_cast<std::uint32_t>(i));
      }
    });
    above = row_begin;
    above_end = runs.size();
  }
  return sets;
}

}  // namespace

Components find_components(const Bitmap& bitmap) {
  Components out;
  Sets sets = join_runs(bitmap, out.runs);
  std::vector<std::uint32_t> names(out.runs.size());
  for (std::uint32_t i = 0; i < out.runs.size(); ++i) {
    Run& run = out.runs[i];
    const std::uint32_t root = sets.root(i);
    if (root == i) {
      names[i] = static_cast<std::uint32_t>(out.list.size());
      out.list.push_back({run.begin, run.y, run.end, run.y + 1, 0, 0, 0});
    }
    run.label = names[root];
    Component& owner = out.list[run.label];
    owner.left = std::min(owner.left, run.begin);
    owner.right = std::max(owner.right, run.end);
    owner.bottom = run.y + 1;
    owner.pixels += run.end - run.begin;
    ++owner.runs;
  }
  std::uint32_t first = 0;
  for (Component& component : out.list) {
    component.first_run = first;
    first += component.runs;
    component.runs = 0;
  }
  out.order.resize(out.runs.size());
  for (std::uint32_t i = 0; i < out.runs.size(); ++i) {
    Component& owner = out.list[out.runs[i].label];
    out.order[owner.first_run + owner.runs++] = i;
  }
  return out;
}

Bitmap Components::cut(const Component& component) const {
  Bitmap out(component.size());
  for (std::uint32_t i = 0; i < component.runs; ++i) {
    const Run& run = runs[order[component.first_run + i]];
    out.set_run(run.y - component.top, run.begin - component.left, run.end - component.left);
  }
  return out;
}

}  // namespace quay::imaging
