// SPDX-License-Identifier: Apache-2.0
// JPEG to pixels. libjpeg reports faults by longjmp: everything between setjmp and the end of a run is plain data.
#include <csetjmp>
#include <cstdio>
// clang-format off: jpeglib.h needs stdio first
#include <jerror.h>
#include <jpeglib.h>
// clang-format on

#include <cstring>
#include <memory>

#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/limits.hpp"

namespace quay::imaging {
namespace {

constexpr int kMaxScans = 64;  // a sane progressive file has 10; a bomb has thousands

/// libjpeg's decompressor with its error exits turned into state.
struct Decoder {
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf escape;
  int first_bad_message = 0;
};

Decoder& of(j_common_ptr common) { return *static_cast<Decoder*>(common->client_data); }

extern "C" {
void on_error(j_common_ptr common) {
  of(common).first_bad_message = common->err->msg_code;
  std::longjmp(of(common).escape, 1);
}

void on_message(j_common_ptr common, int level) {
  if (level >= 0) {
    return;
  }
  const int code = common->err->msg_code;
  ++common->err->num_warnings;
  if ((code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) && of(common).first_bad_message == 0) {
    of(common).first_bad_message = code;  // pixels are missing: the page is not whole
  }
}

void on_output(j_common_ptr) {}

void on_progress(j_common_ptr common) {
  auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
  if (jpeg->input_scan_number > kMaxScans) {
    of(common).first_bad_message = JERR_BAD_PROGRESSION;
    std::longjmp(of(common).escape, 1);
  }
}
}

struct DecoderCloser {
  void operator()(Decoder* decoder) const {
    jpeg_destroy_decompress(&decoder->jpeg);
    delete decoder;  // NOLINT(cppcoreguidelines-owning-memory): what a deleter is for
  }
};
using DecoderPtr = std::unique_ptr<Decoder, DecoderCloser>;

DecoderPtr make_decoder() {
  DecoderPtr decoder(new Decoder{});
  decoder->jpeg.err = jpeg_std_error(&decoder->errors);
  decoder->errors.error_exit = on_error;
  decoder->errors.emit_message = on_message;
  decoder->errors.output_message = on_output;
  decoder->progress.progress_monitor = on_progress;
  jpeg_create_decompress(&decoder->jpeg);
  decoder->jpeg.client_data = decoder.get();
  decoder->jpeg.progress = &decoder->progress;
  return decoder;
}

/// Reads up to the first scan. False on any fault.
bool read_header(Decoder& decoder, const std::uint8_t* bytes, std::size_t size) {
  if (setjmp(decoder.escape) != 0) {
    return false;
  }
  jpeg_save_markers(&decoder.jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_mem_src(&decoder.jpeg, bytes, static_cast<unsigned long>(size));
  return jpeg_read_header(&decoder.jpeg, TRUE) == JPEG_HEADER_OK;
}

/// Reads all rows into `pixels` (`stride` bytes apart). False on any fault.
bool read_rows(Decoder& decoder, std::uint8_t* pixels, std::size_t stride) {
  if (setjmp(decoder.escape) != 0) {
    return false;
  }
  jpeg_start_decompress(&decoder.jpeg);
  while (decoder.jpeg.output_scanline < decoder.jpeg.output_height) {
    JSAMPROW row = pixels + stride * decoder.jpeg.output_scanline;
    jpeg_read_scanlines(&decoder.jpeg, &row, 1);
  }
  jpeg_finish_decompress(&decoder.jpeg);
  return true;
}

ExifFacts exif_of(const jpeg_decompress_struct& jpeg) {
  constexpr std::size_t kSignature = 6;
  for (auto* marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->data_length > kSignature && std::memcmp(marker->data, "Exif\0\0", kSignature) == 0) {
      return read_exif({marker->data + kSignature, marker->data_length - kSignature});
    }
  }
  return {};
}

Dpi density_of(const jpeg_decompress_struct& jpeg, const ExifFacts& exif) {
  if (jpeg.saw_JFIF_marker && jpeg.density_unit != 0) {
    return plausible_dpi(jpeg.X_density * (jpeg.density_unit == 2 ? 2.54 : 1.0));
  }
  return plausible_dpi(exif.dpi);
}

/// Four inks to light. Adobe files store them inverted, so that a product gives the light left over.
Image from_cmyk(const Image& inks, PixelSize size, bool inverted) {
  Image out(PixelFormat::rgb, size, inks.dpi());
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::uint8_t* from = inks.row(y);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < size.width; ++x, from += 4, to += 3) {
      const unsigned key = inverted ? from[3] : 255U - from[3];
      for (int c = 0; c < 3; ++c) {
        const unsigned light = inverted ? from[c] : 255U - from[c];
        to[c] = static_cast<std::uint8_t>((light * key + 127) / 255);
      }
    }
  }
  return out;
}

std::string message_of(Decoder& decoder) {
  char text[JMSG_LENGTH_MAX] = "truncated";
  decoder.errors.msg_code = decoder.first_bad_message;
  (*decoder.errors.format_message)(reinterpret_cast<j_common_ptr>(&decoder.jpeg), text);
  return text;
}

}  // namespace

Result<Image> decode_jpeg(std::span<const std::uint8_t> file) {
  const DecoderPtr decoder = make_decoder();
  auto& jpeg = decoder->jpeg;
  if (!read_header(*decoder, file.data(), file.size())) {
    return failure(Errc::image_unreadable, "jpeg.header", message_of(*decoder));
  }
  if (const Status fits = check_size(jpeg.image_width, jpeg.image_height); !fits) {
    return failure(fits.error());
  }
  const PixelSize size{static_cast<std::int32_t>(jpeg.image_width), static_cast<std::int32_t>(jpeg.image_height)};
  const bool four_inks = jpeg.num_components == 4;
  const bool gray = jpeg.num_components == 1;
  jpeg.out_color_space = four_inks ? JCS_CMYK : gray ? JCS_GRAYSCALE : JCS_RGB;
  const ExifFacts exif = exif_of(jpeg);
  const Dpi dpi = density_of(jpeg, exif);
  // CMYK rows are 4 bytes a pixel: borrow a gray image four times as wide.
  const PixelSize stored = four_inks ? PixelSize{size.width * 4, size.height} : size;
  Image image(gray || four_inks ? PixelFormat::gray : PixelFormat::rgb, stored, dpi);
  if (!read_rows(*decoder, image.pixels().data(), image.stride_bytes()) || decoder->first_bad_message != 0) {
    return failure(Errc::image_unreadable, "jpeg.pixels", message_of(*decoder));
  }
  if (four_inks) {
    image = from_cmyk(image, size, jpeg.saw_Adobe_marker != 0);
  }
  return turn_upright(std::move(image), exif.orientation);
}

}  // namespace quay::imaging
