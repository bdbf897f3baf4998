// SPDX-License-Identifier: Apache-2.0
// Pixels to JPEG. libjpeg reports faults by longjmp: everything between setjmp and the end of a run is plain data.
#include <csetjmp>
#include <cstdio>
// clang-format off: jpeglib.h needs stdio first
#include <jpeglib.h>
// clang-format on

#include <cmath>
#include <cstdlib>

#include "imaging/codec/jpeg.hpp"

namespace quay::imaging {
namespace {

struct Encoder {
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  std::jmp_buf escape;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  char message[JMSG_LENGTH_MAX] = "";
};

extern "C" {
void on_encode_error(j_common_ptr common) {
  auto* encoder = static_cast<Encoder*>(common->client_data);
  (*common->err->format_message)(common, encoder->message);
  std::longjmp(encoder->escape, 1);
}
void on_encode_output(j_common_ptr) {}
}

void set_up(Encoder& encoder, const ImageView& image, const JpegOptions& options) {
  auto& jpeg = encoder.jpeg;
  jpeg.image_width = static_cast<JDIMENSION>(image.size.width);
  jpeg.image_height = static_cast<JDIMENSION>(image.size.height);
  jpeg.input_components = image.format == PixelFormat::rgb ? 3 : 1;
  jpeg.in_color_space = image.format == PixelFormat::rgb ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, options.quality, TRUE);
  jpeg.optimize_coding = TRUE;
  if (options.chroma_full) {
    jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  }
  if (options.progressive) {
    jpeg_simple_progression(&jpeg);
  }
  if (image.dpi.value > 0) {
    jpeg.density_unit = 1;
    jpeg.X_density = jpeg.Y_density = static_cast<UINT16>(std::lround(image.dpi.value));
  }
}

/// False on any fault, with encoder.message saying which.
bool run(Encoder& encoder, const ImageView& image, const JpegOptions& options) {
  if (setjmp(encoder.escape) != 0) {
    return false;
  }
  jpeg_mem_dest(&encoder.jpeg, &encoder.bytes, &encoder.size);
  set_up(encoder, image, options);
  jpeg_start_compress(&encoder.jpeg, TRUE);
  while (encoder.jpeg.next_scanline < encoder.jpeg.image_height) {
    auto* row = const_cast<JSAMPROW>(image.row(static_cast<std::int32_t>(encoder.jpeg.next_scanline)));
    jpeg_write_scanlines(&encoder.jpeg, &row, 1);
  }
  jpeg_finish_compress(&encoder.jpeg);
  return true;
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_jpeg(const ImageView& image, const JpegOptions& options) {
  if (image.format == PixelFormat::bitonal || !image.is_consistent()) {
    return failure(Errc::image_unsupported, "jpeg.encode", "needs gray or rgb pixels");
  }
  Encoder encoder{};
  encoder.jpeg.err = jpeg_std_error(&encoder.errors);
  encoder.errors.error_exit = on_encode_error;
  encoder.errors.output_message = on_encode_output;
  jpeg_create_compress(&encoder.jpeg);
  encoder.jpeg.client_data = &encoder;
  const bool good = run(encoder, image, options);
  std::vector<std::uint8_t> bytes;
  if (good) {
    bytes.assign(encoder.bytes, encoder.bytes + encoder.size);
  }
  jpeg_destroy_compress(&encoder.jpeg);
  std::free(encoder.bytes);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): libjpeg made it
  if (!good) {
    return failure(Errc::image_encode_failed, "jpeg.encode", encoder.message);
  }
  return bytes;
}

}  // namespace quay::imaging
