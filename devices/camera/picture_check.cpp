// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/picture_check.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace quay::camera {
namespace {

constexpr std::array<std::uint8_t, 2> kStart{0xFF, 0xD8};
constexpr std::array<std::uint8_t, 2> kEnd{0xFF, 0xD9};
/// Cameras write padding and smaller pictures behind the end; a thumbnail's own end lies near the beginning.
constexpr std::size_t kTail = 256 * 1024;

constexpr std::array<std::string_view, 4> kPictureEndings{"jpg", "jpeg", "heic", "heif"};
constexpr std::array<std::string_view, 14> kRawEndings{"cr2", "cr3", "crw", "nef", "nrw", "arw", "dng",
                                                       "raf", "rw2", "orf", "pef", "srw", "x3f", "3fr"};
/// Brands of pictures coded as HEVC (ISO/IEC 23008-12 annex B.4).
constexpr std::array<std::string_view, 4> kHeicBrands{"heic", "heix", "heim", "heis"};
constexpr std::size_t kBoxHeader = 8;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.first(4)) {
    value = value << 8 | byte;
  }
  return value;
}

std::string_view text_at(std::span<const std::uint8_t> file, std::size_t at) {
  return {reinterpret_cast<const char*>(file.data()) + at, 4};
}

bool is_heic(std::span<const std::uint8_t> file) {
  constexpr std::size_t kBrand = 8;
  return file.size() >= kBrand + 4 && text_at(file, 4) == "ftyp" &&
         (std::find(kHeicBrands.begin(), kHeicBrands.end(), text_at(file, kBrand)) != kHeicBrands.end() ||
          text_at(file, kBrand) == "mif1");
}

/// Every box of the file's top level is there in full. A size of 0 is "to the end", 1 a size of 64 bits.
Status check_boxes(std::span<const std::uint8_t> file) {
  while (file.size() >= kBoxHeader) {
    std::uint64_t size = big_endian(file);
    if (size == 1 && file.size() >= 2 * kBoxHeader) {
      size = std::uint64_t{big_endian(file.subspan(kBoxHeader))} << 32 | big_endian(file.subspan(kBoxHeader + 4));
    }
    if (size == 0 || size == file.size()) {
      return {};
    }
    if (size < kBoxHeader || size > file.size()) {
      break;
    }
    file = file.subspan(static_cast<std::size_t>(size));
  }
  return failure(Errc::scan_page_incomplete, "camera.picture", "a box of the HEIC is cut");
}

Status check_jpeg(std::span<const std::uint8_t> file) {
  const auto tail = file.last(std::min(kTail, file.size() / 2));
  if (std::search(tail.begin(), tail.end(), kEnd.begin(), kEnd.end()) == tail.end()) {
    return failure(Errc::scan_page_incomplete, "camera.picture", "the JPEG has no end");
  }
  return {};
}

}  // namespace

FileKind kind_of_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (std::find(kPictureEndings.begin(), kPictureEndings.end(), ending) != kPictureEndings.end()) {
    return FileKind::picture;
  }
  const bool raw = std::find(kRawEndings.begin(), kRawEndings.end(), ending) != kRawEndings.end();
  return raw ? FileKind::raw : FileKind::other;
}

Result<std::string> check_picture(std::span<const std::uint8_t> file) {
  const bool heic = is_heic(file);
  if (!heic && (file.size() < 4 || !std::equal(kStart.begin(), kStart.end(), file.begin()))) {
    return failure(Errc::image_unsupported, "camera.picture", "neither a JPEG nor a HEIC");
  }
  const Status whole = heic ? check_boxes(file) : check_jpeg(file);
  if (!whole) {
    return failure(whole.error());
  }
  return std::string(heic ? "image/heic" : "image/jpeg");
}

}  // namespace quay::camera
