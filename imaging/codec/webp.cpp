// SPDX-License-Identifier: Apache-2.0
// WebP through libwebp. Reading checks the size in the header before pixel memory is taken.
#include <webp/decode.h>
#include <webp/encode.h>

#include <algorithm>
#include <memory>

#include "imaging/codec/limits.hpp"
#include "imaging/codec/picture_files.hpp"

namespace quay::imaging {
namespace {

struct WebpFree {
  void operator()(std::uint8_t* bytes) const { WebPFree(bytes); }
};

std::vector<std::uint8_t> rgb_pixels(const ImageView& gray) {
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(gray.size.width) * static_cast<std::size_t>(gray.size.height) * 3);
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    const std::uint8_t* row = gray.row(y);
    for (std::int32_t x = 0; x < gray.size.width; ++x) {
      out.insert(out.end(), 3, row[x]);
    }
  }
  return out;
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_webp(const ImageView& image, int quality) {
  if (image.format == PixelFormat::bitonal || !image.is_consistent()) {
    return failure(Errc::image_unsupported, "webp.encode", "needs gray or rgb pixels");
  }
  if (std::max(image.size.width, image.size.height) > WEBP_MAX_DIMENSION) {
    return failure(Errc::image_encode_failed, "webp.encode", "a side of more than 16383 pixels");
  }
  const bool gray = image.format == PixelFormat::gray;
  const std::vector<std::uint8_t> copy = gray ? rgb_pixels(image) : std::vector<std::uint8_t>{};
  std::uint8_t* bytes = nullptr;
  const std::size_t size = WebPEncodeRGB(gray ? copy.data() : image.pixels.data(), image.size.width, image.size.height,
                                         gray ? image.size.width * 3 : static_cast<int>(image.stride_bytes),
                                         static_cast<float>(quality), &bytes);
  const std::unique_ptr<std::uint8_t, WebpFree> owner(bytes);
  if (size == 0) {
    return failure(Errc::image_encode_failed, "webp.encode", "libwebp gave up");
  }
  return std::vector<std::uint8_t>(bytes, bytes + size);
}

Result<Image> decode_webp(std::span<const std::uint8_t> file) {
  WebPBitstreamFeatures facts;
  if (WebPGetFeatures(file.data(), file.size(), &facts) != VP8_STATUS_OK || facts.has_animation != 0) {
    return failure(Errc::image_unreadable, "webp.decode", "no still WebP picture");
  }
  if (const Status fits = check_size(facts.width, facts.height); !fits) {
    return failure(fits.error());
  }
  Image out(PixelFormat::rgb, {facts.width, facts.height}, {});
  if (facts.has_alpha == 0) {
    const auto* done = WebPDecodeRGBInto(file.data(), file.size(), out.pixels().data(), out.pixels().size(),
                                         static_cast<int>(out.stride_bytes()));
    return done != nullptr ? Result<Image>(std::move(out))
                           : failure(Errc::image_unreadable, "webp.decode", "damaged or cut off");
  }
  std::vector<std::uint8_t> rgba(out.pixels().size() / 3 * 4);
  if (WebPDecodeRGBAInto(file.data(), file.size(), rgba.data(), rgba.size(), facts.width * 4) == nullptr) {
    return failure(Errc::image_unreadable, "webp.decode", "damaged or cut off");
  }
  std::uint8_t* to = out.pixels().data();
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    const unsigned alpha = rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      *to++ = static_cast<std::uint8_t>((rgba[i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return out;
}

}  // namespace quay::imaging
