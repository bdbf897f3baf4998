// SPDX-License-Identifier: Apache-2.0
// Projection profiles. The page is cut into narrow strips and each strip summed to one profile; a turn by a small angle
// then shifts whole profiles against each other, so that trying an angle costs a fraction of the page. The score of
// an angle is the energy of the summed profile's differences; its peak is found coarse to fine, and at last by a
// parabola.
#include "imaging/detect/skew.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "imaging/detect/reduce.hpp"
#include "imaging/geometry.hpp"

namespace quay::imaging {
namespace {

constexpr int kDarkest = 255;
constexpr int kFaintest = 12;  // paper texture; more would cut into the soft edges that tell fractions of a pixel
constexpr double kCoarseStep = 0.25;

/// Column-wise or row-wise sums: `length` samples for each strip, and each strip's place across the page.
struct Strips {
  std::vector<std::vector<float>> profiles;
  std::vector<double> centres;
  std::size_t length = 0;
};

constexpr std::int32_t kTile = 8;
constexpr std::uint8_t kBedLight = 110;  // a border darker than this is the scanner's lid or bed

/// Tiles that belong to a dark border: dark ones that hang together with the picture's rim. They are given no paper, so
/// that nothing in or next to them counts as ink: a border is straight, but it is the scanner's, not the page's.
void drop_dark_border(const Image& tiles, Image& light) {
  const PixelSize size = tiles.size();
  std::vector<Point> open;
  Image seen(PixelFormat::gray, size, {});
  const auto visit = [&](std::int32_t x, std::int32_t y) {
    if (x >= 0 && y >= 0 && x < size.width && y < size.height && seen.row(y)[x] == 0 && tiles.row(y)[x] < kBedLight) {
      seen.row(y)[x] = 1;
      open.push_back({static_cast<double>(x), static_cast<double>(y)});
    }
  };
  for (std::int32_t x = 0; x < size.width; ++x) {
    visit(x, 0);
    visit(x, size.height - 1);
  }
  for (std::int32_t y = 0; y < size.height; ++y) {
    visit(0, y);
    visit(size.width - 1, y);
  }
  while (!open.empty()) {
    const auto x = static_cast<std::int32_t>(open.back().x);
    const auto y = static_cast<std::int32_t>(open.back().y);
    open.pop_back();
    for (std::int32_t v = std::max(0, y - 2); v <= std::min(size.height - 1, y + 2); ++v) {
      for (std::int32_t u = std::max(0, x - 2); u <= std::min(size.width - 1, x + 2); ++u) {
        light.row(v)[u] = 0;
      }
    }
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  }
}

/// The brightest pixel of each tile. Not its mean: that would carry the grid of tiles into the ink, as rules at 0
/// degrees.
Image brightest_pixels(const ImageView& gray) {
  const PixelSize size{(gray.size.width + kTile - 1) / kTile, (gray.size.height + kTile - 1) / kTile};
  Image out(PixelFormat::gray, size, {});
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    const std::uint8_t* from = gray.row(y);
    std::uint8_t* to = out.row(y / kTile);
    for (std::int32_t tile = 0; tile < size.width; ++tile) {
      const std::uint8_t* begin = from + tile * kTile;
      const std::uint8_t most = *std::max_element(begin, from + std::min((tile + 1) * kTile, gray.size.width));
      to[tile] = std::max(to[tile], most);
    }
  }
  return out;
}

/// The brightest pixel within two tiles of each: the paper under the ink.
Image light_tiles(const Image& tiles) {
  Image light = tiles;
  const PixelSize size = tiles.size();
  for (std::int32_t y = 0; y < size.height; ++y) {
    for (std::int32_t x = 0; x < size.width; ++x) {
      std::uint8_t best = 0;
      for (std::int32_t v = std::max(0, y - 2); v <= std::min(size.height - 1, y + 2); ++v) {
        const auto* row = tiles.row(v);
        best = std::max(best, *std::max_element(row + std::max(0, x - 2), row + std::min(size.width, x + 3)));
      }
      light.row(y)[x] = best;
    }
  }
  return light;
}

/// Paper light of one row of pixels, interpolated between tile centres: steps between tiles would pass for rules.
void paper_row(const Image& light, std::int32_t y, std::vector<int>& knots, std::vector<std::int16_t>& out) {
  const PixelSize size = light.size();
  const std::int32_t place = std::max(0, 2 * y + 1 - kTile);  // in half pixels from the first centre
  const std::int32_t top = std::min(place / (2 * kTile), size.height - 1);
  const std::int32_t bottom = std::min(top + 1, size.height - 1);
  const std::int32_t part = place % (2 * kTile);
  for (std::int32_t x = 0; x < size.width; ++x) {
    knots[static_cast<std::size_t>(x)] = light.row(top)[x] * (2 * kTile - part) + light.row(bottom)[x] * part;
  }
  knots[static_cast<std::size_t>(size.width)] = knots[static_cast<std::size_t>(size.width) - 1];
  std::int16_t* to = out.data();
  std::fill_n(to, kTile / 2, static_cast<std::int16_t>(knots[0] / (2 * kTile)));
  to += kTile / 2;
  for (std::int32_t tile = 0; tile < size.width; ++tile) {
    const int from = knots[static_cast<std::size_t>(tile)];
    const int step = knots[static_cast<std::size_t>(tile) + 1] - from;
    for (int i = 0; i < kTile; ++i) {
      *to++ = static_cast<std::int16_t>((from * 2 * kTile + step * (2 * i + 1)) / (4 * kTile * kTile));
    }
  }
}

/// How much darker than its surroundings each pixel is. Large dark areas (bed, photo) fade, text and rules stay.
Image ink_of(const ImageView& gray) {
  const Image tiles = reduce(gray, kTile);
  Image light = light_tiles(brightest_pixels(gray));
  drop_dark_border(tiles, light);
  Image ink(PixelFormat::gray, gray.size, gray.dpi);
  std::vector<int> knots(static_cast<std::size_t>(tiles.size().width) + 1);
  std::vector<std::int16_t> paper(static_cast<std::size_t>(tiles.size().width + 1) * kTile);
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    paper_row(light, y, knots, paper);
    const std::uint8_t* from = gray.row(y);
    std::uint8_t* to = ink.row(y);
    for (std::int32_t x = 0; x < gray.size.width; ++x) {
      const int depth = paper[static_cast<std::size_t>(x)] - from[x] - kFaintest;
      to[x] = static_cast<std::uint8_t>(std::clamp(depth, 0, kDarkest));
    }
  }
  return ink;
}

