// SPDX-License-Identifier: Apache-2.0
// In a small copy, steps from something darker to the sheet vote for lines, one ballot for each side of the sheet; the
// best four lines make the quad; then each side is measured in the full picture and fitted by trimmed least squares.
// Light is compared by its logarithm, so that a sheet half in shadow still has one edge.
#include "imaging/detect/quad.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "imaging/detect/bent_sides.hpp"
#include "imaging/detect/edge_fit.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/detect/steps.hpp"
#include "imaging/walk.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kCopySide = 480;
constexpr int kTurns = 49;  // slopes tried for a side
constexpr int kMiddleTurn = kTurns / 2;
constexpr double kTurnStep = 0.025;  // tangent
constexpr std::size_t kCandidates = 8;
constexpr int kMostSay = 24;  // of one place: a long pale edge outvotes lines of dark words

/// across = offset + slope * (along - middle): across is x for upright sides, y for lying ones.
struct Line {
  double offset = 0, slope = 0, votes = 0;
};

/// The brightest place of a short way from `p` along `d`, so that a printed frame does not count; 0 outside the
/// picture.
int light_along(const ImageView& copy, Point p, Point d) {
  constexpr int kFirst = 3, kLast = 8;  // beyond the edge's own shadow
  int most = 0;
  for (int k = kFirst; k <= kLast; ++k) {
    const auto x = static_cast<std::int32_t>(std::lround(p.x + d.x * k));
    const auto y = static_cast<std::int32_t>(std::lround(p.y + d.y * k));
    if (x >= 0 && y >= 0 && x < copy.size.width && y < copy.size.height) {
      const std::uint8_t* pixel = copy.row(y) + 3 * static_cast<std::size_t>(x);
      most = std::max(most, pixel[0] + pixel[1] + pixel[2]);
    }
  }
  return most;
}

constexpr double kBrighter = 1.12;  // a sheet than its surroundings

/// Does something darker lie behind `p`, seen along `in`, for as far as one looks? Behind a line of words is paper
/// again.
bool darker_behind(const ImageView& copy, Point p, Point in) {
  return light_along(copy, p, in) > kBrighter * light_along(copy, p, {-in.x, -in.y});
}

/// Inwards from the left, top, right, bottom side.
constexpr std::array<Point, 4> kInwards{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

/// A ballot of lines for the steps of one side of the sheet.
class Ballot {
 public:
  Ballot(const ImageView& copy, const StepMap& steps, Point in, bool upright)
      : across_(upright ? steps.size.width : steps.size.height),
        middle_((upright ? steps.size.height : steps.size.width) / 2.0),
        votes_(static_cast<std::size_t>(kTurns) * static_cast<std::size_t>(across_)) {
    for (std::int32_t y = 0; y < steps.size.height; ++y) {
      for (std::int32_t x = 0; x < steps.size.width; ++x) {
        const int strength = steps.ridge(x, y, upright);
        if (strength > 0 && darker_behind(copy, {static_cast<double>(x), static_cast<double>(y)}, in)) {
          upright ? vote(x, y, strength) : vote(y, x, strength);
        }
      }
    }
  }

  /// The best lines, none nearly the same as a better one.
  std::vector<Line> winners() {
    std::vector<Line> out;
    while (out.size() < kCandidates) {
      const auto best = std::max_element(votes_.begin(), votes_.end());
      if (*best <= 0) {
        break;
      }
      const auto index = static_cast<std::int32_t>(best - votes_.begin());
      const std::int32_t turn = index / across_, place = index % across_;
      out.push_back({static_cast<double>(place), (turn - kMiddleTurn) * kTurnStep, static_cast<double>(*best)});
      clear_around(turn, place);
    }
    return out;
  }

  double middle() const { return middle_; }

 private:
  void vote(std::int32_t across, std::int32_t along, int strength) {
    for (int turn = 0; turn < kTurns; ++turn) {
      const double slope = (turn - kMiddleTurn) * kTurnStep;
      const auto place = static_cast<std::int32_t>(std::lround(across - slope * (along - middle_)));
      if (place >= 0 && place < across_) {
        votes_[place_of({across_, kTurns}, place, turn)] += std::min(strength, kMostSay);
      }
    }
  }
  void clear_around(std::int32_t turn, std::int32_t place) {
    constexpr std::int32_t kTurnReach = 3, kPlaceReach = 4;
    for (std::int32_t t = std::max(0, turn - kTurnReach); t <= std::min(kTurns - 1, turn + kTurnReach); ++t) {
      for (std::int32_t p = std::max(0, place - kPlaceReach); p <= std::min(across_ - 1, place + kPlaceReach); ++p) {
        votes_[place_of({across_, kTurns}, p, t)] = 0;
      }
    }
  }

  std::int32_t across_;
  double middle_;
  std::vector<std::int32_t> votes_;
};

/// Where an upright and a lying line cross.
Point cross(const Line& upright, double upright_middle, const Line& lying, double lying_middle) {
  // x = a + s (y - my), y = b + t (x - mx)
  const double a = upright.offset - upright.slope * upright_middle;
  const double b = lying.offset - lying.slope * lying_middle;
  const double y = (b + lying.slope * a) / (1 - lying.slope * upright.slope);
  return {a + upright.slope * y, y};
}

/// Share of the side that steps the right way.
double support(const StepMap& steps, bool upright, Point from, Point to) {
  constexpr int kSamples = 40;
  int good = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double part = (i + 0.5) / kSamples;
    good += steps.near(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part, upright) ? 1 : 0;
  }
  return static_cast<double>(good) / kSamples;
}

