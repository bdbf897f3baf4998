// SPDX-License-Identifier: Apache-2.0
// A PDF as PWG raster (PWG 5102.4) or URF, for printers that read no PDF: each page drawn at the printer's resolution,
// back sides turned as its paper path needs.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "devices/printer/ticket.hpp"

namespace quay::printer {

/// `before_page` is asked before each page; its failure ends the work. Errors: that; image_unreadable,
/// image_encode_failed, image_too_large (a page of more than 200 megapixels).
Result<std::vector<std::uint8_t>> to_raster(const PdfPages& pages, const Ticket& ticket, const PrinterFacts& facts,
                                            const std::function<Status()>& before_page);

}  // namespace quay::printer
