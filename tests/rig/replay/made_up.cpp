// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/replay/made_up.hpp"

#include <algorithm>
#include <cstring>

#include "base/image.hpp"
#include "protocol/client/device.hpp"
#include "tests/rig/pictures/jpeg.hpp"

namespace quay::rig {
namespace {

constexpr std::uint8_t kPaper = 0xF4;
constexpr std::uint8_t kInk = 0x30;
constexpr int kQuality = 85;
constexpr PixelSize kLiveFrame{640, 480};

/// Every 64th row has four rows of ink in the middle half: something to see, to turn and to compress.
bool is_ink(std::size_t row, std::size_t column, std::size_t width) {
  return row % 64 < 4 && column > width / 4 && column < width - width / 4;
}

Result<WritableBuffer> rows_of(std::uint64_t bytes, const protocol::PageGeometry& geometry) {
  auto buffer = WritableBuffer::create(static_cast<std::size_t>(bytes));
  if (!buffer) {
    return buffer;
  }
  const std::size_t stride = std::max<std::size_t>(1, geometry.stride_bytes);
  const std::span<std::uint8_t> out = buffer->bytes();
  for (std::size_t at = 0; at < out.size(); ++at) {
    out[at] = is_ink(at / stride, at % stride, stride) ? kInk : kPaper;
  }
  return buffer;
}

Result<WritableBuffer> jpeg_of(PixelSize size, boost::json::object& frame) {
  Image image(PixelFormat::gray, size, Dpi{});
  for (std::int32_t row = 0; row < size.height; ++row) {
    for (std::int32_t column = 0; column < size.width; ++column) {
      image.row(row)[column] =
          is_ink(static_cast<std::size_t>(row), static_cast<std::size_t>(column), static_cast<std::size_t>(size.width))
              ? kInk
              : kPaper;
    }
  }
  const auto jpeg = encode_jpeg(image.view(), kQuality);
  if (!jpeg) {
    return failure(jpeg.error());
  }
  auto buffer = WritableBuffer::create(jpeg->size());
  if (buffer) {
    std::memcpy(buffer->bytes().data(), jpeg->data(), jpeg->size());
    frame["bytes"] = jpeg->size();
  }
  return buffer;
}

}  // namespace

Result<WritableBuffer> make_up(std::uint64_t bytes, boost::json::object& frame) {
  const auto* told = frame.if_contains("geometry");
  const auto geometry = told != nullptr ? protocol::from_json<protocol::PageGeometry>(*told)
                                        : Result<protocol::PageGeometry>(protocol::PageGeometry{});
  if (!geometry) {
    return failure(geometry.error());
  }
  if (told == nullptr) {
    return jpeg_of(kLiveFrame, frame);
  }
  if (geometry->media_type.empty()) {
    return rows_of(bytes, *geometry);
  }
  frame["geometry"].as_object()["media_type"] = "image/jpeg";
  return jpeg_of({geometry->width, geometry->height}, frame);
}

}  // namespace quay::rig
