// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/pictures/heic.hpp"

#include "base/freed.hpp"

#include <libheif/heif.h>

#include <algorithm>
#include <array>
#include <memory>

namespace quay::rig {
namespace {

using Context = std::unique_ptr<heif_context, Freed<heif_context_free>>;
using Encoder = std::unique_ptr<heif_encoder, Freed<heif_encoder_release>>;
using Picture = std::unique_ptr<heif_image, Freed<heif_image_release>>;
using Handle = std::unique_ptr<heif_image_handle, Freed<heif_image_handle_release>>;
using Options = std::unique_ptr<heif_encoding_options, Freed<heif_encoding_options_free>>;

bool well(const heif_error& error) { return error.code == heif_error_Ok; }

Picture picture_of(const ImageView& image) {
  heif_image* raw = nullptr;
  if (!well(heif_image_create(image.size.width, image.size.height, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
                              &raw))) {
    return {};
  }
  Picture picture(raw);
  int stride = 0;
  if (!well(heif_image_add_plane(raw, heif_channel_interleaved, image.size.width, image.size.height, 8))) {
    return {};
  }
  std::uint8_t* to = heif_image_get_plane(raw, heif_channel_interleaved, &stride);
  for (std::int32_t y = 0; y < image.size.height; ++y, to += stride) {
    const auto row = image.pixels.subspan(static_cast<std::size_t>(y) * image.stride_bytes,
                                          3 * static_cast<std::size_t>(image.size.width));
    std::copy(row.begin(), row.end(), to);
  }
  return picture;
}

/// A TIFF block of one directory with one entry, the orientation.
Bytes exif_block(int orientation) {
  return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, static_cast<std::uint8_t>(orientation),
          0,   0,   0,  0, 0, 0, 0};
}

heif_error collect(heif_context* /*context*/, const void* data, std::size_t size, void* into) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  static_cast<Bytes*>(into)->insert(static_cast<Bytes*>(into)->end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

}  // namespace

Result<Bytes> encode_heic(const ImageView& image, const HeicOptions& options) {
  const auto gave_up = [](const char* step) { return failure(Errc::image_encode_failed, "rig.heic", step); };
  const Context context(heif_context_alloc());
  const Picture picture = image.format == PixelFormat::rgb ? picture_of(image) : Picture();
  heif_encoder* raw_encoder = nullptr;
  if (!picture || !well(heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &raw_encoder))) {
    return gave_up("no encoder");
  }
  const Encoder encoder(raw_encoder);
  heif_encoder_set_lossy_quality(raw_encoder, options.quality);
  heif_encoder_set_parameter_string(raw_encoder, "preset", "ultrafast");
  const Options how(heif_encoding_options_alloc());
  how->image_orientation = static_cast<heif_orientation>(options.orientation);
  heif_image_handle* raw_handle = nullptr;
  if (!well(heif_context_encode_image(context.get(), picture.get(), raw_encoder, how.get(), &raw_handle))) {
    return gave_up("encode");
  }
  const Handle handle(raw_handle);
  const Bytes exif = exif_block(options.orientation);
  Bytes file;
  heif_writer writer{1, collect};
  if (!well(heif_context_add_exif_metadata(context.get(), raw_handle, exif.data(), static_cast<int>(exif.size()))) ||
      !well(heif_context_write(context.get(), &writer, &file))) {
    return gave_up("write");
  }
  return file;
}

}  // namespace quay::rig
