// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/printed_pages.hpp"

#include <cairo-pdf.h>

namespace quay::test {
namespace {

constexpr double kPoints = 72 / 25.4;

cairo_status_t append(void* into, const unsigned char* bytes, unsigned count) {
  auto& all = *static_cast<std::vector<std::uint8_t>*>(into);
  all.insert(all.end(), bytes, bytes + count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::vector<std::uint8_t> numbered_pages(int pages, double width_mm, double height_mm) {
  std::vector<std::uint8_t> bytes;
  cairo_surface_t* surface =
      cairo_pdf_surface_create_for_stream(append, &bytes, width_mm * kPoints, height_mm * kPoints);
  cairo_t* canvas = cairo_create(surface);
  for (int page = 1; page <= pages; ++page) {
    for (int square = 0; square < page; ++square) {
      cairo_rectangle(canvas, (10 + 15 * square) * kPoints, 10 * kPoints, 10 * kPoints, 10 * kPoints);
      cairo_fill(canvas);
    }
    cairo_show_page(canvas);
  }
  cairo_destroy(canvas);
  cairo_surface_destroy(surface);
  return bytes;
}

}  // namespace quay::test
