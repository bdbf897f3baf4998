// SPDX-License-Identifier: Apache-2.0
// Is the face of a portrait lit well, and sharp enough for the print?
#pragma once

#include "base/image.hpp"
#include "base/result.hpp"
#include "imaging/extract/head_view.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// Neither too dark nor burnt out nor lit from one side. Errors: portrait_exposure, with the figures.
Status check_light(const HeadView& view);

/// print: the finished portrait, gray; face: the square around the face in it. Errors: portrait_blurred.
Status check_sharpness(const Image& print, const PixelBox& face);

}  // namespace quay::imaging
