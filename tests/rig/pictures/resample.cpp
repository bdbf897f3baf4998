// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/pictures/resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace quay::rig {
namespace {

constexpr int kWeightBits = 14;

/// The source samples that make one destination sample.
struct Taps {
  std::int32_t first = 0;
  std::vector<std::int32_t> weights;  // sum 1 << kWeightBits
};

Taps taps_at(double centre, double support, std::int32_t limit) {
  const auto first = std::max<std::int32_t>(0, static_cast<std::int32_t>(std::ceil(centre - support - 0.5)));
  const auto last = std::min<std::int32_t>(limit - 1, static_cast<std::int32_t>(std::floor(centre + support - 0.5)));
  std::vector<double> raw;
  double sum = 0;
  for (std::int32_t at = first; at <= last; ++at) {
    raw.push_back(std::max(0.0, 1.0 - std::abs(at + 0.5 - centre) / support));
    sum += raw.back();
  }
  Taps taps;
  taps.first = std::min(first, limit - 1);
  std::int32_t left = 1 << kWeightBits;
  for (const double weight : raw) {
    taps.weights.push_back(sum > 0 ? static_cast<std::int32_t>(weight / sum * (1 << kWeightBits)) : 0);
    left -= taps.weights.back();
  }
  if (taps.weights.empty()) {
    taps.weights.push_back(0);
  }
  taps.weights[taps.weights.size() / 2] += left;
  return taps;
}

std::vector<Taps> make_taps(double start, double length, std::int32_t count, std::int32_t limit) {
  const double scale = length / count;
  const double support = std::max(1.0, scale);
  std::vector<Taps> taps;
  taps.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    taps.push_back(taps_at(start + (i + 0.5) * scale, support, limit));
  }
  return taps;
}

std::uint8_t rounded(std::int32_t weighted) {
  return static_cast<std::uint8_t>(std::clamp((weighted + (1 << (kWeightBits - 1))) >> kWeightBits, 0, 255));
}

void squeeze_row(const std::uint8_t* source, const std::vector<Taps>& columns, std::size_t channels,
                 std::uint8_t* target) {
  for (const Taps& taps : columns) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const std::uint8_t* sample = source + static_cast<std::size_t>(taps.first) * channels + channel;
      std::int32_t sum = 0;
      for (const std::int32_t weight : taps.weights) {
        sum += weight * *sample;
        sample += channels;
      }
      *target++ = rounded(sum);
    }
  }
}

void blend_rows(const Image& source, const Taps& taps, std::uint8_t* target) {
  const std::size_t samples = source.stride_bytes();
  std::vector<std::int32_t> sums(samples, 0);
  std::int32_t y = taps.first;
  for (const std::int32_t weight : taps.weights) {
    const std::uint8_t* row = source.row(y++);
    for (std::size_t i = 0; i < samples; ++i) {
      sums[i] += weight * row[i];
    }
  }
  std::transform(sums.begin(), sums.end(), target, rounded);
}

}  // namespace

Image resample(const ImageView& image, const PixelBox& box, PixelSize size, Dpi dpi) {
  const std::size_t channels = image.format == PixelFormat::gray ? 1 : 3;
  const auto columns = make_taps(box.left, box.width, size.width, image.size.width);
  const auto rows = make_taps(box.top, box.height, size.height, image.size.height);
  Image narrow(image.format, {size.width, image.size.height}, dpi);
  const std::int32_t first = rows.front().first;
  const std::int32_t last = rows.back().first + static_cast<std::int32_t>(rows.back().weights.size());
  for (std::int32_t y = first; y < std::min(last, image.size.height); ++y) {
    squeeze_row(image.row(y), columns, channels, narrow.row(y));
  }
  Image result(image.format, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    blend_rows(narrow, rows[static_cast<std::size_t>(y)], result.row(y));
  }
  return result;
}

Image to_gray(const ImageView& image) {
  Image gray(PixelFormat::gray, image.size, image.dpi);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = gray.row(y);
    for (std::int32_t x = 0; x < image.size.width; ++x) {
      if (image.format == PixelFormat::gray) {
        to[x] = from[x];
      } else {
        to[x] = static_cast<std::uint8_t>((299 * from[3 * x] + 587 * from[3 * x + 1] + 114 * from[3 * x + 2]) / 1000);
      }
    }
  }
  return gray;
}

Image to_bitonal(const ImageView& image, std::uint8_t threshold) {
  Image bitonal(PixelFormat::bitonal, image.size, image.dpi);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = bitonal.row(y);
    for (std::int32_t x = 0; x < image.size.width; ++x) {
      const int bit = from[x] < threshold ? 0x80 >> (x % 8) : 0;
      to[x / 8] = static_cast<std::uint8_t>(to[x / 8] | bit);
    }
  }
  return bitonal;
}

Image to_rgb(const ImageView& image) {
  Image rgb(PixelFormat::rgb, image.size, image.dpi);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    const std::uint8_t* from = image.row(y);
    std::uint8_t* to = rgb.row(y);
    for (std::int32_t x = 0; x < image.size.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        *to++ = image.format == PixelFormat::gray ? from[x] : from[3 * x + channel];
      }
    }
  }
  return rgb;
}

}  // namespace quay::rig
