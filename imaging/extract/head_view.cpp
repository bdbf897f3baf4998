// SPDX-License-Identifier: Apache-2.0
// The ground's colour is that of the strips beside the upper head, left and right by themselves, between them a
// straight slope: a lamp at one side is allowed. The person is what differs from it, hangs together with the face and
// does not reach far beside it.
#include "imaging/extract/head_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "imaging/cleanup/render.hpp"
#include "imaging/components.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/detect/reduce.hpp"

namespace quay::imaging {
namespace {

using Colour = std::array<int, 3>;

constexpr double kSide = HeadView::kSide;
constexpr double kFaceMiddle = HeadView::kMiddle.y;

Colour colour_at(const Image& image, std::int32_t x, std::int32_t y) {
  if (image.format() != PixelFormat::rgb) {
    const int v = image.row(y)[x];
    return {v, v, v};
  }
  const std::uint8_t* p = image.row(y) + std::ptrdiff_t{3} * x;
  return {p[0], p[1], p[2]};
}

bool is_of_photo(const HeadView& view, std::int32_t x, std::int32_t y) {
  return holds(view.photo, {static_cast<double>(x), static_cast<double>(y)}, -1);
}

/// Middle colour of the strip beside the head whose middle is `away` from the face's; nothing where there is too
/// little of it in the photo.
std::optional<Colour> strip_colour(const HeadView& view, double away) {
  constexpr double kHalf = 0.15 * kSide, kTop = -1.3 * kSide, kBottom = -0.3 * kSide;
  constexpr std::size_t kEnough = 300;
  std::vector<Colour> seen;
  const auto row = [](double v) { return static_cast<std::int32_t>(std::lround(kFaceMiddle + v)); };
  const auto middle = static_cast<std::int32_t>(HeadView::kMiddle.x + away);
  const auto half = static_cast<std::int32_t>(kHalf);
  for (std::int32_t y = row(kTop); y < row(kBottom); ++y) {
    for (std::int32_t x = middle - half; x < middle + half; ++x) {
      if (is_of_photo(view, x, y)) {
        seen.push_back(colour_at(view.pixels, x, y));
      }
    }
  }
  if (seen.size() < kEnough) {
    return {};
  }
  Colour out{};
  const auto mid = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2);
  for (std::size_t c = 0; c < 3; ++c) {
    std::nth_element(seen.begin(), mid, seen.end(), [c](const Colour& l, const Colour& r) { return l[c] < r[c]; });
    out[c] = (*mid)[c];
  }
  return out;
}

/// The ground as it would be without the person.
struct Wall {
  Colour left{}, right{};

  Colour at(std::int32_t x) const {
    const double share = std::clamp((x - HeadView::kMiddle.x) / (2 * kSide) + 0.5, 0.0, 1.0);
    Colour out{};
    for (std::size_t c = 0; c < 3; ++c) {
      out[c] = static_cast<int>(std::lround(left[c] + share * (right[c] - left[c])));
    }
    return out;
  }
};

std::optional<Wall> wall_behind(const HeadView& view) {
  constexpr double kAway = 0.95 * kSide;
  const auto left = strip_colour(view, -kAway), right = strip_colour(view, kAway);
  if (!left && !right) {
    return {};
  }
  return Wall{left.value_or(right.value_or(Colour{})), right.value_or(left.value_or(Colour{}))};
}

/// Whatever is not wall.
Bitmap before_the_wall(const HeadView& view, const Wall& wall) {
  constexpr int kNear = 28;
  Bitmap out(view.pixels.size());
  for (std::int32_t y = 0; y < HeadView::kSize.height; ++y) {
    for (std::int32_t x = 0; x < HeadView::kSize.width; ++x) {
      const Colour seen = colour_at(view.pixels, x, y), expected = wall.at(x);
      int worst = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        worst = std::max(worst, std::abs(seen[c] - expected[c]));
      }
      if (worst > kNear && is_of_photo(view, x, y)) {
        out.set(x, y);
      }
    }
  }
  return out;
}

/// White paper, a white wall (grey in a dim room), or blue.
bool is_allowed(const Colour& c) {
  constexpr int kDimWhite = 150, kTint = 38, kBlueOver = 20, kLeastBlue = 80;
  const auto [least, most] = std::minmax({c[0], c[1], c[2]});
  const bool white = least >= kDimWhite && most - least <= kTint;
  const bool blue = c[2] >= kLeastBlue && c[2] - c[0] >= kBlueOver && c[2] >= c[1];
  return white || blue;
}

std::string fault_of(const Wall& wall) {
  constexpr int kSlope = 60;
  for (const Colour& c : {wall.left, wall.right}) {
    if (!is_allowed(c)) {
      return fmt::format("neither white nor blue: red {}, green {}, blue {}", c[0], c[1], c[2]);
    }
  }
  for (std::size_t c = 0; c < 3; ++c) {
    if (std::abs(wall.left[c] - wall.right[c]) > kSlope) {
      return "much darker at one side than at the other";
    }
  }
  return {};
}

