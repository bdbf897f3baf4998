// SPDX-License-Identifier: Apache-2.0
// Twice the same: places along a side, at each the edge's distance from the chord, through those a polynomial by least
// squares that stops listening to what disagrees. First in the reduced picture, then, close around, in the full one.
#include "imaging/detect/bent_sides.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "imaging/detect/edge_fit.hpp"

namespace quay::imaging {
namespace {

constexpr int kPlaces = 96;
constexpr double kLeastShare = 0.6;  // of the places, that must show the edge
constexpr double kEnd = 0.08;        // of a side: a curve goes anywhere beyond where it was seen
constexpr double kLongestGap = 0.2;
constexpr std::size_t kTerms = 5;
using Polynomial = std::array<double, kTerms>;

double value_at(const Polynomial& polynomial, double part) {
  const double s = 2 * part - 1;
  double sum = 0;
  for (std::size_t i = kTerms; i-- > 0;) {
    sum = sum * s + polynomial[i];
  }
  return sum;
}

/// A side: distances inwards from a chord.
struct Curve {
  Point from, to;
  Polynomial off{};

  Point in() const {
    const double side = length(from, to);
    return {-(to.y - from.y) / side, (to.x - from.x) / side};
  }
  Point on_chord(double part) const { return {from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part}; }
  Point at(double part) const {
    const Point chord = on_chord(part), inwards = in();
    const double by = value_at(off, part);
    return {chord.x + inwards.x * by, chord.y + inwards.y * by};
  }
};

/// A place along the side and how far from the chord its edge lies.
struct Sample {
  double part = 0, off = 0;
};

/// Solves the normal equations by elimination; they are of few terms, and well conditioned on -1 .. 1.
std::optional<Polynomial> solved(std::array<std::array<double, kTerms + 1>, kTerms> rows) {
  for (std::size_t i = 0; i < kTerms; ++i) {
    const auto pivot = std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(i), rows.end(),
                                        [i](const auto& a, const auto& b) { return std::abs(a[i]) < std::abs(b[i]); });
    std::iter_swap(rows.begin() + static_cast<std::ptrdiff_t>(i), pivot);
    if (std::abs(rows[i][i]) < 1e-9) {
      return {};
    }
    for (std::size_t k = i + 1; k < kTerms; ++k) {
      const double share = rows[k][i] / rows[i][i];
      for (std::size_t c = i; c <= kTerms; ++c) {
        rows[k][c] -= share * rows[i][c];
      }
    }
  }
  Polynomial out{};
  for (std::size_t i = kTerms; i-- > 0;) {
    double rest = rows[i][kTerms];
    for (std::size_t c = i + 1; c < kTerms; ++c) {
      rest -= rows[i][c] * out[c];
    }
    out[i] = rest / rows[i][i];
  }
  return out;
}

/// Least squares in which a sample counts the less the farther it lies from `like`, on the scale of `wide` pixels.
std::optional<Polynomial> weighted_fit(const std::vector<Sample>& samples, const Polynomial& like, double wide) {
  std::array<std::array<double, kTerms + 1>, kTerms> rows{};
  for (const Sample& sample : samples) {
    const double rest = (sample.off - value_at(like, sample.part)) / wide;
    const double weight = 1 / (1 + rest * rest);
    std::array<double, kTerms> powers{1};
    for (std::size_t i = 1; i < kTerms; ++i) {
      powers[i] = powers[i - 1] * (2 * sample.part - 1);
    }
    for (std::size_t i = 0; i < kTerms; ++i) {
      for (std::size_t k = 0; k < kTerms; ++k) {
        rows[i][k] += weight * powers[i] * powers[k];
      }
      rows[i][kTerms] += weight * powers[i] * sample.off;
    }
  }
  return solved(rows);
}

/// Is the side seen all along, its ends too? Something that lies over a corner hides where the curve goes.
bool reaches_over_all(const std::vector<double>& parts) {
  if (parts.empty() || parts.front() > kEnd || parts.back() < 1 - kEnd) {
    return false;
  }
  const auto gap = std::adjacent_find(parts.begin(), parts.end(),
                                      [](double part, double next) { return next - part > kLongestGap; });
  return gap == parts.end();
}

/// The curve that most samples agree with to within about `close` pixels; nothing when too few do, or none do
/// somewhere.
std::optional<Polynomial> fit(const std::vector<Sample>& samples, double reach, double close) {
  if (static_cast<double>(samples.size()) < kLeastShare * kPlaces) {
    return {};
  }
  std::vector<double> sorted;
  std::transform(samples.begin(), samples.end(), std::back_inserter(sorted), [](const Sample& s) { return s.off; });
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  Polynomial out{sorted[sorted.size() / 2]};
  for (double wide = reach; wide > close / 2; wide *= 0.7) {
    const auto next = weighted_fit(samples, out, wide);
    if (!next) {
      return {};
    }
    out = *next;
  }
  std::vector<double> agree;
  for (const Sample& sample : samples) {
    if (std::abs(sample.off - value_at(out, sample.part)) < close) {
      agree.push_back(sample.part);
    }
  }
  const bool seen = static_cast<double>(agree.size()) >= kLeastShare * kPlaces && reaches_over_all(agree);
  return seen ? std::optional(out) : std::nullopt;
}

double part_of(int place) { return 0.02 + 0.96 * place / (kPlaces - 1); }

/// In the reduced picture: the strongest edge within reach.
std::optional<Curve> coarse_curve(const RoughSheet& rough, std::size_t side) {
  Curve curve{rough.quad[side], rough.quad[(side + 1) % 4], {}};
  const Point in = curve.in();
  const int reach = static_cast<int>(std::lround(rough.reach));
  std::vector<Sample> samples;
  for (int place = 0; place < kPlaces; ++place) {
    const Point chord = curve.on_chord(part_of(place));
    int most = 0, best = 0;
    for (int by = -reach; by <= reach; ++by) {
      const int strength = rough.edge(side, {chord.x + in.x * by, chord.y + in.y * by});
      if (strength > most) {
        most = strength;
        best = by;
      }
    }
    if (most > 0) {
      samples.push_back({part_of(place), static_cast<double>(best)});
    }
  }
  const auto off = fit(samples, rough.reach, 1.5);
  if (!off) {
    return {};
  }
  curve.off = *off;
  return curve;
}

/// The same curve in pixels of a picture `factor` times as large.
Curve enlarged(const Curve& curve, std::int32_t factor) {
  const auto grown = [factor](Point p) { return Point{(p.x + 0.5) * factor - 0.5, (p.y + 0.5) * factor - 0.5}; };
  Curve out{grown(curve.from), grown(curve.to), curve.off};
  for (double& term : out.off) {
    term *= factor;
  }
  return out;
}

/// In the full picture: the steepest rise close to where the curve was.
std::optional<Curve> fine_curve(const ImageView& image, Curve curve, double reach) {
  std::vector<Sample> samples;
  for (int place = 0; place < kPlaces; ++place) {
    const double part = part_of(place);
    if (const auto by = edge_at(image, curve.at(part), curve.in(), static_cast<int>(std::lround(reach)) + 1)) {
      samples.push_back({part, value_at(curve.off, part) + *by});
    }
  }
  const auto off = fit(samples, reach, 2.5);
  if (!off) {
    return {};
  }
  curve.off = *off;
  return curve;
}

/// Where the end of `before` meets the start of `after`: their tangents crossed, from there again.
Point meeting(const Curve& before, const Curve& after) {
  constexpr double kStep = 1e-3;
  double s = 1, t = 0;
  for (int round = 0; round < 8; ++round) {
    const Point p = before.at(s), p_on = before.at(s + kStep), q = after.at(t), q_on = after.at(t + kStep);
    const double ax = (p_on.x - p.x) / kStep, ay = (p_on.y - p.y) / kStep;
    const double bx = (q_on.x - q.x) / kStep, by = (q_on.y - q.y) / kStep;
    const double d = ax * by - ay * bx;
    if (std::abs(d) < 1e-9) {
      break;
    }
    s += ((q.x - p.x) * by - (q.y - p.y) * bx) / d;
    t += ((q.x - p.x) * ay - (q.y - p.y) * ax) / d;
    s = std::clamp(s, 0.8, 1.2);
    t = std::clamp(t, -0.2, 0.2);
  }
  const Point p = before.at(s), q = after.at(t);
  return {(p.x + q.x) / 2, (p.y + q.y) / 2};
}

/// How far inwards from the chord between two corners the curve lies, at equal parts of that chord.
Bend::Side bulges(const Curve& curve, Point from, Point to) {
  const Curve chord{from, to, {}};
  const double side = length(from, to);
  const Point in = chord.in(), along{(to.x - from.x) / side, (to.y - from.y) / side};
  std::vector<Sample> way;
  constexpr int kFine = 400;
  for (int i = -kFine / 10; i <= kFine + kFine / 10; ++i) {
    const Point p = curve.at(static_cast<double>(i) / kFine);
    const double dx = p.x - from.x, dy = p.y - from.y;
    way.push_back({(dx * along.x + dy * along.y) / side, dx * in.x + dy * in.y});
  }
  Bend::Side out{};
  for (std::size_t knot = 1; knot + 1 < Bend::kKnots; ++knot) {
    const double part = static_cast<double>(knot) / (Bend::kKnots - 1);
    const auto next = std::find_if(way.begin() + 1, way.end() - 1, [part](const Sample& s) { return s.part >= part; });
    const Sample& before = *(next - 1);
    const double share = (part - before.part) / std::max(next->part - before.part, 1e-9);
    out[knot] = before.off + (next->off - before.off) * share;
  }
  return out;
}

}  // namespace

std::optional<BentSheet> trace_sides(const ImageView& image, const RoughSheet& rough) {
  std::array<Curve, 4> curves;
  for (std::size_t side = 0; side < 4; ++side) {
    const auto coarse = coarse_curve(rough, side);
    const auto fine = coarse ? fine_curve(image, enlarged(*coarse, rough.factor), 1.6 * rough.factor) : std::nullopt;
    if (!fine) {
      return {};
    }
    curves[side] = *fine;
  }
  BentSheet out;
  for (std::size_t i = 0; i < 4; ++i) {
    out.corners[i] = meeting(curves[(i + 3) % 4], curves[i]);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    out.sides[i] = bulges(curves[i], out.corners[i], out.corners[(i + 1) % 4]);
  }
  return out;
}

}  // namespace quay::imaging
