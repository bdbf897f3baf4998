// SPDX-License-Identifier: Apache-2.0
// Pixels to PNG. libpng reports faults by longjmp: everything between setjmp and the end of a run is plain data.
#include <png.h>

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

void put_header(const Writer& writer, const ImageView& image) {
  const bool rgb = image.format == PixelFormat::rgb;
  png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(image.size.width),
               static_cast<png_uint_32>(image.size.height), image.format == PixelFormat::bitonal ? 1 : 8,
               rgb ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
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

bool run(const Writer& writer, const ImageView& image) {
  if (setjmp(png_jmpbuf(writer.png)) != 0) {
    return false;
  }
  put_header(writer, image);
  for (std::int32_t y = 0; y < image.size.height; ++y) {
    png_write_row(writer.png, image.row(y));
  }
  png_write_end(writer.png, nullptr);
  return true;
}

}  // namespace

Result<Bytes> encode_png(const ImageView& image) {
  Bytes out;
  Writer writer;
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, on_png_warning);
  writer.info = writer.png != nullptr ? png_create_info_struct(writer.png) : nullptr;
  if (writer.info == nullptr || !image.is_consistent()) {
    return failure(Errc::image_encode_failed, "png.encode", "cannot begin");
  }
  png_set_write_fn(writer.png, &out, on_png_bytes, on_png_flush);
  if (!run(writer, image)) {
    return failure(Errc::image_encode_failed, "png.encode", "libpng gave up");
  }
  return out;
}

}  // namespace quay::imaging
