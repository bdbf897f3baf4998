// SPDX-License-Identifier: Apache-2.0
// A page turned by its geometry: the sheet's sides change places and one matrix stands before the page's operators. No
// /Rotate, which some readers of portals ignore, and no image stream is touched: every pixel stays as it was coded.
#include <fmt/format.h>

#include "imaging/codec/pdf.hpp"

namespace quay::imaging {
namespace {

/// ISO 32000-1 section 8.3.3: the matrix that turns a sheet of `width` x `height` points and puts it back into the
/// first quadrant. y runs up.
std::string turn_matrix(std::int32_t degrees, double width, double height) {
  const std::string w = pdf_number(width);
  const std::string h = pdf_number(height);
  switch (degrees) {
    case 90: return fmt::format("0 -1 1 0 0 {} cm", w);
    case 180: return fmt::format("-1 0 0 -1 {} {} cm", w, h);
    default: return fmt::format("0 1 -1 0 {} 0 cm", h);
  }
}

}  // namespace

Status turn_pdf_page(PdfPage& page, std::int32_t degrees) {
  const std::int32_t turn = (degrees % 360 + 360) % 360;
  if (turn % 90 != 0 || page.objects.empty() || !page.objects.front().dictionary.empty()) {
    return failure(Errc::image_unsupported, "pdf.turn", "a multiple of 90 degrees and a plain content stream needed");
  }
  if (turn == 0) {
    return {};
  }
  const std::string before =
      fmt::format("q {}\n", turn_matrix(turn, to_points(page.paper.width), to_points(page.paper.height)));
  std::vector<std::uint8_t>& content = page.objects.front().bytes;
  content.insert(content.begin(), before.begin(), before.end());
  content.insert(content.end(), {'Q', '\n'});
  if (turn != 180) {
    std::swap(page.paper.width, page.paper.height);
  }
  return {};
}

}  // namespace quay::imaging
