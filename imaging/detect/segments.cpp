// SPDX-License-Identifier: Apache-2.0
// Chains of profile peaks, fitted by trimmed least squares; the consensus is the densest slope, refined by weights that
// fall to nothing for slopes that disagree.
#include "imaging/detect/segments.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace quay::imaging {
namespace {

constexpr float kFaintestPeak = 2;    // mean strength over the strip's width
constexpr double kJoin = 0.9;         // pixels between one strip's peak and the next
constexpr int kGap = 2;               // strips that may lack the edge
constexpr std::size_t kShortest = 8;  // strips of a segment
constexpr double kRoughest = 0.35;    // pixels, root of mean square from the line
constexpr double kSmoothest = 0.06;   // no edge is known better than this

struct Chain {
  std::vector<double> x, y;
  std::size_t last_strip = 0;

  /// Where the next peak should be: recent peaks averaged, the newest most.
  double expected() const {
    const std::size_t n = y.size();
    return n < 3 ? y[n - 1] : 0.5 * y[n - 1] + 0.25 * (y[n - 2] + y[n - 3]);
  }
};

struct Fit {
  double slope = 0, offset = 0, rms = 0, spread = 0;
  std::size_t used = 0;
};

Fit fit_used(const Chain& chain, const std::vector<std::uint8_t>& use) {
  Fit fit;
  double mean_x = 0, mean_y = 0, cross = 0, error = 0;
  for (std::size_t i = 0; i < use.size(); ++i) {
    fit.used += use[i];
    mean_x += use[i] * chain.x[i];
    mean_y += use[i] * chain.y[i];
  }
  const double count = static_cast<double>(std::max<std::size_t>(fit.used, 1));
  mean_x /= count;
  mean_y /= count;
  for (std::size_t i = 0; i < use.size(); ++i) {
    const double dx = chain.x[i] - mean_x;
    fit.spread += use[i] * dx * dx;
    cross += use[i] * dx * (chain.y[i] - mean_y);
  }
  fit.slope = fit.spread > 0 ? cross / fit.spread : 0;
  fit.offset = mean_y - fit.slope * mean_x;
  for (std::size_t i = 0; i < use.size(); ++i) {
    const double rest = chain.y[i] - fit.offset - fit.slope * chain.x[i];
    error += use[i] * rest * rest;
  }
  fit.rms = std::sqrt(error / std::max(1.0, count - 2));
  return fit;
}

/// Least squares without the points that lie far off the line (descenders, specks). Nothing when it is no line.
std::optional<Segment> fit_line(const Chain& chain) {
  constexpr double kTrim = 2.2;
  if (chain.x.size() < kShortest) {
    return {};
  }
  std::vector<std::uint8_t> use(chain.x.size(), 1);
  Fit fit = fit_used(chain, use);
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < use.size(); ++i) {
      const double rest = std::abs(chain.y[i] - fit.offset - fit.slope * chain.x[i]);
      use[i] = rest < std::max(0.1, kTrim * fit.rms) ? 1 : 0;
    }
    fit = fit_used(chain, use);
    if (fit.used < kShortest) {
      return {};
    }
  }
  if (fit.rms > kRoughest) {
    return {};
  }
  return Segment{fit.slope, std::max(fit.rms, kSmoothest) / std::sqrt(fit.spread)};
}

/// Local maxima of a profile, to a fraction of a pixel.
void find_peaks(const std::vector<float>& profile, float least, std::vector<double>& peaks) {
  peaks.clear();
  const auto smooth = [&profile](std::size_t y) { return profile[y - 1] + 2 * profile[y] + profile[y + 1]; };
  for (std::size_t y = 2; y + 2 < profile.size(); ++y) {
    const float here = smooth(y);
    if (here < 4 * least) {
      continue;
    }
    const float before = smooth(y - 1);
    const float after = smooth(y + 1);
    if (here >= before && here > after) {
      const double bend = static_cast<double>(before - 2 * here + after);
      peaks.push_back(static_cast<double>(y) + 0.5 * static_cast<double>(before - after) / bend);
    }
  }
}

/// Gives each chain the peak that continues it; what is left begins a chain.
void extend(std::vector<Chain>& open, const std::vector<double>& peaks, double x, std::size_t strip) {
  std::vector<std::uint8_t> taken(peaks.size(), 0);
  for (Chain& chain : open) {
    const double expected = chain.expected();
    const auto next = std::lower_bound(peaks.begin(), peaks.end(), expected);
    const auto after = next == peaks.end() ? std::prev(peaks.end()) : next;
    const auto before = next == peaks.begin() ? next : std::prev(next);
    const auto nearest = std::abs(*before - expected) < std::abs(*after - expected) ? before : after;
    const auto index = static_cast<std::size_t>(nearest - peaks.begin());
    if (std::abs(*nearest - expected) < kJoin && taken[index] == 0) {
      taken[index] = 1;
      chain.x.push_back(x);
      chain.y.push_back(*nearest);
      chain.last_strip = strip;
    }
  }
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    if (taken[i] == 0) {
      open.push_back({{x}, {peaks[i]}, strip});
    }
  }
}

constexpr double kFloorDeg = 0.004;  // one segment, however sharp, must not outvote a page of text
constexpr double kReachSigmas = 3;
constexpr double kReachDeg = 0.02;

/// How far `from` the segment's say falls, 1 to 0.
double weight(const Segment& segment, double from) {
  const double far = (segment.slope - from) / (kReachSigmas * segment.sigma + kReachDeg);
  const double fall = std::max(0.0, 1 - far * far);
  return fall * fall / (segment.sigma * segment.sigma + kFloorDeg * kFloorDeg);
}

}  // namespace

std::vector<Segment> find_segments(const Strips& strips, double slope) {
  std::vector<Segment> out;
  std::vector<Chain> open;
  std::vector<double> peaks;
  const auto close = [&](const Chain& chain) {
    if (const auto segment = fit_line(chain)) {
      out.push_back({slope + segment->slope, segment->sigma});
    }
  };
  for (std::size_t s = 0; s < strips.profiles.size(); ++s) {
    find_peaks(strips.profiles[s], kFaintestPeak * static_cast<float>(strips.width), peaks);
    for (double& peak : peaks) {
      peak -= slope * strips.centres[s];
    }
    if (!peaks.empty()) {
      extend(open, peaks, strips.centres[s], s);
    }
    const auto ended =
        std::partition(open.begin(), open.end(), [s](const Chain& chain) { return s - chain.last_strip < kGap; });
    std::for_each(ended, open.end(), close);
    open.erase(ended, open.end());
  }
  std::for_each(open.begin(), open.end(), close);
  return out;
}

Consensus agree(const std::vector<Segment>& angles) {
  Consensus out;
  double most = 0;
  for (const Segment& candidate : angles) {
    double support = 0;
    for (const Segment& segment : angles) {
      support += weight(segment, candidate.slope);
    }
    if (support > most) {
      most = support;
      out.angle_deg = candidate.slope;
    }
  }
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds && most > 0; ++round) {
    double sum = 0, all = 0, total = 0;
    for (const Segment& segment : angles) {
      const double say = weight(segment, out.angle_deg);
      sum += say * segment.slope;
      all += say;
      total += weight(segment, segment.slope);
    }
    out.angle_deg = sum / all;
    out.sigma_deg = 1 / std::sqrt(all);
    out.share = all / total;
  }
  return out;
}

}  // namespace quay::imaging
