// SPDX-License-Identifier: Apache-2.0
// What is seen on one frame of a live view, fast: the sheet, what is wrong with it, and two tiny pictures by which
// frames and sheets are told apart.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/geometry.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Side of the tiny pictures.
inline constexpr std::int32_t kLookSide = 32;

struct FrameFacts {
  PixelSize size;
  std::optional<Quad> sheet;
  std::vector<QualityIssue> quality;     ///< empty: good. Without a sheet: why none is seen, if that can be told
  std::vector<std::uint8_t> look;        ///< the frame, gray, kLookSide squared
  std::vector<std::uint8_t> sheet_look;  ///< the sheet pulled straight, the same; empty without one
};

/// Image: gray or rgb, any size. Errors: image_unreadable for an inconsistent view.
Result<FrameFacts> look_at_frame(const ImageView& frame);

}  // namespace quay::imaging
