// SPDX-License-Identifier: Apache-2.0
// A composition as bytes: a PDF with its fonts embedded, a PNG to look at before paper, grey pixels for a printer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"
#include "base/units.hpp"
#include "forms/composition.hpp"

namespace quay::forms {

/// The same composition and day give the same bytes. created: ISO 8601, such as "2026-11-26". Errors: bug.
Result<std::vector<std::uint8_t>> to_pdf(const Composition& composition, const std::string& created);

/// Grey, white ground. Errors: image_too_large when the page has more than 100 megapixels at this resolution.
Result<Image> to_image(const Composition& composition, std::size_t page, Dpi dpi);

/// Errors: as to_image.
Result<std::vector<std::uint8_t>> to_png(const Composition& composition, std::size_t page, Dpi dpi);

}  // namespace quay::forms
