// SPDX-License-Identifier: Apache-2.0
// A PDF as PWG raster (PWG 5102.4) or URF, for printers that read no PDF: each page drawn at the printer's resolution,
// back sides turned as its paper path needs.
#pragma once

#include <cstdint>
#include <vector>

#include "devices/printer/ticket.hpp"

namespace quay::printer {

/// Errors: image_unreadable, image_encode_failed, image_too_large (a page of more than 200 megapixels).
Result<std::vector<std::uint8_t>> to_raster(const PdfPages& pages, const Ticket& ticket, const PrinterFacts& facts);

}  // namespace quay::printer