/// Profiles along y of vertical strips `width` wide, each column shifted by the whole pixels that `slope` asks for.
Strips row_strips(const ImageView& ink, std::int32_t width, double slope) {
  Strips out;
  out.length = static_cast<std::size_t>(ink.size.height);
  const std::int32_t count = (ink.size.width + width - 1) / width;
  out.profiles.assign(static_cast<std::size_t>(count), std::vector<float>(out.length));
  std::vector<std::int32_t> shift(static_cast<std::size_t>(ink.size.width));
  for (std::int32_t s = 0; s < count; ++s) {
    const std::int32_t end = std::min((s + 1) * width, ink.size.width);
    out.centres.push_back((s * width + end - 1) / 2.0);
    for (std::int32_t x = s * width; x < end; ++x) {
      shift[static_cast<std::size_t>(x)] = static_cast<std::int32_t>(std::lround((x - out.centres.back()) * slope));
    }
  }
  for (std::int32_t y = 0; y < ink.size.height; ++y) {
    const std::uint8_t* row = ink.row(y);
    for (std::int32_t s = 0; s < count; ++s) {
      const std::int32_t end = std::min((s + 1) * width, ink.size.width);
      for (std::int32_t x = s * width; x < end;) {  // runs of equal shift
        const std::int32_t by = shift[static_cast<std::size_t>(x)];
        int sum = 0;
        for (; x < end && shift[static_cast<std::size_t>(x)] == by; ++x) {
          sum += row[x];
        }
        const std::int32_t target = y - by;
        if (target >= 0 && target < ink.size.height) {
          out.profiles[static_cast<std::size_t>(s)][static_cast<std::size_t>(target)] += static_cast<float>(sum);
        }
      }
    }
  }
  return out;
}

/// The gray view with x and y exchanged.
Image transposed(const ImageView& image) {
  constexpr std::int32_t kBlock = 32;
  Image out(PixelFormat::gray, {image.size.height, image.size.width}, image.dpi);
  for (std::int32_t top = 0; top < image.size.height; top += kBlock) {
    for (std::int32_t left = 0; left < image.size.width; left += kBlock) {
      for (std::int32_t y = top; y < std::min(top + kBlock, image.size.height); ++y) {
        for (std::int32_t x = left; x < std::min(left + kBlock, image.size.width); ++x) {
          out.row(x)[y] = image.row(y)[x];
        }
      }
    }
  }
  return out;
}

