// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/desk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/rig/pictures/resample.hpp"

namespace quay::rig {
namespace {

constexpr std::array<double, 3> kWood{104, 82, 62};
constexpr std::array<double, 3> kSkin{205, 160, 135};
constexpr double kShadow = 0.18;  ///< how much darker the far corner is
constexpr double kTilt = 0.04;    ///< the camera does not look straight down: the far end of things is so much smaller
constexpr int kNoise = 2;

/// Noise that is the same on every machine (Marsaglia's xorshift32), a line of it for each row of a frame.
class Grain {
 public:
  explicit Grain(std::uint32_t seed) : state_(seed * 2654435761U + 1), noise_(kLine) {
    for (int& value : noise_) {
      value = static_cast<int>(next() % (2 * kNoise + 1)) - kNoise;
    }
  }
  /// At least kRow values.
  const int* row() { return noise_.data() + next() % (kLine - kRow); }
  static constexpr std::uint32_t kRow = 32 * 1024;

 private:
  static constexpr std::uint32_t kLine = 128 * 1024;
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  std::uint32_t state_;
  std::vector<int> noise_;
};

struct Spot {
  double x = 0;
  double y = 0;
};

/// From a pixel of the frame to where it lies on the sheet, both sides of which run from 0 to 1.
class Placement {
 public:
  Placement(const Desk& desk, PixelSize frame, double aspect)
      : frame_(frame),
        high_(desk.height * frame.height),
        wide_(high_ * aspect),
        middle_{frame.width / 2.0 + desk.right * frame.height, frame.height / 2.0 + desk.down * frame.height},
        cos_(std::cos(desk.turn_deg * std::numbers::pi / 180)),
        sin_(std::sin(desk.turn_deg * std::numbers::pi / 180)) {}

  Spot on_sheet(int x, int y) const {
    const double grown = 1 + kTilt * (0.5 - static_cast<double>(y) / frame_.height);
    const double dx = (x - frame_.width / 2.0) * grown + frame_.width / 2.0 - middle_.x;
    const double dy = y - middle_.y;
    return {(dx * cos_ + dy * sin_) / wide_ + 0.5, (dy * cos_ - dx * sin_) / high_ + 0.5};
  }

 private:
  PixelSize frame_;
  double high_;
  double wide_;
  Spot middle_;
  double cos_;
  double sin_;
};

std::array<double, 3> bilinear(const Image& image, Spot at) {
  const double x = std::clamp(at.x * image.size().width - 0.5, 0.0, image.size().width - 1.001);
  const double y = std::clamp(at.y * image.size().height - 0.5, 0.0, image.size().height - 1.001);
  const auto left = static_cast<std::int32_t>(x);
  const auto top = static_cast<std::int32_t>(y);
  const double fx = x - left;
  const double fy = y - top;
  const std::uint8_t* above = image.row(top) + static_cast<std::ptrdiff_t>(left) * 3;
  const std::uint8_t* below =
      image.row(std::min(top + 1, image.size().height - 1)) + static_cast<std::ptrdiff_t>(left) * 3;
  std::array<double, 3> out{};
  for (std::size_t c = 0; c < 3; ++c) {
    out[c] = (above[c] * (1 - fx) + above[c + 3] * fx) * (1 - fy) + (below[c] * (1 - fx) + below[c + 3] * fx) * fy;
  }
  return out;
}

bool is_on(Spot at) { return at.x >= 0 && at.x < 1 && at.y >= 0 && at.y < 1; }

/// A fist with its arm, over the lower right corner of where the sheet lies.
bool is_hand(Spot at) {
  const double dx = at.x - 0.92;
  const double dy = at.y - 0.86;
  return dx * dx / 0.03 + dy * dy / 0.012 < 1 || (at.x > 0.92 && std::abs(dy - 0.3 * dx) < 0.05);
}

/// Averages along one direction, `step` pixels of three bytes apart.
void smear(std::uint8_t* line, std::int32_t count, std::size_t step, std::int32_t reach) {
  std::vector<int> before(static_cast<std::size_t>(count));
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::int32_t i = 0; i < count; ++i) {
      before[static_cast<std::size_t>(i)] = line[static_cast<std::size_t>(i) * step + c];
    }
    int sum = 0;
    int held = 0;
    for (std::int32_t i = -reach; i < count; ++i) {
      if (i + reach < count) {
        sum += before[static_cast<std::size_t>(i + reach)];
        ++held;
      }
      if (i - reach - 1 >= 0) {
        sum -= before[static_cast<std::size_t>(i - reach - 1)];
        --held;
      }
      if (i >= 0) {
        line[static_cast<std::size_t>(i) * step + c] = static_cast<std::uint8_t>(sum / held);
      }
    }
  }
}

