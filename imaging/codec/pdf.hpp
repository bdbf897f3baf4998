// SPDX-License-Identifier: Apache-2.0
// PDF/A-2b documents of image pages (ISO 32000-1, ISO 19005-2): a small own writer whose bytes depend on nothing but
// its input, and the way back from a single-page document to a page, so that pages can be bound in any order without
// being encoded again. It reads only what it wrote itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/image.hpp"
#include "base/result.hpp"

namespace quay::imaging {

/// One object of a page, a stream as a rule. `dictionary` holds its entries without /Length and without the brackets;
/// "@k" in it stands for a reference to the page's object k.
struct PdfStream {
  std::string dictionary;
  std::vector<std::uint8_t> bytes;
  bool only_dictionary = false;  ///< no stream follows; `bytes` is empty
};

/// A page that can stand at any place of any document. Object 0 is the content stream; `resources` is the resource
/// dictionary with its brackets, "@k" as above.
struct PdfPage {
  PaperSize paper;
  std::string resources;
  std::vector<PdfStream> objects;
};

/// A whole document: header, XMP, sRGB output intent, document id from the content, cross-reference table.
/// Errors: document_empty without pages.
Result<std::vector<std::uint8_t>> write_pdf(std::span<const PdfPage> pages);

/// The page of a single-page document that write_pdf made.
/// Errors: image_unsupported, for every other document; image_unreadable, when it is damaged.
Result<PdfPage> read_pdf_page(std::span<const std::uint8_t> document);

/// Turns a page clockwise by `degrees`, a multiple of 90, without coding anything again.
/// Errors: image_unsupported for another angle or a page whose content is not plain.
Status turn_pdf_page(PdfPage& page, std::int32_t degrees);

/// What every document is: version of its header, conformance in its XMP.
inline constexpr std::string_view kPdfVersion = "1.7";
inline constexpr std::string_view kPdfConformance = "PDF/A-2b";

/// An sRGB profile (ICC.1:2004-10, version 4.2) of about 500 bytes.
std::vector<std::uint8_t> srgb_profile();

/// `value` as a PDF number: at most `decimals` places, no exponent, no trailing zeros.
std::string pdf_number(double value, int decimals = 3);

/// The entries every image XObject needs: size, bits and colour space ("DeviceRGB", "DeviceGray").
std::string pdf_image_entries(PixelSize size, std::string_view colour_space, int bits, std::string_view filter);

/// The operators that paint XObject `name` over the whole page.
std::string pdf_paint_whole(const PaperSize& paper, std::string_view name);

}  // namespace quay::imaging