/// Energy of differences of the profile summed along `slope`. Interpolates by a quadratic B-spline: its blur is the
/// same for every fraction of a sample, where a linear one, sharpest at whole samples, would draw small angles to zero.
double score(const Strips& strips, double slope, std::vector<float>& sum) {
  if (strips.length < 3) {
    return 0;
  }
  sum.assign(strips.length, 0.0F);
  const double middle = (strips.centres.front() + strips.centres.back()) / 2;
  const auto length = static_cast<std::ptrdiff_t>(strips.length);
  for (std::size_t s = 0; s < strips.profiles.size(); ++s) {
    const double shift = (strips.centres[s] - middle) * slope;
    const auto whole = static_cast<std::ptrdiff_t>(std::lround(shift));
    const auto part = static_cast<float>(shift - static_cast<double>(whole));
    const float before = 0.5F * (0.5F - part) * (0.5F - part);
    const float after = 0.5F * (0.5F + part) * (0.5F + part);
    const float here = 1 - before - after;
    const float* from = strips.profiles[s].data() + whole;
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, 1 - whole);
    const std::ptrdiff_t end = std::min(length, length - 1 - whole);
    for (std::ptrdiff_t y = begin; y < end; ++y) {
      sum[static_cast<std::size_t>(y)] += before * from[y - 1] + here * from[y] + after * from[y + 1];
    }
  }
  double energy = 0;
  for (std::size_t y = 2; y < strips.length; ++y) {
    const double step = static_cast<double>(sum[y]) - static_cast<double>(sum[y - 2]);
    energy += step * step;
  }
  return energy;
}

/// Rows and columns of one page, scored together: text lines and rules, and the verticals of frames and tables.
class Votes {
 public:
  Votes(const ImageView& ink, const ImageView& turned, std::int32_t strip, double slope)
      : rows_(row_strips(ink, strip, slope)), columns_(row_strips(turned, strip, -slope)) {}

  double at(double degrees) {
    const double slope = std::tan(radians(degrees));
    return score(rows_, slope, sum_) + score(columns_, -slope, sum_);
  }

 private:
  Strips rows_;
  Strips columns_;
  std::vector<float> sum_;
};

/// The best of `count` angles on either side of `centre`.
double best_angle(Votes& votes, double centre, double step, int count) {
  double best = centre;
  double most = votes.at(centre);
  for (int i = -count; i <= count; ++i) {
    const double value = votes.at(centre + i * step);
    if (value > most) {
      most = value;
      best = centre + i * step;
    }
  }
  return best;
}

/// Vertex of the least-squares parabola through five scores around `centre`.
double parabola_peak(Votes& votes, double centre, double step) {
  double even = 0, odd = 0, total = 0;
  for (int i = -2; i <= 2; ++i) {
    const double value = votes.at(centre + i * step);
    odd += i * value;
    even += (i * i - 2) * value;
    total += value;
  }
  const double curve = even / 14;
  const double slope = odd / 10;
  if (curve >= 0 || total <= 0) {
    return centre;
  }
  return centre + std::clamp(-slope / (2 * curve), -2.0, 2.0) * step;
}

}  // namespace

Skew find_skew(const ImageView& gray) {
  constexpr std::int32_t kCoarseSide = 700;
  constexpr std::int32_t kFineSide = 2000;
  const std::int32_t longest = std::max(gray.size.width, gray.size.height);
  if (std::min(gray.size.width, gray.size.height) < 64) {
    return {};
  }
  const Image page = reduce(gray, std::max(1, (longest + kFineSide / 2) / kFineSide));
  const Image ink = ink_of(page.view());
  const std::int32_t side = std::max(ink.size().width, ink.size().height);
  const Image coarse = reduce(ink.view(), std::max(1, side / kCoarseSide));
  Votes rough(coarse.view(), transposed(coarse.view()).view(), 8, 0);
  const double guess = best_angle(rough, 0, kCoarseStep, static_cast<int>(kMaxSkewDeg / kCoarseStep));
  const double better = best_angle(rough, guess, kCoarseStep / 5, 5);
  const double most = rough.at(better);
  const double least = (rough.at(better + 3) + rough.at(better - 3)) / 2;
  Votes exact(ink.view(), transposed(ink.view()).view(), 32, std::tan(radians(better)));
  const double near = best_angle(exact, better, 0.02, 5);
  const double angle = parabola_peak(exact, near, 0.01);
  return {angle, most > 0 ? std::clamp(1 - least / most, 0.0, 1.0) : 0.0};
}

}  // namespace quay::imaging
