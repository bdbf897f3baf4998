// SPDX-License-Identifier: Apache-2.0
// Black-and-white TIFF through libtiff, in memory: it writes into, and reads from, a vector of bytes.
#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "imaging/codec/picture_files.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A file in memory. Reading never changes `bytes`.
struct MemoryFile {
  Bytes bytes;
  std::size_t at = 0;
};

tmsize_t read_memory(thandle_t handle, void* to, tmsize_t size) {
  auto* file = static_cast<MemoryFile*>(handle);
  const std::size_t left = file->bytes.size() - std::min(file->at, file->bytes.size());
  const std::size_t count = std::min(left, static_cast<std::size_t>(size));
  std::memcpy(to, file->bytes.data() + file->at, count);
  file->at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write_memory(thandle_t handle, void* from, tmsize_t size) {
  auto* file = static_cast<MemoryFile*>(handle);
  const std::size_t end = file->at + static_cast<std::size_t>(size);
  file->bytes.resize(std::max(file->bytes.size(), end));
  std::memcpy(file->bytes.data() + file->at, from, static_cast<std::size_t>(size));
  file->at = end;
  return size;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto* file = static_cast<MemoryFile*>(handle);
  const toff_t base = whence == SEEK_END ? file->bytes.size() : whence == SEEK_CUR ? file->at : 0;
  file->at = base + offset;
  return file->at;
}

int close_memory(thandle_t) { return 0; }
toff_t size_of_memory(thandle_t handle) { return static_cast<MemoryFile*>(handle)->bytes.size(); }

struct TiffCloser {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPtr = std::unique_ptr<TIFF, TiffCloser>;

TiffPtr open(MemoryFile& file, const char* mode) {
  file.at = 0;
  return TiffPtr(TIFFClientOpen("memory", mode, &file, read_memory, write_memory, seek_memory, close_memory,
                                size_of_memory, nullptr, nullptr));
}

/// What a page of ours is described by.
struct PageFacts {
  PixelSize size;
  Dpi dpi;
};

bool put_facts(TIFF* tiff, const PageFacts& facts) {
  const auto width = static_cast<std::uint32_t>(facts.size.width);
  const auto height = static_cast<std::uint32_t>(facts.size.height);
  const auto dpi = static_cast<double>(facts.dpi.value > 0 ? facts.dpi.value : 1);
  return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width) != 0 && TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height) != 0 &&
         TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1) != 0 && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) != 0 &&
         TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4) != 0 &&
         TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE) != 0 &&
         TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != 0 &&
         TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, height) != 0 && TIFFSetField(tiff, TIFFTAG_XRESOLUTION, dpi) != 0 &&
         TIFFSetField(tiff, TIFFTAG_YRESOLUTION, dpi) != 0 &&
         TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, facts.dpi.value > 0 ? RESUNIT_INCH : RESUNIT_NONE) != 0;
}

/// Rows without padding, beyond the width 0.
Bytes packed_rows(const ImageView& bitonal) {
  const std::size_t row_bytes = packed_row_bytes(PixelFormat::bitonal, bitonal.size.width);
  const auto spare = static_cast<unsigned>(row_bytes * 8 - static_cast<std::size_t>(bitonal.size.width));
  Bytes out;
  out.reserve(row_bytes * static_cast<std::size_t>(bitonal.size.height));
  for (std::int32_t y = 0; y < bitonal.size.height; ++y) {
    out.insert(out.end(), bitonal.row(y), bitonal.row(y) + row_bytes);
    out.back() = static_cast<std::uint8_t>(out.back() >> spare << spare);
  }
  return out;
}

/// Copies the page of a file of ours behind those of `to`.
bool append(const Bytes& from, MemoryFile& to) {
  MemoryFile source{from, 0};
  const TiffPtr in = open(source, "rm");
  const TiffPtr out = open(to, to.bytes.empty() ? "wl" : "a");
  if (!in || !out) {
    return false;
  }
  std::uint32_t width = 0, height = 0;
  std::uint16_t compression = 0;
  float dpi = 0;
  TIFFGetField(in.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(in.get(), TIFFTAG_IMAGELENGTH, &height);
  TIFFGetField(in.get(), TIFFTAG_COMPRESSION, &compression);
  TIFFGetField(in.get(), TIFFTAG_XRESOLUTION, &dpi);
  if (compression != COMPRESSION_CCITTFAX4 || TIFFNumberOfStrips(in.get()) != 1) {
    return false;
  }
  Bytes strip(static_cast<std::size_t>(TIFFRawStripSize(in.get(), 0)));
  const auto size = static_cast<tmsize_t>(strip.size());
  const PageFacts facts{{static_cast<std::int32_t>(width), static_cast<std::int32_t>(height)}, Dpi{dpi}};
  return TIFFReadRawStrip(in.get(), 0, strip.data(), size) == size && put_facts(out.get(), facts) &&
         TIFFWriteRawStrip(out.get(), 0, strip.data(), size) == size && TIFFWriteDirectory(out.get()) != 0;
}

}  // namespace

Result<Bytes> encode_tiff(const ImageView& bitonal) {
  if (bitonal.format != PixelFormat::bitonal || !bitonal.is_consistent()) {
    return failure(Errc::image_unsupported, "tiff.encode", "needs bitonal pixels");
  }
  MemoryFile file;
  {
    const TiffPtr tiff = open(file, "wl");
    Bytes rows = packed_rows(bitonal);
    if (!tiff || !put_facts(tiff.get(), {bitonal.size, bitonal.dpi}) ||
        TIFFWriteEncodedStrip(tiff.get(), 0, rows.data(), static_cast<tmsize_t>(rows.size())) < 0) {
      return failure(Errc::image_encode_failed, "tiff.encode", "libtiff gave up");
    }
  }
  return std::move(file.bytes);
}

Result<Bytes> bind_tiff(std::span<const std::span<const std::uint8_t>> files) {
  if (files.empty()) {
    return failure(Errc::document_empty, "tiff.bind", "a document needs at least one page");
  }
  MemoryFile out;
  for (const auto file : files) {
    if (!append({file.begin(), file.end()}, out)) {
      return failure(Errc::image_unreadable, "tiff.bind", "not a page of ours");
    }
  }
  return std::move(out.bytes);
}

}  // namespace quay::imaging