void blur(Image& image, std::int32_t reach) {
  for (int pass = 0; pass < 2; ++pass) {
    for (std::int32_t y = 0; y < image.size().height; ++y) {
      smear(image.row(y), image.size().width, 3, reach);
    }
    for (std::int32_t x = 0; x < image.size().width; ++x) {
      smear(image.row(0) + static_cast<std::ptrdiff_t>(x) * 3, image.size().height, image.stride_bytes(), reach);
    }
  }
}

void light_up(Image& image, double light, std::uint32_t seed) {
  Grain grain(seed);
  const double corner = 1.0 / (static_cast<double>(image.size().width) * image.size().width +
                               static_cast<double>(image.size().height) * image.size().height);
  for (std::int32_t y = 0; y < image.size().height; ++y) {
    std::uint8_t* row = image.row(y);
    const int* noise = grain.row();
    const double down = static_cast<double>(y) * y;
    for (std::int32_t x = 0; x < image.size().width; ++x) {
      const double here = light * (1 - kShadow * (static_cast<double>(x) * x + down) * corner);
      for (int c = 0; c < 3; ++c) {
        const int value = static_cast<int>(row[x * 3 + c] * here) + noise[x * 3 + c];
        row[x * 3 + c] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
      }
    }
  }
}

}  // namespace

Image draw_desk(const Desk& desk, const Image& sheet, PixelSize size, std::uint32_t grain) {
  const bool has_sheet = desk.sheet.has_value();
  const double aspect = has_sheet ? static_cast<double>(sheet.size().width) / sheet.size().height : 0.707;
  const auto high = static_cast<std::int32_t>(desk.height * size.height);
  const PixelSize near_size{std::max(1, static_cast<std::int32_t>(high * aspect)), std::max(1, high)};
  const PixelBox whole{0, 0, static_cast<double>(sheet.size().width), static_cast<double>(sheet.size().height)};
  const Image page = has_sheet ? resample(sheet.view(), whole, near_size, Dpi{0}) : Image();
  const Placement place(desk, size, aspect);
  Image frame(PixelFormat::rgb, size, Dpi{0});
  for (std::int32_t y = 0; y < size.height; ++y) {
    std::uint8_t* row = frame.row(y);
    const double vein = 3 * std::sin(0.004 * y);
    for (std::int32_t x = 0; x < size.width; ++x) {
      const Spot at = place.on_sheet(x, y);
      std::array<double, 3> colour = kWood;
      if (desk.hand && is_hand(at)) {
        colour = kSkin;
      } else if (has_sheet && is_on(at)) {
        colour = bilinear(page, at);
      } else {
        colour[0] += 8 * std::sin(0.02 * x + vein);
      }
      for (std::size_t c = 0; c < 3; ++c) {
        row[static_cast<std::size_t>(x) * 3 + c] = static_cast<std::uint8_t>(colour[c]);
      }
    }
  }
  if (const auto reach = static_cast<std::int32_t>(std::lround(desk.blur * size.height)); reach > 0) {
    blur(frame, reach);
  }
  light_up(frame, desk.light, grain);
  return frame;
}

}  // namespace quay::rig