/// What is known of the four sides in the order left, top, right, bottom.
struct Sides {
  std::array<StepMap, 4> steps;
  std::array<std::vector<Line>, 4> lines;
  PixelSize size;
};

constexpr double kLeastSupport = 0.55;
constexpr double kGoodSupport = 0.78;

/// Supported length less four times the unsupported one, or less than 0 when this is no sheet.
double score(const Sides& sides, const Quad& q) {
  const std::array<std::array<Point, 2>, 4> ends{{{q[0], q[3]}, {q[0], q[1]}, {q[1], q[2]}, {q[3], q[2]}}};
  double total = 0, least = 1, mean = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double share = support(sides.steps[i], i % 2 == 0, ends[i][0], ends[i][1]);
    total += length(ends[i][0], ends[i][1]) * (share - 4 * (1 - share));
    least = std::min(least, share);
    mean += share / 4;
  }
  return least >= kLeastSupport && mean >= kGoodSupport ? total : -1;
}

/// Left is left, top is top.
bool in_order(const Quad& q) { return q[0].x < q[1].x && q[3].x < q[2].x && q[0].y < q[3].y && q[1].y < q[2].y; }

/// Convex, in the picture, and not small.
bool plausible(const Quad& q, PixelSize size) {
  constexpr double kSlack = 0.02, kSmallest = 0.08;
  if (!in_order(q)) {
    return false;
  }
  double area = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& a = q[i];
    const Point& b = q[(i + 1) % 4];
    const Point& c = q[(i + 2) % 4];
    if ((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) <= 0) {
      return false;
    }
    area += (a.x * b.y - b.x * a.y) / 2;
    if (a.x < -kSlack * size.width || a.y < -kSlack * size.height || a.x > (1 + kSlack) * size.width ||
        a.y > (1 + kSlack) * size.height) {
      return false;
    }
  }
  return area > kSmallest * size.width * size.height;
}

/// Is the sheet brighter than what lies around it, on all sides? A table's frame and a fold have paper on both sides.
bool stands_out(const ImageView& copy, const Quad& q) {
  constexpr int kSamples = 40;
  constexpr double kShare = 0.7;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = q[i], b = q[(i + 1) % 4];
    const double along = length(a, b);
    const Point in{-(b.y - a.y) / along, (b.x - a.x) / along};
    int brighter = 0;
    for (int k = 0; k < kSamples; ++k) {
      const double part = (k + 0.5) / kSamples;
      const Point p{a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part};
      brighter += darker_behind(copy, p, in) ? 1 : 0;
    }
    if (brighter < kShare * kSamples) {
      return false;
    }
  }
  return true;
}

std::optional<Quad> best_quad(const Sides& sides) {
  const double across = sides.size.height / 2.0, down = sides.size.width / 2.0;
  const auto& lines = sides.lines;
  const std::size_t choices = lines[0].size() * lines[1].size() * lines[2].size() * lines[3].size();
  std::optional<Quad> best;
  double most = 0;
  for (std::size_t choice = 0; choice < choices; ++choice) {
    std::size_t left_over = choice;
    const auto pick = [&](std::size_t side) -> const Line& {
      const std::size_t index = left_over % lines[side].size();
      left_over /= lines[side].size();
      return lines[side][index];
    };
    const Line &bottom = pick(3), &top = pick(1), &right = pick(2), &left = pick(0);
    const Quad q{cross(left, across, top, down), cross(right, across, top, down), cross(right, across, bottom, down),
                 cross(left, across, bottom, down)};
    if (const double value = plausible(q, sides.size) ? score(sides, q) : -1; value > most) {
      most = value;
      best = q;
    }
  }
  return best;
}

