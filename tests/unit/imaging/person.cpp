// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/imaging/person.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace quay::imaging::testing {
namespace {

using Colour = std::array<double, 3>;

/// A filled ellipse in heights of the head, middle of the head at (0, 0). `left` and `right` are drawn once each.
struct Patch {
  Point centre;
  double across, down;  // half lengths
  Colour colour;
  bool pair = false;
  double cover = 1;
};

constexpr Colour kSkin{222, 178, 150}, kHair{38, 30, 28}, kShirt{60, 70, 110}, kDark{40, 26, 24};

constexpr Colour shade(double share) { return {kSkin[0] * share, kSkin[1] * share, kSkin[2] * share}; }

/// From the back to the front.
constexpr std::array<Patch, 20> kPatches{{
    {{0, 1.28}, 0.95, 0.60, kShirt},
    {{0, 0.55}, 0.17, 0.28, shade(0.78)},
    {{0, -0.10}, 0.375, 0.40, kHair},
    {{0.345, 0.06}, 0.05, 0.10, shade(0.86), true},
    {{0, 0.03}, 0.33, 0.47, shade(0.92)},
    {{0, 0.05}, 0.28, 0.42, shade(1.0), false, 0.8},
    {{0, -0.36}, 0.30, 0.14, kHair},
    {{0.155, -0.01}, 0.11, 0.065, shade(0.80), true, 0.7},
    {{0.155, -0.095}, 0.09, 0.018, kDark, true, 0.85},
    {{0.155, 0.0}, 0.066, 0.027, {232, 228, 224}, true},
    {{0.155, 0.0}, 0.028, 0.028, {58, 36, 26}, true},
    {{0.155, 0.0}, 0.012, 0.012, {8, 8, 8}, true},
    {{0.155, -0.024}, 0.074, 0.009, kDark, true},
    {{0.155, 0.03}, 0.066, 0.006, shade(0.6), true, 0.7},
    {{0.052, 0.08}, 0.016, 0.13, shade(0.82), true, 0.6},
    {{0, 0.10}, 0.026, 0.13, shade(1.12), false, 0.7},
    {{0, 0.195}, 0.075, 0.022, shade(0.72), false, 0.8},
    {{0.038, 0.192}, 0.020, 0.010, kDark, true},
    {{0, 0.310}, 0.110, 0.032, {176, 92, 88}},
    {{0, 0.308}, 0.108, 0.006, kDark},
}};

double cover_of(const Patch& patch, Point at, double pixels) {
  const double x = patch.pair ? std::abs(at.x) - patch.centre.x : at.x - patch.centre.x;
  const double far = std::hypot(x / patch.across, (at.y - patch.centre.y) / patch.down) - 1;
  return patch.cover * std::clamp(0.5 - far * std::min(patch.across, patch.down) * pixels, 0.0, 1.0);
}

}  // namespace

void draw_person(Image& picture, const Person& person) {
  const Transform to_head = Transform::scaling(1 / person.head_px, 1 / person.head_px) *
                            Transform::rotation(-person.degrees) *
                            Transform::translation(-person.middle.x, -person.middle.y);
  const double reach = 2 * person.head_px;
  const auto within = [](double v, std::int32_t most) {
    return static_cast<std::int32_t>(std::clamp(v, 0.0, most + 0.0));
  };
  const PixelSize size = picture.size();
  for (std::int32_t y = within(person.middle.y - 0.6 * person.head_px, size.height);
       y < within(person.middle.y + reach, size.height); ++y) {
    for (std::int32_t x = within(person.middle.x - 0.6 * reach, size.width);
         x < within(person.middle.x + 0.6 * reach, size.width); ++x) {
      const Point at = to_head.apply({static_cast<double>(x), static_cast<double>(y)});
      std::uint8_t* to = picture.row(y) + std::ptrdiff_t{3} * x;
      const double light = person.light * (at.x < 0 && std::abs(at.y) < 0.6 ? person.left_light : 1.0);
      for (const Patch& patch : kPatches) {
        const double cover = cover_of(patch, at, person.head_px / person.soft_px);
        for (std::size_t c = 0; cover > 0 && c < 3; ++c) {
          const double ink = std::min(patch.colour[c] * light, 255.0);
          to[c] = static_cast<std::uint8_t>(std::lround(to[c] * (1 - cover) + ink * cover));
        }
      }
    }
  }
}

}  // namespace quay::imaging::testing
