// SPDX-License-Identifier: Apache-2.0
// Whatever pixels a device hands over, at any size, stride, depth and resolution: they become a page and a PDF.
#include <algorithm>
#include <cmath>
#include <vector>

#include "imaging/pipeline.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

namespace {

constexpr std::size_t kHead = 8;

/// The first bytes say what the picture is like; the rest are its pixels, over and over.
struct Picture {
  std::vector<std::uint8_t> pixels;
  ImageView view;

  Picture(const std::uint8_t* data, std::size_t size) {
    constexpr double kDpi[] = {0, 1, 72, 98, 200, 300, 600, 1e9};
    view.size = {1 + (data[0] | (data[1] & 3) << 8), 1 + (data[2] | (data[3] & 3) << 8)};
    view.format = static_cast<PixelFormat>(data[4] % 3);
    view.stride_bytes = packed_row_bytes(view.format, view.size.width) + data[5] % 7;
    view.dpi = Dpi{kDpi[data[6] % 8]};
    pixels.resize(view.stride_bytes * static_cast<std::size_t>(view.size.height));
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = size > kHead ? data[kHead + i % (size - kHead)] : std::uint8_t{255};
    }
    view.pixels = pixels;
  }
};

imaging::CleanSettings settings_of(std::uint8_t bits) {
  imaging::CleanSettings out;
  out.keep_geometry = (bits & 1) != 0;
  out.deskew = (bits & 2) == 0;
  out.crop = (bits & 4) == 0;
  out.whiten = (bits & 8) == 0;
  out.read_codes = (bits & 16) == 0;
  out.dpi = Dpi{(bits & 32) != 0 ? 200.0 : 0.0};
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHead) {
    return 0;
  }
  const Picture picture(data, size);
  const auto page = imaging::clean(picture.view, settings_of(data[7]));
  require(page.has_value(), "a consistent picture becomes a page");
  require(page->image.view().is_consistent(), "size, stride and pixels agree");
  require(page->paper.width.value > 0 && page->paper.height.value > 0, "a page has a true size");
  require(std::all_of(page->transform.m.begin(), page->transform.m.end(), [](double v) { return std::isfinite(v); }),
          "a place of the picture has a place on the page");
  const auto coded = imaging::encode(*page, *imaging::profile_named("hoso"));
  require(coded.has_value() && coded->bytes.size() > 100, "a page becomes a PDF");
  return 0;
}