constexpr double kBulge = 0.035;      // of the copy's longer side: how far an edge may lie from its chord
constexpr double kLeastBend = 0.003;  // of a side; less is a flat sheet and a lens
constexpr double kMostBend = 0.06;    // more is no sheet that was laid down to be read

/// How strongly the edge of one side shows at a place of the copy.
int edge_strength(const ImageView& copy, const Sides& sides, std::size_t side, Point place) {
  const auto x = static_cast<std::int32_t>(std::lround(place.x)), y = static_cast<std::int32_t>(std::lround(place.y));
  const int strength = sides.steps[side].ridge(x, y, side % 2 == 0);
  return strength > 0 && darker_behind(copy, place, kInwards[side]) ? strength : 0;
}

/// The same sides, their edges as broad as a bulge is deep.
Sides broadened(const ImageView& copy, const Sides& sides, std::int32_t reach) {
  Sides out = sides;
  for (std::size_t side = 0; side < 4; ++side) {
    std::vector<std::uint8_t>& broad = out.steps[side].strength;
    std::fill(broad.begin(), broad.end(), std::uint8_t{0});
    for_each_place(sides.size, [&](std::int32_t x, std::int32_t y) {
      if (edge_strength(copy, sides, side, {static_cast<double>(x), static_cast<double>(y)}) == 0) {
        return;
      }
      const std::int32_t at = side % 2 == 0 ? x : y, last = (side % 2 == 0 ? sides.size.width : sides.size.height) - 1;
      for (std::int32_t k = std::max(0, at - reach); k <= std::min(last, at + reach); ++k) {
        broad[side % 2 == 0 ? place_of(sides.size, k, y) : place_of(sides.size, x, k)] = 1;
      }
    });
  }
  return out;
}

/// The sheet inside `rough` when it is bent enough to matter.
std::optional<Outline> bent_outline(const ImageView& image, const RoughSheet& rough) {
  const auto traced = trace_sides(image, rough);
  if (!traced || !plausible(traced->corners, image.size)) {
    return {};
  }
  const Bend bend(traced->corners, traced->sides);
  const bool bent = bend.largest() >= kLeastBend && bend.largest() <= kMostBend;
  return bent ? std::optional(Outline{traced->corners, bend}) : std::nullopt;
}

}  // namespace

std::optional<Outline> find_outline(const ImageView& image) {
  if (image.format != PixelFormat::rgb || std::min(image.size.width, image.size.height) < 100) {
    return {};
  }
  const std::int32_t longest = std::max(image.size.width, image.size.height);
  const std::int32_t factor = std::max(1, (longest + kCopySide / 2) / kCopySide);
  const Image reduced = reduce(image, factor);
  const ImageView copy = reduced.view();
  Sides sides{find_steps(copy), {}, copy.size};
  for (std::size_t i = 0; i < 4; ++i) {
    sides.lines[i] = Ballot(copy, sides.steps[i], kInwards[i], i % 2 == 0).winners();
  }
  const double reach = kBulge * std::max(copy.size.width, copy.size.height);
  auto rough = best_quad(sides);
  const bool straight = rough && stands_out(copy, *rough);
  if (!straight) {
    rough = best_quad(broadened(copy, sides, static_cast<std::int32_t>(reach)));
  }
  if (!rough) {
    return {};
  }
  const auto edge = [&](std::size_t side, Point place) {  // a quad begins with its top, not with its left side
    return edge_strength(copy, sides, (side + 1) % 4, place);
  };
  auto bent = bent_outline(image, {*rough, factor, reach, edge});
  if (bent || !straight) {
    return bent;
  }
  Quad full;
  std::transform(rough->begin(), rough->end(), full.begin(), [factor](Point p) {
    return Point{(p.x + 0.5) * factor - 0.5, (p.y + 0.5) * factor - 0.5};
  });
  return Outline{fit_edges(image, full, 1.6 * factor), {}};
}

std::optional<Quad> find_quad(const ImageView& image) {
  const auto found = find_outline(image);
  return found ? std::optional(found->quad) : std::nullopt;
}

}  // namespace quay::imaging
