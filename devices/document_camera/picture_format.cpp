// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/picture_format.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "devices/document_camera/video_error.hpp"

namespace quay::document_camera {
namespace {

/// A driver that enumerates for ever is not believed.
constexpr std::uint32_t kMostEntries = 256;
constexpr std::int32_t kMostPixelsWide = 16384;

std::optional<Coding> coding_of(std::uint32_t fourcc) {
  switch (fourcc) {
    case V4L2_PIX_FMT_MJPEG:
    case V4L2_PIX_FMT_JPEG: return Coding::mjpg;
    case V4L2_PIX_FMT_YUYV: return Coding::yuyv;
    default: return std::nullopt;
  }
}

std::int64_t area(PixelSize size) { return std::int64_t{size.width} * size.height; }

bool is_usable(PixelSize size) {
  return size.width > 0 && size.height > 0 && size.width <= kMostPixelsWide && size.height <= kMostPixelsWide;
}

/// What a driver that names a range instead of sizes is asked for: the largest, and halves of it.
std::vector<PixelSize> steps_of(const v4l2_frmsize_stepwise& range) {
  std::vector<PixelSize> sizes;
  for (std::uint32_t share = 1; share <= 4; share *= 2) {
    const auto fitted = [share](std::uint32_t least, std::uint32_t most, std::uint32_t step) {
      const std::uint32_t wanted = std::max(least, most / share);
      return static_cast<std::int32_t>(least + (wanted - least) / std::max(step, 1U) * std::max(step, 1U));
    };
    sizes.push_back({fitted(range.min_width, range.max_width, range.step_width),
                     fitted(range.min_height, range.max_height, range.step_height)});
  }
  return sizes;
}

std::vector<PixelSize> sizes_of(const VideoNode& node, std::uint32_t fourcc) {
  std::vector<PixelSize> sizes;
  for (std::uint32_t i = 0; i < kMostEntries; ++i) {
    v4l2_frmsizeenum entry{};
    entry.index = i;
    entry.pixel_format = fourcc;
    if (node.ask(VIDIOC_ENUM_FRAMESIZES, &entry) != 0) {
      break;
    }
    if (entry.type != V4L2_FRMSIZE_TYPE_DISCRETE) {
      return steps_of(entry.stepwise);
    }
    sizes.push_back(
        {static_cast<std::int32_t>(entry.discrete.width), static_cast<std::int32_t>(entry.discrete.height)});
  }
  return sizes;
}

}  // namespace

std::string spelled(PixelSize size) { return fmt::format("{}x{}", size.width, size.height); }

std::vector<std::string> sizes_in(const std::vector<PictureFormat>& formats) {
  std::vector<std::string> sizes;
  for (const PictureFormat& format : formats) {
    std::string size = spelled(format.size);
    if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) {
      sizes.push_back(std::move(size));
    }
  }
  return sizes;
}

Result<std::vector<PictureFormat>> formats_of(const VideoNode& node) {
  std::vector<PictureFormat> formats;
  for (std::uint32_t i = 0; i < kMostEntries; ++i) {
    v4l2_fmtdesc entry{};
    entry.index = i;
    entry.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (const int number = node.ask(VIDIOC_ENUM_FMT, &entry); number != 0) {
      if (number != EINVAL) {  // EINVAL ends the list
        return failure(video_error(number, "VIDIOC_ENUM_FMT"));
      }
      break;
    }
    const std::optional<Coding> coding = coding_of(entry.pixelformat);
    if (!coding || (entry.flags & V4L2_FMT_FLAG_EMULATED) != 0) {
      continue;
    }
    for (const PixelSize size : sizes_of(node, entry.pixelformat)) {
      if (is_usable(size)) {
        formats.push_back({entry.pixelformat, *coding, size});
      }
    }
  }
  if (formats.empty()) {
    return failure(Errc::device_unsupported, "VIDIOC_ENUM_FMT", "the camera has neither MJPG nor YUYV");
  }
  return formats;
}

std::vector<PictureFormat> still_ladder(std::vector<PictureFormat> formats) {
  std::stable_sort(formats.begin(), formats.end(), [](const PictureFormat& a, const PictureFormat& b) {
    return std::tuple(-area(a.size), a.coding) < std::tuple(-area(b.size), b.coding);
  });
  return formats;
}

std::vector<PictureFormat> live_ladder(std::vector<PictureFormat> formats, std::int32_t width) {
  const auto rank = [width](const PictureFormat& format) {
    const bool is_small = format.size.width < width;
    const std::int64_t distance = is_small ? -area(format.size) : area(format.size);
    return std::tuple(format.coding, is_small, distance);
  };
  std::stable_sort(formats.begin(), formats.end(),
                   [&](const PictureFormat& a, const PictureFormat& b) { return rank(a) < rank(b); });
  return formats;
}

}  // namespace quay::document_camera
