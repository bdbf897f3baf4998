// SPDX-License-Identifier: Apache-2.0
// Pixels to PNG. libpng reports faults by longjmp: everything between setjmp and the end of a run is plain data.
#include <png.h>

#include <algorithm>
#include <cmath>
#include <csetjmp>

#include "imaging/codec/picture_files.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Writer {
  png_structp png = nullptr;
  png_infop info = nullptr;
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png, &info); }
};

extern "C" {
void on_png_bytes(png_structp png, png_bytep data, png_size_t size) {
  auto* out = static_cast<Bytes*>(png_get_io_ptr(png));
  out->insert(out->end(), data, data + size);
}
void on_png_flush(png_structp) {}
void on_png_warning(png_structp, png_const_charp) {}
}

/// One picture, and how its rows are meant.
struct Source {
  const ImageView& image;
  int colour_type;
};

int colour_type_of(const ImageView& image) {
  return image.format == PixelFormat::rgb ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
}

void put_header(const Writer& writer, const Source& source) {
  const ImageView& image = source.image;
  png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(image.size.width),
               static_cast<png_uint_32>(image.size.height), image.format == PixelFormat::bitonal ? 1 : 8,
               source.colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(writer.png, writer.info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (image.dpi.value > 0) {
    constexpr double kInchesPerMetre = 1000 / kMillimetresPerInch;
    const auto density = static_cast<png_uint_32>(std::lround(image.dpi.value * kInchesPerMetre));
    png_set_pHYs(writer.png, writer.info, density, density, PNG_RESOLUTION_METER);
  }
  png_write_info(writer.png, writer.info);
  if (image.format == PixelFormat::bitonal) {
    png_set_invert_mono(writer.png);  // PNG's 0 is black
  }
}

/// Black with the darkness of `row` as its cover.
void to_ink(const std::uint8_t* row, Bytes& pairs) {
  for (std::size_t x = 0; 2 * x < pairs.size(); ++x) {
    pairs[2 * x + 1] = static_cast<std::uint8_t>(255 - row[x]);
  }
}

/// pairs: room for a row of gray and alpha, gray 0; empty where rows go out as they are.
bool run(const Writer& writer, const Source& source, Bytes& pairs) {
  if (setjmp(png_jmpbuf(writer.png)) != 0) {
    return false;
  }
  put_header(writer, source);
  for (std::int32_t y = 0; y < source.image.size.height; ++y) {
    to_ink(source.image.row(y), pairs);
    png_write_row(writer.png, pairs.empty() ? source.image.row(y) : pairs.data());
  }
  png_write_end(writer.png, nullptr);
  return true;
}

Result<Bytes> encoded(const Source& source, Bytes pairs) {
  const ImageView& image = source.image;
  Bytes out;
  Writer writer;
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, on_png_warning);
  writer.info = writer.png != nullptr ? png_create_info_struct(writer.png) : nullptr;
  if (writer.info == nullptr || !image.is_consistent()) {
    return failure(Errc::image_encode_failed, "png.encode", "cannot begin");
  }
  png_set_write_fn(writer.png, &out, on_png_bytes, on_png_flush);
  if (!run(writer, source, pairs)) {
    return failure(Errc::image_encode_failed, "png.encode", "libpng gave up");
  }
  return out;
}

}  // namespace

Result<Bytes> encode_png(const ImageView& image) { return encoded({image, colour_type_of(image)}, {}); }

Result<Bytes> encode_png_ink(const ImageView& gray) {
  if (gray.format != PixelFormat::gray) {
    return failure(Errc::image_unsupported, "png.encode", "ink without paper is made of gray pictures");
  }
  const auto width = static_cast<std::size_t>(std::max(gray.size.width, 0));
  return encoded({gray, PNG_COLOR_TYPE_GRAY_ALPHA}, Bytes(2 * width));
}

}  // namespace quay::imaging
