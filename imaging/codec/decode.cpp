// SPDX-License-Identifier: Apache-2.0
// Which decoder, and PNG and TIFF through Leptonica (which calls libpng and libtiff).
#include "imaging/codec/decode.hpp"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "imaging/codec/heic.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/codec/picture_files.hpp"

namespace quay::imaging {
namespace {

struct PixCloser {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixCloser>;

bool starts_with(std::span<const std::uint8_t> file, std::string_view magic) {
  return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

/// Leptonica rows are 32-bit words in host order; bytes are read with its own accessor semantics.
std::uint8_t pix_byte(const l_uint32* line, std::int32_t i) {
  return static_cast<std::uint8_t>(line[i / 4] >> (24 - 8 * (i % 4)));
}

Image copy_bitonal(Pix* pix, PixelSize size, Dpi dpi) {
  Image out(PixelFormat::bitonal, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const l_uint32* line = pixGetData(pix) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix);
    std::uint8_t* to = out.row(y);
    for (std::size_t i = 0; i < out.stride_bytes(); ++i) {
      to[i] = pix_byte(line, static_cast<std::int32_t>(i));
    }
  }
  return out;
}

Image copy_gray(Pix* pix, PixelSize size, Dpi dpi) {
  Image out(PixelFormat::gray, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const l_uint32* line = pixGetData(pix) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < size.width; ++x) {
      to[x] = pix_byte(line, x);
    }
  }
  return out;
}

Image copy_rgb(Pix* pix, PixelSize size, Dpi dpi) {
  Image out(PixelFormat::rgb, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const l_uint32* line = pixGetData(pix) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix);
    std::uint8_t* to = out.row(y);
    for (std::int32_t x = 0; x < size.width; ++x, to += 3) {
      to[0] = static_cast<std::uint8_t>(line[x] >> 24);
      to[1] = static_cast<std::uint8_t>(line[x] >> 16);
      to[2] = static_cast<std::uint8_t>(line[x] >> 8);
    }
  }
  return out;
}

/// Any Pix as bitonal, gray or rgb: palettes resolved, 16 bits cut to 8, alpha laid over white.
Result<Image> to_image(PixPtr pix) {
  const Dpi dpi = plausible_dpi(static_cast<double>(pixGetXRes(pix.get())));
  if (pixGetColormap(pix.get()) != nullptr && pixGetDepth(pix.get()) > 1) {
    pix.reset(pixRemoveColormap(pix.get(), REMOVE_CMAP_BASED_ON_SRC));
  } else if (pixGetColormap(pix.get()) != nullptr) {
    pix.reset(pixRemoveColormap(pix.get(), REMOVE_CMAP_TO_BINARY));
  }
  if (pix && pixGetDepth(pix.get()) == 32 && pixGetSpp(pix.get()) == 4) {
    pix.reset(pixAlphaBlendUniform(pix.get(), 0xffffff00));
  }
  const int depth = pix ? pixGetDepth(pix.get()) : 0;
  if (depth != 0 && depth != 1 && depth != 8 && depth != 32) {
    pix.reset(pixConvertTo8(pix.get(), 0));
  }
  if (!pix) {
    return failure(Errc::image_unreadable, "image.convert", "unexpected pixel layout");
  }
  const PixelSize size{pixGetWidth(pix.get()), pixGetHeight(pix.get())};
  switch (pixGetDepth(pix.get())) {
    case 1: return copy_bitonal(pix.get(), size, dpi);
    case 8: return copy_gray(pix.get(), size, dpi);
    default: return copy_rgb(pix.get(), size, dpi);
  }
}

/// PNG, or page `index` of a TIFF.
Result<Image> decode_with_leptonica(std::span<const std::uint8_t> file, FileKind kind, int index) {
  setMsgSeverity(L_SEVERITY_NONE);  // its messages would reach stderr; faults are told by null pointers
  l_int32 width = 0, height = 0, bits = 0, samples = 0, resolution = 0, has_map = 0, format = 0;
  const bool known = kind == FileKind::tiff
                         ? readHeaderMemTiff(file.data(), file.size(), index, &width, &height, &bits, &samples,
                                             &resolution, &has_map, &format) == 0
                         : readHeaderMemPng(file.data(), file.size(), &width, &height, &bits, &samples, &has_map) == 0;
  if (!known) {
    return failure(Errc::image_unreadable, "image.header", "the header is broken");
  }
  if (const Status fits = check_size(width, height); !fits) {
    return failure(fits.error());
  }
  PixPtr pix(kind == FileKind::tiff ? pixReadMemTiff(file.data(), file.size(), index)
                                    : pixReadMemPng(file.data(), file.size()));
  if (!pix) {
    return failure(Errc::image_unreadable, "image.pixels", "the pixel data is broken or cut off");
  }
  return to_image(std::move(pix));
}

}  // namespace

FileKind sniff(std::span<const std::uint8_t> file) {
  if (starts_with(file, "\xFF\xD8\xFF")) {
    return FileKind::jpeg;
  }
  if (starts_with(file, "\x89PNG\r\n\x1A\n")) {
    return FileKind::png;
  }
  if (starts_with(file, "RIFF") && file.size() > 12 && starts_with(file.subspan(8), "WEBP")) {
    return FileKind::webp;
  }
  if (is_heic(file)) {
    return FileKind::heic;
  }
  using namespace std::string_view_literals;
  return starts_with(file, "II*\0"sv) || starts_with(file, "MM\0*"sv) ? FileKind::tiff : FileKind::unknown;
}

int count_pages(std::span<const std::uint8_t> file) {
  constexpr int kMost = 10000;
  const FileKind kind = sniff(file);
  if (kind != FileKind::tiff) {
    return kind == FileKind::unknown ? 0 : 1;
  }
  const bool little = file[0] == 'I';
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes && at + bytes <= file.size(); ++i) {
      value |= static_cast<std::size_t>(file[at + i]) << 8 * (little ? i : bytes - 1 - i);
    }
    return value;
  };
  int pages = 0;
  std::size_t directory = number(4, 4);
  while (directory != 0 && directory < file.size() && pages < kMost) {
    ++pages;
    directory = number(directory + 2 + number(directory, 2) * 12, 4);
  }
  return std::max(pages, 1);
}

Result<Image> decode(std::span<const std::uint8_t> file, int index) {
  const FileKind kind = sniff(file);
  switch (kind) {
    case FileKind::jpeg: return decode_jpeg(file);
    case FileKind::png:
    case FileKind::tiff: return decode_with_leptonica(file, kind, index);
    case FileKind::webp: return decode_webp(file);
    case FileKind::heic: return decode_heic(file);
    case FileKind::unknown: break;
  }
  return failure(Errc::image_unsupported, "decode", "neither JPEG nor HEIC nor PNG nor TIFF nor WebP");
}

}  // namespace quay::imaging
