// SPDX-License-Identifier: Apache-2.0
// libjpeg reports faults by longjmp: everything between setjmp and the end of a run is plain data.
#include "devices/document_camera/pixels.hpp"

#include <csetjmp>
#include <cstdio>
// clang-format off: jpeglib.h needs stdio first
#include <jerror.h>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace quay::document_camera {
namespace {

struct Trap {
  jpeg_error_mgr manager{};
  std::jmp_buf back{};
  char said[JMSG_LENGTH_MAX]{};
};

[[noreturn]] void jump_back(j_common_ptr info) {
  auto* trap = reinterpret_cast<Trap*>(info->err);
  info->err->format_message(info, trap->said);
  std::longjmp(trap->back, 1);
}

/// Warnings are damage, but for padding that many cameras put before their markers.
void on_message(j_common_ptr info, int level) {
  info->err->num_warnings += level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA ? 1 : 0;
}

void arm(Trap& trap, jpeg_error_mgr*& slot) {
  slot = ::jpeg_std_error(&trap.manager);
  trap.manager.error_exit = jump_back;
  trap.manager.emit_message = on_message;
}

constexpr std::int64_t kMostPixels = std::int64_t{64} * 1024 * 1024;

/// The header read and the reduction set. False: said in trap.
bool open_gray(jpeg_decompress_struct& info, Trap& trap, std::span<const std::uint8_t> jpeg, int reduce) {
  if (setjmp(trap.back) != 0) {
    return false;
  }
  ::jpeg_mem_src(&info, jpeg.data(), jpeg.size());
  ::jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_GRAYSCALE;
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(reduce);
  info.dct_method = JDCT_IFAST;
  return ::jpeg_start_decompress(&info) == TRUE;
}

bool read_rows(jpeg_decompress_struct& info, Trap& trap, std::uint8_t* pixels) {
  if (setjmp(trap.back) != 0) {
    return false;
  }
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels + static_cast<std::size_t>(info.output_scanline) * info.output_width;
    ::jpeg_read_scanlines(&info, &row, 1);
  }
  return true;
}

struct Decoder {
  Trap trap;
  jpeg_decompress_struct info{};
  Decoder() {
    arm(trap, info.err);
    ::jpeg_create_decompress(&info);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { ::jpeg_destroy_decompress(&info); }
};

struct Encoder {
  Trap trap;
  jpeg_compress_struct info{};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  Encoder() {
    arm(trap, info.err);
    ::jpeg_create_compress(&info);
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    ::jpeg_destroy_compress(&info);
    std::free(bytes);  // libjpeg took it with malloc
  }
};

bool write(Encoder& encoder, const ImageView& image, int quality) {
  if (setjmp(encoder.trap.back) != 0) {
    return false;
  }
  jpeg_compress_struct& info = encoder.info;
  ::jpeg_mem_dest(&info, &encoder.bytes, &encoder.size);
  info.image_width = static_cast<JDIMENSION>(image.size.width);
  info.image_height = static_cast<JDIMENSION>(image.size.height);
  info.input_components = image.format == PixelFormat::gray ? 1 : 3;
  info.in_color_space = image.format == PixelFormat::gray ? JCS_GRAYSCALE : JCS_RGB;
  ::jpeg_set_defaults(&info);
  ::jpeg_set_quality(&info, quality, TRUE);
  ::jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(image.row(static_cast<std::int32_t>(info.next_scanline)));
    ::jpeg_write_scanlines(&info, &row, 1);
  }
  ::jpeg_finish_compress(&info);
  return true;
}

std::uint8_t clamped(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

/// One pixel of BT.601 in 16.8 fixed point.
void put_rgb(std::uint8_t* to, int luma, int blue, int red) {
  const int y = 298 * (luma - 16) + 128;
  const int b = blue - 128;
  const int r = red - 128;
  to[0] = clamped((y + 409 * r) >> 8);
  to[1] = clamped((y - 100 * b - 208 * r) >> 8);
  to[2] = clamped((y + 516 * b) >> 8);
}

}  // namespace

Result<Image> gray_of_jpeg(std::span<const std::uint8_t> jpeg, int reduce) {
  const auto decoder = std::make_unique<Decoder>();
  const auto refused = [&decoder] { return failure(Errc::image_unreadable, "mjpg.decode", decoder->trap.said); };
  if (!open_gray(decoder->info, decoder->trap, jpeg, reduce)) {
    return refused();
  }
  if (std::int64_t{decoder->info.image_width} * decoder->info.image_height > kMostPixels) {
    return failure(Errc::image_too_large, "mjpg.decode", "more pixels than any camera has");
  }
  Image gray(
      PixelFormat::gray,
      {static_cast<std::int32_t>(decoder->info.output_width), static_cast<std::int32_t>(decoder->info.output_height)},
      Dpi{0});
  if (!read_rows(decoder->info, decoder->trap, gray.row(0))) {
    return refused();
  }
  if (decoder->info.err->num_warnings > 0) {
    return failure(Errc::image_unreadable, "mjpg.decode", "the frame is damaged");
  }
  return gray;
}

Image gray_of_yuyv(const YuyvView& frame, int reduce) {
  Image gray(PixelFormat::gray, {frame.size.width / reduce, frame.size.height / reduce}, Dpi{0});
  for (std::int32_t y = 0; y < gray.size().height; ++y) {
    const std::uint8_t* from = frame.bytes.data() + static_cast<std::size_t>(y * reduce) * frame.row_bytes;
    std::uint8_t* to = gray.row(y);
    for (std::int32_t x = 0; x < gray.size().width; ++x) {
      to[x] = from[static_cast<std::size_t>(x * reduce) * 2];
    }
  }
  return gray;
}

Image rgb_of_yuyv(const YuyvView& frame) {
  Image rgb(PixelFormat::rgb, frame.size, Dpi{0});
  for (std::int32_t y = 0; y < frame.size.height; ++y) {
    const std::uint8_t* from = frame.bytes.data() + static_cast<std::size_t>(y) * frame.row_bytes;
    std::uint8_t* to = rgb.row(y);
    for (std::int32_t x = 0; x < frame.size.width; ++x) {
      const std::uint8_t* pair = from + static_cast<std::size_t>(x / 2) * 4;
      put_rgb(to + static_cast<std::size_t>(x) * 3, pair[x % 2 == 0 ? 0 : 2], pair[1], pair[3]);
    }
  }
  return rgb;
}

Result<std::vector<std::uint8_t>> jpeg_of_gray_or_rgb(const ImageView& image, int quality) {
  const auto encoder = std::make_unique<Encoder>();
  if (!write(*encoder, image, quality)) {
    return failure(Errc::image_encode_failed, "live.encode", encoder->trap.said);
  }
  return std::vector<std::uint8_t>(encoder->bytes, encoder->bytes + encoder->size);
}

Look look_of(const ImageView& gray) {
  std::int64_t light = 0;
  std::int64_t steps = 0;
  for (std::int32_t y = 0; y < gray.size.height; ++y) {
    const std::uint8_t* row = gray.row(y);
    for (std::int32_t x = 0; x < gray.size.width; ++x) {
      light += row[x];
    }
    for (std::int32_t x = 2; x < gray.size.width; ++x) {
      const int step = row[x] - row[x - 2];
      steps += step * step;
    }
  }
  const double count = std::max(1.0, static_cast<double>(gray.size.width) * gray.size.height);
  const double mean = static_cast<double>(light) / count;
  return {mean, static_cast<double>(steps) / count / std::max(1.0, mean * mean)};
}

}  // namespace quay::document_camera
