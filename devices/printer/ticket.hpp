// SPDX-License-Identifier: Apache-2.0
// What is asked of this printer for this document: which format, which paper by its size, which sides, how many sheets
// must come. Pure. Nothing is left to a default: a printer whose default is Letter prints A4 on A4 all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "devices/printer/pdf_pages.hpp"
#include "devices/printer/printer_facts.hpp"

namespace quay::printer {

enum class Format : std::uint8_t { pdf, pwg_raster, urf };

std::string_view media_type_of(Format format);

/// PDF where the printer reads it: what is sent is then what was made. Errors: print_format.
Result<Format> choose_format(const PrinterFacts& facts);

struct Ticket {
  Format format = Format::pdf;
  MediaSize media;
  int copies = 1;
  bool duplex = false;
  int pages = 0;
  int sheets = 0;  ///< of all copies
};

/// What the order says of the document.
struct Wish {
  std::string media;  ///< PWG name; empty: `first_page`
  PageSizeMm first_page;
  int pages = 1;
  int copies = 1;
  bool duplex = false;
};

/// A printer that cannot turn paper prints on one side. Errors: print_format, device_invalid_setting (paper that it
/// does not take, more copies than it makes).
Result<Ticket> make_ticket(const PrinterFacts& facts, const Wish& wish);

/// The sheets that so many printed sides are. `impressions`: job-impressions-completed.
int sheets_of(int impressions, const Ticket& ticket);

/// Adds the job's attributes to Create-Job or Print-Job.
void add_to(IppMessage& request, const Ticket& ticket, const PrinterFacts& facts);

}  // namespace quay::printer
