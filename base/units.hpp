// SPDX-License-Identifier: Apache-2.0
// Strong types for measures, so that dots per inch, millimetres and pixels cannot be swapped.
#pragma once

#include <cmath>
#include <cstdint>

namespace quay {

inline constexpr double kMillimetresPerInch = 25.4;
inline constexpr double kPointsPerInch = 72.0;

/// Resolution in dots per inch.
struct Dpi {
  double value = 0;
  auto operator<=>(const Dpi&) const = default;
};

/// Length in millimetres.
struct Millimetres {
  double value = 0;
  auto operator<=>(const Millimetres&) const = default;
};

/// A size in pixels; x runs right, y runs down.
struct PixelSize {
  std::int32_t width = 0;
  std::int32_t height = 0;
  bool operator==(const PixelSize&) const = default;
};

/// A size on paper.
struct PaperSize {
  Millimetres width;
  Millimetres height;
  bool operator==(const PaperSize&) const = default;
};

inline constexpr PaperSize kA4{{210.0}, {297.0}};
inline constexpr PaperSize kA5{{148.0}, {210.0}};

inline std::int32_t to_pixels(Millimetres length, Dpi dpi) {
  return static_cast<std::int32_t>(std::lround(length.value / kMillimetresPerInch * dpi.value));
}

inline Millimetres to_millimetres(std::int32_t pixels, Dpi dpi) {
  return Millimetres{static_cast<double>(pixels) / dpi.value * kMillimetresPerInch};
}

inline double to_points(Millimetres length) { return length.value / kMillimetresPerInch * kPointsPerInch; }

}  // namespace quay
