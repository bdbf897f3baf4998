// SPDX-License-Identifier: Apache-2.0
// Coarse to fine. First the angle at which the edges of a small copy agree best; then straight edges are followed over
// the page at that angle, and the angle that most of them agree on is taken.
#include "imaging/detect/skew.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

#include "imaging/cleanup/render.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/detect/segments.hpp"
#include "imaging/detect/strips.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kCoarseSide = 350;  // longest sides of the copies looked at
constexpr std::int32_t kFineSide = 2000;
constexpr std::int32_t kCoarseStrip = 4;
constexpr std::int32_t kFineStrip = 32;
constexpr double kSteep = 8;            // degrees; beyond, the copy must be turned first
constexpr double kExactEnough = 0.002;  // degrees; less certain angles are looked at again at full size

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

/// Rows and columns of a page, scored together: text lines and rules, and the uprights of frames and tables.
class Votes {
 public:
  Votes(const ImageView& small, Slopes slopes)
      : slopes_(slopes),
        rows_(both_signs(row_edges(small, kCoarseStrip, 0))),
        columns_(both_signs(column_edges(small, kCoarseStrip, 0))) {}

  double at(double degrees) {
    return agreement(rows_, slopes_.row(degrees), room_) + agreement(columns_, slopes_.column(degrees), room_);
  }

  /// The best of `count` angles on either side of `centre`.
  double best(double centre, double step, int count) {
    double angle = centre;
    double most = at(centre);
    for (int i = -count; i <= count; ++i) {
      const double value = i == 0 ? most : at(centre + i * step);
      if (value > most) {
        most = value;
        angle = centre + i * step;
      }
    }
    return angle;
  }

 private:
  static Strips both_signs(EdgeStrips edges) {
    Strips out = std::move(edges.of[0]);
    for (std::size_t s = 0; s < out.profiles.size(); ++s) {
      const std::vector<float>& other = edges.of[1].profiles[s];
      std::transform(other.begin(), other.end(), out.profiles[s].begin(), out.profiles[s].begin(), std::plus<>());
    }
    return out;
  }

  Slopes slopes_;
  Strips rows_, columns_;
  std::vector<float> room_;
};

/// How far the peak at `angle_deg` stands out; 0 where there is none.
Skew stands_out(Votes& votes, double angle_deg) {
  const double peak = votes.at(angle_deg);
  const double beside = (votes.at(angle_deg + 3) + votes.at(angle_deg - 3)) / 2;
  return peak > 0 ? Skew{angle_deg, std::clamp(1 - beside / peak, 0.0, 1.0)} : Skew{};
}

/// The best angle among those that paper fed by hand has.
Skew guess_small_angle(const ImageView& small, Slopes slopes) {
  Votes votes(small, slopes);
  return stands_out(votes, votes.best(votes.best(0, 0.5, static_cast<int>(2 * kSteep)), 0.1, 5));
}

/// The same for a copy turned by -degrees about its centre.
Skew guess_near(const ImageView& small, Slopes slopes, double degrees) {
  const double middle = (small.size.width - 1) / 2.0;
  const Transform level = Transform::translation(middle, middle) * Transform::scaling(1, slopes.stretch) *
                          Transform::rotation(degrees) * Transform::scaling(1, 1 / slopes.stretch) *
                          Transform::translation(-middle, -middle);
  const Image turned = render(small, {level, small.size, small.dpi, nullptr});
  const Skew found = guess_small_angle(turned.view(), slopes);
  return {std::clamp(found.angle_deg + degrees, -kMaxSkewDeg, kMaxSkewDeg), found.confidence};
}

/// The copy with its commonest light made white, as what render() puts outside: else a turned page had a rim.
Image on_white(const ImageView& small) {
  Image out = to_gray(small);
  std::vector<std::uint8_t> lights(out.pixels().begin(), out.pixels().end());
  const auto middle = lights.begin() + static_cast<std::ptrdiff_t>(lights.size() / 2);
  std::nth_element(lights.begin(), middle, lights.end());
  const int lift = 255 - *middle;
  for (std::uint8_t& pixel : out.pixels()) {
    pixel = static_cast<std::uint8_t>(std::min(255, pixel + lift));
  }
  return out;
}

/// The best of all angles beyond the small ones.
Skew guess_large_angle(const ImageView& gray, Slopes slopes) {
  const Image small = on_white(gray);
  Skew best;
  for (const double degrees : {-41.0, -27.0, -14.0, 14.0, 27.0, 41.0}) {
    const Skew found = guess_near(small.view(), slopes, degrees);
    best = found.confidence > best.confidence ? found : best;
  }
  return best;
}

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
Skew refine(const ImageView& page, const ImageView& full, Slopes slopes, Skew guess) {
  constexpr double kFarOff = 0.3;
  constexpr double kTrusted = 0.2;
  Consensus found = follow_edges(page, slopes, guess.angle_deg);
  if (std::abs(found.angle_deg - guess.angle_deg) > kFarOff && found.share > 0) {
    found = follow_edges(page, slopes, found.angle_deg);
  }
  if (found.sigma_deg > kExactEnough && full.size != page.size) {
    const std::int32_t factor = (full.size.width + page.size.width / 2) / page.size.width;
    const Image finer = factor > 2 ? reduce(full, factor / 2) : Image{};
    const Consensus closer = follow_edges(factor > 2 ? finer.view() : full, slopes, guess.angle_deg);
    found = closer.sigma_deg < found.sigma_deg ? closer : found;
  }
  const double certain = confidence_of(found);
  return certain >= kTrusted ? Skew{found.angle_deg, certain} : Skew{guess.angle_deg, guess.confidence / 2};
}

}  // namespace

Skew find_skew(const ImageView& gray, double stretch) {
  constexpr double kConvincing = 0.6;
  const Slopes slopes{stretch};
  if (std::min(gray.size.width, gray.size.height) < 64) {
    return {};
  }
  const std::int32_t longest = std::max(gray.size.width, gray.size.height);
  const Image page = reduce(gray, std::max(1, (longest + kFineSide / 2) / kFineSide));
  const std::int32_t side = std::max(page.size().width, page.size().height);
  const Image copy = reduce(page.view(), std::max(1, (side + kCoarseSide / 2) / kCoarseSide));
  const Skew small = refine(page.view(), gray, slopes, guess_small_angle(copy.view(), slopes));
  if (small.confidence >= kConvincing) {
    return small;
  }
  const Skew large = refine(page.view(), gray, slopes, guess_large_angle(copy.view(), slopes));
  return large.confidence > small.confidence ? large : small;
}

}  // namespace quay::imaging
