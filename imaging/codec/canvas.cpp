// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/canvas.hpp"

#include <algorithm>

#include "imaging/cleanup/render.hpp"
#include "imaging/components.hpp"

namespace quay::imaging {
namespace {

/// `picture` stretched to `size`.
Image stretched(const ImageView& picture, PixelSize size) {
  const double x = static_cast<double>(picture.size.width) / size.width;
  const double y = static_cast<double>(picture.size.height) / size.height;
  const Transform to_input =
      Transform::translation(-0.5, -0.5) * Transform::scaling(x, y) * Transform::translation(0.5, 0.5);
  return render(picture, {to_input, size, picture.dpi});
}

void copy_pixel(const Image& from, std::int32_t x, std::int32_t y, std::uint8_t* to) {
  const std::size_t channels = from.format() == PixelFormat::rgb ? 3 : 1;
  const std::uint8_t* p = from.row(y) + static_cast<std::size_t>(x) * channels;
  for (std::size_t c = 0; c < 3; ++c) {
    to[c] = p[channels == 3 ? c : 0];
  }
}

}  // namespace

Canvas::Canvas(PixelSize size, Dpi dpi) : image_(PixelFormat::rgb, size, dpi) {
  std::fill(image_.pixels().begin(), image_.pixels().end(), std::uint8_t{255});
}

void Canvas::paint(const Box& box, const ImageView& picture) {
  const Image full = stretched(picture, box.size());
  for (std::int32_t y = 0; y < box.size().height; ++y) {
    std::uint8_t* to = image_.row(box.top + y) + static_cast<std::size_t>(box.left) * 3;
    for (std::int32_t x = 0; x < box.size().width; ++x, to += 3) {
      copy_pixel(full, x, y, to);
    }
  }
}

void Canvas::paint(const Box& box, const ImageView& picture, const Bitmap& mask) {
  const Image full = stretched(picture, box.size());
  for (std::int32_t y = 0; y < box.size().height; ++y) {
    std::uint8_t* row = image_.row(box.top + y) + static_cast<std::size_t>(box.left) * 3;
    for_each_run(mask.row(y), mask.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = begin; x < end; ++x) {
        copy_pixel(full, x, y, row + static_cast<std::size_t>(x) * 3);
      }
    });
  }
}

void Canvas::paint(const Bitmap& mask, const Rgb& colour) {
  for (std::int32_t y = 0; y < mask.size().height; ++y) {
    std::uint8_t* row = image_.row(y);
    for_each_run(mask.row(y), mask.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = begin; x < end; ++x) {
        std::copy(colour.begin(), colour.end(), row + static_cast<std::size_t>(x) * 3);
      }
    });
  }
}

}  // namespace quay::imaging
