// SPDX-License-Identifier: Apache-2.0
// The two facts of Exif that matter here, orientation and resolution (Exif 2.3 section 4.6.4), read with every
// offset checked.
#include <algorithm>
#include <array>

#include "imaging/codec/jpeg.hpp"
#include "imaging/walk.hpp"

namespace quay::imaging {
namespace {

/// Bounds-checked reader of a TIFF structure in either byte order; reads past the end give 0.
class TiffBlock {
 public:
  explicit TiffBlock(std::span<const std::uint8_t> bytes) : bytes_(bytes), little_(!bytes.empty() && bytes[0] == 'I') {}

  std::uint32_t u16(std::size_t at) const {
    return little_ ? byte(at) | byte(at + 1) << 8 : byte(at) << 8 | byte(at + 1);
  }
  std::uint32_t u32(std::size_t at) const {
    return little_ ? u16(at) | u16(at + 2) << 16 : u16(at) << 16 | u16(at + 2);
  }
  double rational(std::size_t at) const {
    const std::uint32_t divisor = u32(at + 4);
    return divisor == 0 ? 0.0 : static_cast<double>(u32(at)) / divisor;
  }

 private:
  std::uint32_t byte(std::size_t at) const { return at < bytes_.size() ? bytes_[at] : 0; }

  std::span<const std::uint8_t> bytes_;
  bool little_;
};

constexpr std::uint32_t kOrientation = 0x0112;
constexpr std::uint32_t kXResolution = 0x011A;
constexpr std::uint32_t kResolutionUnit = 0x0128;

}  // namespace

ExifFacts read_exif(std::span<const std::uint8_t> tiff_block) {
  const TiffBlock block(tiff_block);
  ExifFacts facts;
  const std::size_t directory = block.u32(4);
  const std::size_t entries = block.u16(directory);
  std::uint32_t unit = 2;
  for (std::size_t i = 0; i < entries && directory + 2 + i * 12 < tiff_block.size(); ++i) {
    const std::size_t entry = directory + 2 + i * 12;
    switch (block.u16(entry)) {
      case kOrientation: facts.orientation = static_cast<int>(block.u16(entry + 8)); break;
      case kXResolution: facts.dpi = block.rational(block.u32(entry + 8)); break;
      case kResolutionUnit: unit = block.u16(entry + 8); break;
      default: break;
    }
  }
  if (facts.orientation < 1 || facts.orientation > 8) {
    facts.orientation = 1;
  }
  facts.dpi *= unit == 3 ? 2.54 : 1.0;
  return facts;
}

Image turn_upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8 || image.format() == PixelFormat::bitonal) {
    return image;
  }
  const bool swapped = orientation >= 5;
  const PixelSize in = image.size();
  const PixelSize out = swapped ? PixelSize{in.height, in.width} : in;
  // Exif: which side of the scene the 0th row and 0th column are.
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image upright(image.format(), out, image.dpi());
  const std::size_t channels = image.format() == PixelFormat::rgb ? 3 : 1;
  const auto source = [&](std::int32_t x, std::int32_t y) {
    const std::int32_t sx = swapped ? y : x, sy = swapped ? x : y;
    const std::int32_t column = flip_x ? in.width - 1 - sx : sx;
    return image.row(flip_y ? in.height - 1 - sy : sy) + static_cast<std::size_t>(column) * channels;
  };
  for_each_place(out, [&](std::int32_t x, std::int32_t y) {
    std::copy_n(source(x, y), channels, upright.row(y) + static_cast<std::size_t>(x) * channels);
  });
  return upright;
}

}  // namespace quay::imaging
