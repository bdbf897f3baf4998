// SPDX-License-Identifier: Apache-2.0
// Area averages in fixed point: first down the columns into one row of sums, then along the row.
#include "imaging/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace quay::imaging {
namespace {

constexpr int kUnit = 256;  // weight of a whole input row or pixel

/// Input pixels under one output pixel: [first, last], of which the first and the last may count in part.
struct Cover {
  std::int32_t first = 0, last = 0;
  int first_weight = kUnit, last_weight = kUnit;
};

/// What each of `to` output pixels covers of `from` input pixels. A sliver of less than 1/256 counts as nothing.
std::vector<Cover> covers(std::int32_t from, std::int32_t to) {
  std::vector<Cover> out(static_cast<std::size_t>(to));
  for (std::int32_t i = 0; i < to; ++i) {
    const std::int64_t begin = static_cast<std::int64_t>(i) * from * kUnit / to;
    const std::int64_t end = static_cast<std::int64_t>(i + 1) * from * kUnit / to;
    Cover& cover = out[static_cast<std::size_t>(i)];
    cover.first = static_cast<std::int32_t>(begin / kUnit);
    cover.last = static_cast<std::int32_t>((end - 1) / kUnit);
    cover.first_weight = static_cast<int>(std::min<std::int64_t>(end, (cover.first + 1LL) * kUnit) - begin);
    cover.last_weight = static_cast<int>(end - static_cast<std::int64_t>(cover.last) * kUnit);
  }
  return out;
}

int weight_of(const Cover& cover, std::int32_t i) {
  if (i == cover.first) {
    return cover.first_weight;
  }
  return i == cover.last ? cover.last_weight : kUnit;
}

/// `row` times `weight` onto `sums`.
void add_row(const std::uint8_t* row, int weight, std::vector<std::uint32_t>& sums) {
  const auto w = static_cast<std::uint32_t>(weight);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    sums[i] += row[i] * w;
  }
}

template <std::size_t kChannels>
void average_row(const std::vector<std::uint32_t>& sums, const std::vector<Cover>& columns, std::uint64_t weight_down,
                 std::uint8_t* to) {
  for (const Cover& cover : columns) {
    std::array<std::uint64_t, kChannels> sum{};
    std::uint64_t weight = 0;
    for (std::int32_t x = cover.first; x <= cover.last; ++x) {
      const auto w = static_cast<std::uint64_t>(weight_of(cover, x));
      weight += w;
      for (std::size_t c = 0; c < kChannels; ++c) {
        sum[c] += sums[static_cast<std::size_t>(x) * kChannels + c] * w;
      }
    }
    const std::uint64_t all = weight * weight_down;
    for (std::size_t c = 0; c < kChannels; ++c) {
      *to++ = static_cast<std::uint8_t>((sum[c] + all / 2) / all);
    }
  }
}

}  // namespace

std::int32_t scaled(std::int32_t length, Dpi from, Dpi to) {
  const double share = from.value > 0 ? std::min(1.0, to.value / from.value) : 1.0;
  return std::clamp(static_cast<std::int32_t>(std::ceil(length * share - 1e-6)), 1, std::max(length, 1));
}

Image shrink(const ImageView& image, PixelSize size) {
  Image out(image.format, size, Dpi{image.dpi.value * size.width / image.size.width});
  const std::vector<Cover> columns = covers(image.size.width, size.width);
  const std::vector<Cover> rows = covers(image.size.height, size.height);
  std::vector<std::uint32_t> sums(packed_row_bytes(image.format, image.size.width));
  for (std::int32_t y = 0; y < size.height; ++y) {
    const Cover& cover = rows[static_cast<std::size_t>(y)];
    std::fill(sums.begin(), sums.end(), 0U);
    std::uint64_t weight = 0;
    for (std::int32_t v = cover.first; v <= cover.last; ++v) {
      add_row(image.row(v), weight_of(cover, v), sums);
      weight += static_cast<std::uint64_t>(weight_of(cover, v));
    }
    if (image.format == PixelFormat::rgb) {
      average_row<3>(sums, columns, weight, out.row(y));
    } else {
      average_row<1>(sums, columns, weight, out.row(y));
    }
  }
  return out;
}

Image shrink(const ImageView& image, Dpi dpi) {
  return shrink(image, {scaled(image.size.width, image.dpi, dpi), scaled(image.size.height, image.dpi, dpi)});
}

ImageView cut_view(const ImageView& image, std::int32_t left, std::int32_t top, PixelSize size) {
  ImageView part = image;
  part.pixels =
      image.pixels.subspan(static_cast<std::size_t>(top) * image.stride_bytes + packed_row_bytes(image.format, left));
  part.size = size;
  return part;
}

}  // namespace quay::imaging
