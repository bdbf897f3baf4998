// SPDX-License-Identifier: Apache-2.0
// Shows a witness what a page is taken apart into, and what of it a reader will see.
#include "imaging/encode.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/layers/layers.hpp"
#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

/// Pixels of `mask` in `colour`, or as `page` has them, on white.
Image painted(const ImageView& page, const Bitmap& mask, const Rgb* colour) {
  Image out(PixelFormat::rgb, mask.size(), page.dpi);
  const std::size_t channels = packed_row_bytes(page.format, 1);
  for (std::int32_t y = 0; y < mask.size().height; ++y) {
    const std::uint8_t* from = page.row(y);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < mask.size().width; ++x, from += channels, to += 3) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::uint8_t level = colour != nullptr ? (*colour)[c] : from[c % channels];
        to[c] = mask.get(x, y) ? level : 255;
      }
    }
  }
  return out;
}

void show_layers(const ImageView& page, bool patterned, const Witness& witness) {
  witness({Stage::mask, to_image(ink_mask(darkness_of(page)), page.dpi).view()});
  const Layers layers = take_apart(page, patterned);
  if (!layers.ground.empty()) {
    witness({Stage::ground, layers.ground.view()});
  }
  std::size_t count = 0;
  for (const Picture& picture : layers.pictures) {
    witness({Stage::picture, cut_view(page, picture.box.left, picture.box.top, picture.box.size()), ++count});
  }
  count = 0;
  for (const Ink& ink : layers.inks) {
    witness({Stage::ink, painted(page, ink.mask, &ink.colour).view(), ++count});
  }
  count = 0;
  for (const Stamp& stamp : layers.stamps) {
    const ImageView place = cut_view(page, stamp.box.left, stamp.box.top, stamp.box.size());
    witness({Stage::stamp, painted(place, stamp.mask, nullptr).view(), ++count});
  }
}

}  // namespace

Status show_encoding(const CleanPage& page, const Profile& profile, const Detail& detail, const Witness& witness) {
  if (takes_apart(page, profile)) {
    const Image shrunk = detail.dpi < page.image.dpi() ? shrink(page.image.view(), detail.dpi) : Image{};
    show_layers(shrunk.empty() ? page.image.view() : shrunk.view(), page.patterned, witness);
  }
  Image shown;
  if (const auto encoded = encode_at(page, profile, detail, &shown); !encoded) {
    return failure(encoded.error());
  }
  witness({Stage::result, shown.view()});
  return {};
}

}  // namespace quay::imaging
