// SPDX-License-Identifier: Apache-2.0
// libjpeg reports errors by a callback that must not return: it jumps back to the setjmp of the function that called
// libjpeg. Those functions hold no object with a destructor; what needs one lives in the caller.
#include "tests/rig/pictures/jpeg.hpp"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <jpeglib.h>

namespace quay::rig {
namespace {

struct ErrorTrap {
  jpeg_error_mgr base{};
  std::jmp_buf back{};
  char message[JMSG_LENGTH_MAX] = {};
};

[[noreturn]] void jump_back(j_common_ptr info) {
  auto* trap = reinterpret_cast<ErrorTrap*>(info->err);
  (*info->err->format_message)(info, trap->message);
  std::longjmp(trap->back, 1);
}

void stay_quiet(j_common_ptr, int) {}

jpeg_error_mgr* arm(ErrorTrap& trap) {
  jpeg_std_error(&trap.base);
  trap.base.error_exit = jump_back;
  trap.base.emit_message = stay_quiet;
  return &trap.base;
}

struct Decoder {
  Decoder() { info.err = arm(trap); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { jpeg_destroy_decompress(&info); }

  ErrorTrap trap;
  jpeg_decompress_struct info{};
};

struct Encoder {
  Encoder() { info.err = arm(trap); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&info);
    std::free(output);
  }

  ErrorTrap trap;
  jpeg_compress_struct info{};
  unsigned char* output = nullptr;
  unsigned long output_bytes = 0;
};

bool read_header(Decoder& decoder, std::span<const std::uint8_t> jpeg) {
  if (setjmp(decoder.trap.back) != 0) {
    return false;
  }
  jpeg_create_decompress(&decoder.info);
  jpeg_mem_src(&decoder.info, jpeg.data(), static_cast<unsigned long>(jpeg.size()));
  jpeg_read_header(&decoder.info, TRUE);
  return true;
}

bool read_rows(Decoder& decoder, Image& image) {
  if (setjmp(decoder.trap.back) != 0) {
    return false;
  }
  jpeg_start_decompress(&decoder.info);
  while (decoder.info.output_scanline < decoder.info.output_height) {
    JSAMPROW row = image.row(static_cast<std::int32_t>(decoder.info.output_scanline));
    jpeg_read_scanlines(&decoder.info, &row, 1);
  }
  jpeg_finish_decompress(&decoder.info);
  return true;
}

void describe_output(Encoder& encoder, const ImageView& image) {
  const bool gray = image.format == PixelFormat::gray;
  encoder.info.image_width = static_cast<JDIMENSION>(image.size.width);
  encoder.info.image_height = static_cast<JDIMENSION>(image.size.height);
  encoder.info.input_components = gray ? 1 : 3;
  encoder.info.in_color_space = gray ? JCS_GRAYSCALE : JCS_RGB;
}

void set_density(Encoder& encoder, Dpi dpi) {
  encoder.info.density_unit = 1;
  encoder.info.X_density = static_cast<UINT16>(dpi.value);
  encoder.info.Y_density = static_cast<UINT16>(dpi.value);
}

bool write_rows(Encoder& encoder, const ImageView& image, int quality) {
  if (setjmp(encoder.trap.back) != 0) {
    return false;
  }
  jpeg_create_compress(&encoder.info);
  jpeg_mem_dest(&encoder.info, &encoder.output, &encoder.output_bytes);
  describe_output(encoder, image);
  jpeg_set_defaults(&encoder.info);
  set_density(encoder, image.dpi);
  jpeg_set_quality(&encoder.info, quality, TRUE);
  jpeg_start_compress(&encoder.info, TRUE);
  while (encoder.info.next_scanline < encoder.info.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(image.row(static_cast<std::int32_t>(encoder.info.next_scanline)));
    jpeg_write_scanlines(&encoder.info, &row, 1);
  }
  jpeg_finish_compress(&encoder.info);
  return true;
}

JpegFacts facts_of(const Decoder& decoder) {
  JpegFacts facts;
  facts.size = {static_cast<std::int32_t>(decoder.info.image_width),
                static_cast<std::int32_t>(decoder.info.image_height)};
  facts.format = decoder.info.num_components == 1 ? PixelFormat::gray : PixelFormat::rgb;
  if (decoder.info.saw_JFIF_marker != 0 && decoder.info.density_unit == 1) {
    facts.dpi = Dpi{static_cast<double>(decoder.info.X_density)};
  }
  return facts;
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return failure(Errc::file_unreadable, "rig.read_file", "cannot open " + path.filename().string());
  }
  Bytes bytes(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) {
    return failure(Errc::file_unreadable, "rig.read_file", "cannot read " + path.filename().string());
  }
  return bytes;
}

Result<JpegFacts> read_jpeg_facts(std::span<const std::uint8_t> jpeg) {
  Decoder decoder;
  if (!read_header(decoder, jpeg)) {
    return failure(Errc::image_unreadable, "rig.read_jpeg_facts", decoder.trap.message);
  }
  return facts_of(decoder);
}

Result<Image> decode_jpeg(std::span<const std::uint8_t> jpeg) {
  Decoder decoder;
  if (!read_header(decoder, jpeg)) {
    return failure(Errc::image_unreadable, "rig.decode_jpeg", decoder.trap.message);
  }
  const JpegFacts facts = facts_of(decoder);
  decoder.info.out_color_space = facts.format == PixelFormat::gray ? JCS_GRAYSCALE : JCS_RGB;
  Image image(facts.format, facts.size, facts.dpi);
  if (!read_rows(decoder, image)) {
    return failure(Errc::image_unreadable, "rig.decode_jpeg", decoder.trap.message);
  }
  return image;
}

Result<Bytes> encode_jpeg(const ImageView& image, int quality) {
  if (!image.is_consistent() || image.format == PixelFormat::bitonal) {
    return failure(Errc::image_encode_failed, "rig.encode_jpeg", "expected consistent gray or rgb pixels");
  }
  Encoder encoder;
  if (!write_rows(encoder, image, quality)) {
    return failure(Errc::image_encode_failed, "rig.encode_jpeg", encoder.trap.message);
  }
  return Bytes(encoder.output, encoder.output + encoder.output_bytes);
}

}  // namespace quay::rig
