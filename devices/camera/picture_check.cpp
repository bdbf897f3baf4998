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

}  // namespace

bool is_jpeg_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == "jpg" || ending == "jpeg";
}

Status check_picture(std::span<const std::uint8_t> file) {
  if (file.size() < 4 || !std::equal(kStart.begin(), kStart.end(), file.begin())) {
    return failure(Errc::image_unsupported, "camera.picture", "no JPEG");
  }
  const auto tail = file.last(std::min(kTail, file.size() / 2));
  if (std::search(tail.begin(), tail.end(), kEnd.begin(), kEnd.end()) == tail.end()) {
    return failure(Errc::scan_page_incomplete, "camera.picture", "the JPEG has no end");
  }
  return {};
}

}  // namespace quay::camera
