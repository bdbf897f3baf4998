// SPDX-License-Identifier: Apache-2.0
// Whatever differs from the bed is gathered into islands on a small copy; a rectangular island is measured again in the
// full picture.
#include "imaging/detect/papers.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/components.hpp"
#include "imaging/detect/convex.hpp"
#include "imaging/detect/paper_edges.hpp"

namespace quay::imaging {
namespace {

constexpr double kGrowMm = 1;       // joins what is printed apart on a card that is as pale as the bed
constexpr double kSmallestMm = 25;  // of a side

/// Median colour of the picture's rim.
BedColour bed_of(const ImageView& small) {
  std::array<std::vector<std::uint8_t>, 3> values;
  const auto take = [&](std::int32_t x, std::int32_t y) {
    const BedColour colour = colour_at(small, x, y);
    for (std::size_t c = 0; c < 3; ++c) {
      values[c].push_back(colour[c]);
    }
  };
  for (const std::int32_t inset : {1, 2}) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      take(x, inset);
      take(x, small.size.height - 1 - inset);
    }
    for (std::int32_t y = 0; y < small.size.height; ++y) {
      take(inset, y);
      take(small.size.width - 1 - inset, y);
    }
  }
  return {median(values[0]), median(values[1]), median(values[2])};
}

/// What is not bed, grown to all sides.
Bitmap other_than(const ImageView& small, const BedColour& bed, int contrast, std::int32_t grow) {
  Bitmap mask(small.size);
  for (std::int32_t y = 0; y < small.size.height; ++y) {
    for (std::int32_t x = 0; x < small.size.width; ++x) {
      if (difference(colour_at(small, x, y), bed) < contrast) {
        continue;
      }
      const std::int32_t left = std::max(0, x - grow);
      const std::int32_t right = std::min(small.size.width, x + grow + 1);
      for (std::int32_t row = std::max(0, y - grow); row < std::min(small.size.height, y + grow + 1); ++row) {
        mask.set_run(row, left, right);
      }
    }
  }
  return mask;
}

std::vector<Point> outline(const Components& components, const Component& component) {
  std::vector<Point> points;
  for (std::uint32_t i = 0; i < component.runs; ++i) {
    const Run& run = components.runs[components.order[component.first_run + i]];
    points.push_back({static_cast<double>(run.begin), static_cast<double>(run.y)});
    points.push_back({static_cast<double>(run.end - 1), static_cast<double>(run.y)});
  }
  return points;
}

/// The same corners; the first side runs to the right rather than down, left or up.
Quad begun_at_left(Quad quad) {
  for (int i = 0; i < 3; ++i) {
    const double dx = quad[1].x - quad[0].x, dy = quad[1].y - quad[0].y;
    if (dx > 0 && std::abs(dy) <= dx) {
      break;
    }
    std::rotate(quad.begin(), quad.begin() + 1, quad.end());
  }
  return quad;
}

}  // namespace

bool holds(const Quad& quad, Point p, double slack) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = quad[i], b = quad[(i + 1) % 4];
    if (((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / std::max(length(a, b), 1e-9) < -slack) {
      return false;
    }
  }
  return true;
}

namespace {

/// Does nothing but dust lie beside the papers, the outermost rim left out?
bool is_bare_beside(const BedView& view, const Bitmap& mask, const std::vector<FoundPaper>& papers) {
  constexpr std::int32_t kRim = 3;
  constexpr double kDust = 0.0005;
  const double slack = (kGrowMm + 2) * view.dpi.value / kMillimetresPerInch;
  std::int64_t beside = 0;
  for (std::int32_t y = kRim; y < view.small.size.height - kRim; ++y) {
    for (std::int32_t x = kRim; x < view.small.size.width - kRim; ++x) {
      const Point p{(x + 0.5) * view.factor - 0.5, (y + 0.5) * view.factor - 0.5};
      beside += mask.get(x, y) && std::none_of(papers.begin(), papers.end(),
                                               [&](const FoundPaper& paper) { return holds(paper.quad, p, slack); })
                    ? 1
                    : 0;
    }
  }
  return static_cast<double>(beside) < kDust * view.small.size.width * view.small.size.height;
}

/// Rough rectangles around what differs from the bed by at least `contrast`, in pixels of the full picture.
std::vector<Quad> rectangles(const BedView& view, const BedColour& bed, int contrast) {
  const double pixels_a_mm = view.dpi.value / kMillimetresPerInch / view.factor;
  const auto grow = static_cast<std::int32_t>(std::ceil(kGrowMm * pixels_a_mm));
  const Components islands = find_components(other_than(view.small, bed, contrast, grow));
  const double smallest = kSmallestMm * pixels_a_mm;
  std::vector<Quad> out;
  for (const Component& island : islands.list) {
    if (std::max(island.size().width, island.size().height) < smallest) {
      continue;
    }
    Quad rough = begun_at_left(shrunk(smallest_rectangle(outline(islands, island)), grow));
    if (std::min(length(rough[0], rough[1]), length(rough[1], rough[2])) < smallest) {
      continue;
    }
    for (Point& corner : rough) {
      corner = {(corner.x + 0.5) * view.factor - 0.5, (corner.y + 0.5) * view.factor - 0.5};
    }
    out.push_back(rough);
  }
  return out;
}

Point middle_of(const Quad& quad) { return {(quad[0].x + quad[2].x) / 2, (quad[0].y + quad[2].y) / 2}; }

/// Do two papers claim the same place?
bool overlap(const FoundPaper& a, const FoundPaper& b) {
  return holds(a.quad, middle_of(b.quad), 0) || holds(b.quad, middle_of(a.quad), 0);
}

/// Keeps the more certain of papers that claim the same place.
void add(FoundPaper paper, std::vector<FoundPaper>& list) {
  const auto same = [&paper](const FoundPaper& other) { return overlap(paper, other); };
  const bool worse = std::any_of(
      list.begin(), list.end(), [&](const FoundPaper& other) { return same(other) && other.certain >= paper.certain; });
  if (!worse) {
    list.erase(std::remove_if(list.begin(), list.end(), same), list.end());
    list.push_back(paper);
  }
}

}  // namespace

Papers find_papers(const BedView& view) {
  constexpr double kLeastCertain = 0.5;
  constexpr int kInkContrast = 22;
  Papers out;
  if (view.dpi.value <= 0 || std::min(view.small.size.width, view.small.size.height) < 16) {
    return out;
  }
  const BedColour bed = out.bed = bed_of(view.small);
  for (const int contrast : {kBedContrast, 16, 28}) {  // a bed may be stained, a card pale
    for (const Quad& rough : rectangles(view, bed, contrast)) {
      if (const FoundPaper paper = measure_paper(view, bed, rough); paper.certain >= kLeastCertain) {
        add(paper, out.list);
      }
    }
  }
  std::sort(out.list.begin(), out.list.end(), [](const FoundPaper& a, const FoundPaper& b) {
    return a.quad[0].y + a.quad[2].y + (a.quad[0].x + a.quad[2].x) / 4 <
           b.quad[0].y + b.quad[2].y + (b.quad[0].x + b.quad[2].x) / 4;
  });
  out.bare_beside = is_bare_beside(view, other_than(view.small, bed, kInkContrast, 1), out.list);
  return out;
}

}  // namespace quay::imaging
