// SPDX-License-Identifier: Apache-2.0
// Why a camera sees no whole sheet: it is too dark, a paper runs out of the picture, or it is too far away.
#pragma once

#include <optional>

#include "base/image.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

/// "too-dark", "cut-edge" or "too-small" with its place; nothing when no paper is there at all, or nothing can be told.
/// Image: gray.
std::optional<QualityIssue> why_no_sheet(const ImageView& gray);

}  // namespace quay::imaging
