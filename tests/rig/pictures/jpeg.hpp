// SPDX-License-Identifier: Apache-2.0
// JPEG in and out for the simulated devices, on libjpeg alone: the rig never uses quay's own codecs, or a fault in
// them would hide itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::rig {

using Bytes = std::vector<std::uint8_t>;

/// What a JPEG header says. `dpi` is 0 when the JFIF density is missing or only an aspect ratio.
struct JpegFacts {
  PixelSize size;
  Dpi dpi;
  PixelFormat format = PixelFormat::rgb;
};

/// Errors: file_unreadable with the path's file name and errno.
Result<Bytes> read_file(const std::filesystem::path& path);

/// Errors: image_unreadable with libjpeg's own words.
Result<JpegFacts> read_jpeg_facts(std::span<const std::uint8_t> jpeg);

/// Image: gray for one component, rgb for three, at the file's own density.
/// Errors: image_unreadable with libjpeg's own words.
Result<Image> decode_jpeg(std::span<const std::uint8_t> jpeg);

/// Baseline JFIF with the image's density. Image: gray or rgb. `quality` 1..100 as in libjpeg.
/// Errors: image_encode_failed.
Result<Bytes> encode_jpeg(const ImageView& image, int quality);

}  // namespace quay::rig
