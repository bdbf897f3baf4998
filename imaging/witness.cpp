// SPDX-License-Identifier: Apache-2.0
#include "imaging/witness.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/bitmap.hpp"

namespace quay::imaging {
namespace {

constexpr std::array<std::string_view, 14> kNames{"input",        "sheet",   "upright", "geometry", "paper",
                                                  "illumination", "removed", "clean",   "mask",     "ground",
                                                  "picture",      "ink",     "stamp",   "result"};

Image to_rgb(const ImageView& view) {
  Image out(PixelFormat::rgb, view.size, view.dpi);
  const std::size_t channels = packed_row_bytes(view.format, 1);
  for (std::int32_t y = 0; y < view.size.height; ++y) {
    const std::uint8_t* from = view.row(y);
    std::uint8_t* to = out.row(y);
    for (std::int32_t i = 0; i < 3 * view.size.width; ++i) {
      to[i] = channels == 3 ? from[i] : from[i / 3];
    }
  }
  return out;
}

void draw_line(Image& image, Point from, Point to) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  for (double at = 0; at <= length; at += 0.5) {
    const auto x = static_cast<std::int32_t>(std::lround(from.x + (to.x - from.x) * at / std::max(length, 1.0)));
    const auto y = static_cast<std::int32_t>(std::lround(from.y + (to.y - from.y) * at / std::max(length, 1.0)));
    if (x >= 0 && y >= 0 && x < image.size().width && y < image.size().height) {
      std::uint8_t* pixel = image.row(y) + 3 * static_cast<std::size_t>(x);
      pixel[0] = 230;
      pixel[1] = pixel[2] = 0;
    }
  }
}

}  // namespace

std::string_view stage_name(Stage stage) { return kNames.at(static_cast<std::size_t>(stage) - 1); }

Image outlined(const ImageView& small, std::int32_t factor, const Quad& sheet) {
  Image out = to_rgb(small);
  const auto reduced = [factor](Point p) { return Point{(p.x + 0.5) / factor - 0.5, (p.y + 0.5) / factor - 0.5}; };
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    draw_line(out, reduced(sheet[i]), reduced(sheet[(i + 1) % sheet.size()]));
  }
  return out;
}

Image difference(const Image& before, const Image& after) {
  Bitmap out(after.size());
  const std::size_t pixel = packed_row_bytes(after.format(), 1);
  for (std::int32_t y = 0; y < after.size().height; ++y) {
    for (std::int32_t x = 0; x < after.size().width; ++x) {
      const std::size_t at = static_cast<std::size_t>(x) * pixel;
      if (!std::equal(before.row(y) + at, before.row(y) + at + pixel, after.row(y) + at)) {
        out.set(x, y);
      }
    }
  }
  return to_image(out, after.dpi());
}

}  // namespace quay::imaging
