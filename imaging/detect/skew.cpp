// SPDX-License-Identifier: Apache-2.0
// Coarse to fine. First the angle at which the edges of a small copy line up, out of a whole quarter turn; then
// straight edges are followed over the page at that angle, and the angle that most of them agree on is taken.
#include "imaging/detect/skew.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "imaging/detect/reduce.hpp"
#include "imaging/detect/rough_angle.hpp"
#include "imaging/detect/segments.hpp"
#include "imaging/detect/strips.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kCoarseSide = 350;  // longest sides of the copies looked at
constexpr std::int32_t kFineSide = 2000;
constexpr std::int32_t kFineStrip = 32;
constexpr double kFed = 8;              // degrees; paper laid or fed by hand is seldom turned further
constexpr double kExactEnough = 0.006;  // degrees; less certain angles are looked at again at full size

/// Slopes that lines at an angle have in a picture that is stretched along y.
struct Slopes {
  double stretch;
  double row(double degrees) const { return std::tan(radians(degrees)) * stretch; }
  double column(double degrees) const { return -std::tan(radians(degrees)) / stretch; }
  Segment row_angle(const Segment& s) const { return angle(s, 1 / stretch); }
  Segment column_angle(const Segment& s) const { return angle(s, -stretch); }

 private:
  static Segment angle(const Segment& s, double factor) {
    const double tangent = s.slope * factor;
    const double degrees = 180 / std::numbers::pi;
    return {std::atan(tangent) * degrees, s.sigma * std::abs(factor) / (1 + tangent * tangent) * degrees};
  }
};

Consensus follow_edges(const ImageView& gray, Slopes slopes, double guess) {
  std::vector<Segment> angles;
  const EdgeStrips rows = row_edges(gray, kFineStrip, slopes.row(guess));
  const EdgeStrips columns = column_edges(gray, kFineStrip, slopes.column(guess));
  for (std::size_t sign = 0; sign < 2; ++sign) {
    for (const Segment& segment : find_segments(rows.of[sign], slopes.row(guess))) {
      angles.push_back(slopes.row_angle(segment));
    }
    for (const Segment& segment : find_segments(columns.of[sign], slopes.column(guess))) {
      angles.push_back(slopes.column_angle(segment));
    }
  }
  return agree(angles);
}

double confidence_of(const Consensus& found) {
  constexpr double kDoubtful = 0.03;  // degrees
  const double doubt = found.sigma_deg / kDoubtful;
  return std::sqrt(found.share) / (1 + doubt * doubt);
}

/// Follows the edges near a guess; once more when they show that the guess was far off.
Consensus refine(const ImageView& page, const ImageView& full, Slopes slopes, double guess_deg) {
  constexpr double kFarOff = 0.3;
  Consensus found = follow_edges(page, slopes, guess_deg);
  if (std::abs(found.angle_deg - guess_deg) > kFarOff && found.share > 0) {
    found = follow_edges(page, slopes, found.angle_deg);
  }
  if (found.sigma_deg > kExactEnough && full.size != page.size) {
    const std::int32_t factor = (full.size.width + page.size.width / 2) / page.size.width;
    const Image finer = factor > 2 ? reduce(full, factor / 2) : Image{};
    const Consensus closer = follow_edges(factor > 2 ? finer.view() : full, slopes, guess_deg);
    found = closer.sigma_deg < found.sigma_deg ? closer : found;
  }
  return found;
}

/// What short edges say near an angle at which nothing lines up is chance.
bool is_chance(const RoughAngle& guess) {
  constexpr double kLeast = 1.3, kLeastTurned = 3;
  return guess.strength < (std::abs(guess.angle_deg) > kFed ? kLeastTurned : kLeast);
}

/// The guess by itself: half as good as one that edges confirm.
Skew unconfirmed(const RoughAngle& guess) {
  return {guess.angle_deg, std::clamp(1 - 3 / guess.strength, 0.0, 1.0) / 2};
}

}  // namespace

Skew find_skew(const ImageView& gray, double stretch) {
  constexpr double kTrusted = 0.2;
  constexpr double kWander = 1.5;  // degrees that following edges may lead away from where they line up
  if (std::min(gray.size.width, gray.size.height) < 64) {
    return {};
  }
  const std::int32_t longest = std::max(gray.size.width, gray.size.height);
  const Image page = reduce(gray, std::max(1, (longest + kFineSide / 2) / kFineSide));
  const std::int32_t side = std::max(page.size().width, page.size().height);
  const Image copy = reduce(page.view(), std::max(1, (side + kCoarseSide / 2) / kCoarseSide));
  const auto guess = rough_angle(copy.view(), stretch);
  if (!guess || is_chance(*guess)) {
    return {};
  }
  const Consensus found = refine(page.view(), gray, Slopes{stretch}, guess->angle_deg);
  const double certain = confidence_of(found);
  const bool confirmed = certain >= kTrusted && std::abs(found.angle_deg - guess->angle_deg) < kWander;
  const Skew skew = confirmed ? Skew{found.angle_deg, certain} : unconfirmed(*guess);
  return {std::clamp(skew.angle_deg, -kMaxSkewDeg, kMaxSkewDeg), skew.confidence};
}

}  // namespace quay::imaging