/// Rows from the brows up, until the column above the face shows nothing but wall.
Ground find_crown(const HeadView& view, const Bitmap& seen) {
  constexpr double kHalf = 0.45 * kSide, kBrows = -0.4 * kSide;
  constexpr double kBare = 0.04, kHead = 0.35;  // shares of the column
  constexpr int kRows = 4;
  double before = 0;  // share that was covered in the row below
  const auto from = static_cast<std::int32_t>(HeadView::kMiddle.x - kHalf);
  const auto to = static_cast<std::int32_t>(HeadView::kMiddle.x + kHalf);
  int bare = 0;
  for (auto y = static_cast<std::int32_t>(kFaceMiddle + kBrows); y >= 0; --y) {
    int covered = 0, known = 0;
    for (std::int32_t x = from; x < to; ++x) {
      known += is_of_photo(view, x, y) ? 1 : 0;
      covered += seen.get(x, y) ? 1 : 0;
    }
    if (known < (to - from) / 2) {
      return {{}, before > kHead, {}};
    }
    before = static_cast<double>(covered) / known;
    bare = covered <= kBare * known ? bare + 1 : 0;
    if (bare == kRows) {
      return {y + kRows, false, {}};
    }
  }
  return {};
}

/// Those marks that hang together with the face.
Bitmap person_among(const Bitmap& seen) {
  const Components parts = find_components(seen);
  constexpr auto kX = static_cast<std::int32_t>(HeadView::kMiddle.x), kY = static_cast<std::int32_t>(kFaceMiddle);
  const auto covers = [](const Component& c) { return c.left <= kX && kX < c.right && c.top <= kY && kY < c.bottom; };
  const Component* largest = nullptr;
  for (const Component& c : parts.list) {
    if (covers(c) && (largest == nullptr || c.pixels > largest->pixels)) {
      largest = &c;
    }
  }
  Bitmap out(seen.size());
  for (std::uint32_t i = 0; largest != nullptr && i < largest->runs; ++i) {
    const Run& run = parts.runs[parts.order[largest->first_run + i]];
    out.set_run(run.y, run.begin, run.end);
  }
  return out;
}

/// What stands beside the person, down to the cheeks: share of the photo's pixels there.
double clutter(const HeadView& view, const Bitmap& seen, double crown_y) {
  constexpr double kBeside = 1.0 * kSide, kAbove = 0.15 * kSide, kCheeks = 0.1 * kSide, kHair = 0.8 * kSide;
  const Bitmap person = person_among(seen);
  int all = 0, marks = 0;
  for (auto y = std::max(0, static_cast<std::int32_t>(crown_y - kAbove)); y < kFaceMiddle + kCheeks; ++y) {
    for (auto x = static_cast<std::int32_t>(HeadView::kMiddle.x - kBeside); x < HeadView::kMiddle.x + kBeside; ++x) {
      const bool near = y >= crown_y && std::abs(x - HeadView::kMiddle.x) < kHair;
      if (is_of_photo(view, x, y)) {
        ++all;
        marks += seen.get(x, y) && !(near && person.get(x, y)) ? 1 : 0;
      }
    }
  }
  return all == 0 ? 0 : static_cast<double>(marks) / all;
}

}  // namespace

HeadView look_at_head(const ImageView& image, const Face& face, const Quad& photo, double degrees) {
  const double scale = face.side / kSide;  // picture pixels for each of the view
  HeadView view;
  view.to_picture = Transform::translation(face.middle.x, face.middle.y) * Transform::rotation(degrees) *
                    Transform::scaling(scale, scale) *
                    Transform::translation(-HeadView::kMiddle.x, -HeadView::kMiddle.y);
  const auto factor = std::max(1, static_cast<std::int32_t>(scale));
  const Image smaller = factor > 1 ? reduce(image, factor) : Image{};
  const Transform to_smaller = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / factor, 1.0 / factor) *
                               Transform::translation(0.5, 0.5);
  view.pixels =
      render(factor > 1 ? smaller.view() : image, {to_smaller * view.to_picture, HeadView::kSize, image.dpi, nullptr});
  const Transform back = inverse(view.to_picture);
  std::transform(photo.begin(), photo.end(), view.photo.begin(), [&back](Point p) { return back.apply(p); });
  return view;
}

Ground look_behind(const HeadView& view) {
  const std::optional<Wall> wall = wall_behind(view);
  if (!wall) {
    return {{}, true, {}};
  }
  const Bitmap seen = before_the_wall(view, *wall);
  Ground ground = find_crown(view, seen);
  ground.fault = fault_of(*wall);
  if (!ground.fault.empty() || ground.head_cut) {
    return ground;
  }
  if (!ground.crown_y) {
    ground.fault = "not plain above the head";
    return ground;
  }
  constexpr double kMostClutter = 0.04;
  if (const double marks = clutter(view, seen, *ground.crown_y); marks > kMostClutter) {
    ground.fault = fmt::format("not plain: {:.0f} % of it differs", 100 * marks);
  }
  return ground;
}

}  // namespace quay::imaging
