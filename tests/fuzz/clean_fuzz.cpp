// SPDX-License-Identifier: Apache-2.0
// Whatever pixels a device hands over, at any size, stride, depth and resolution: they become a page and a PDF.
#include <algorithm>
#include <cmath>

#include "imaging/pipeline.hpp"
#include "tests/fuzz/any_picture.hpp"
#include "tests/fuzz/require.hpp"

using namespace quay;
using fuzz::require;

namespace {

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
  if (size < fuzz::AnyPicture::kHead) {
    return 0;
  }
  const fuzz::AnyPicture picture(data, size);
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
