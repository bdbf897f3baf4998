// SPDX-License-Identifier: Apache-2.0
#include "forms/rendering.hpp"

#include <cairo-pdf.h>
#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "forms/piece.hpp"

namespace quay::forms {
namespace {

constexpr std::int64_t kMostPixels = 100'000'000;

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyCanvas {
  void operator()(cairo_t* canvas) const { cairo_destroy(canvas); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Canvas = std::unique_ptr<cairo_t, DestroyCanvas>;

cairo_status_t append(void* to, const unsigned char* data, unsigned size) {
  auto* bytes = static_cast<std::vector<std::uint8_t>*>(to);
  bytes->insert(bytes->end(), data, data + size);
  return CAIRO_STATUS_SUCCESS;
}

std::int32_t pixels(double mm, Dpi dpi) { return static_cast<std::int32_t>(std::lround(mm / 25.4 * dpi.value)); }

/// A white page with the composition's on it.
Result<Surface> drawn(const Composition& composition, std::size_t page, Dpi dpi) {
  const std::int32_t width = pixels(composition.width_mm(), dpi), height = pixels(composition.height_mm(), dpi);
  if (width < 1 || height < 1 || std::int64_t{width} * height > kMostPixels) {
    return failure(Errc::image_too_large, "form.render", "a page of no size, or of more than 100 megapixels");
  }
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  const Canvas canvas(cairo_create(surface.get()));
  cairo_set_source_rgb(canvas.get(), 1, 1, 1);
  cairo_paint(canvas.get());
  const double scale = dpi.value / 72.0;
  cairo_scale(canvas.get(), scale, scale);
  composition.draw(canvas.get(), page);
  cairo_surface_flush(surface.get());
  if (cairo_status(canvas.get()) != CAIRO_STATUS_SUCCESS) {
    return failure(Errc::bug, "form.render", cairo_status_to_string(cairo_status(canvas.get())));
  }
  return surface;
}

}  // namespace

Result<std::vector<std::uint8_t>> to_pdf(const Composition& composition, const std::string& created) {
  std::vector<std::uint8_t> bytes;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, to_points(composition.width_mm()),
                                                            to_points(composition.height_mm())));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, composition.title().c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "quay");
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  const Canvas canvas(cairo_create(surface.get()));
  for (std::size_t page = 0; page < composition.pages(); ++page) {
    composition.draw(canvas.get(), page);
    cairo_show_page(canvas.get());
  }
  cairo_surface_finish(surface.get());
  return cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS
             ? Result<std::vector<std::uint8_t>>(std::move(bytes))
             : failure(Errc::bug, "form.render", cairo_status_to_string(cairo_surface_status(surface.get())));
}

Result<Image> to_image(const Composition& composition, std::size_t page, Dpi dpi) {
  const auto surface = drawn(composition, page, dpi);
  if (!surface) {
    return tl::unexpected(surface.error());
  }
  const PixelSize size{cairo_image_surface_get_width(surface->get()), cairo_image_surface_get_height(surface->get())};
  const int stride = cairo_image_surface_get_stride(surface->get());
  const unsigned char* data = cairo_image_surface_get_data(surface->get());
  Image image(PixelFormat::gray, size, dpi);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const unsigned char* from = data + static_cast<std::ptrdiff_t>(y) * stride;
    std::uint8_t* to = image.row(y);
    for (std::int32_t x = 0; x < size.width; ++x) {
      to[x] = from[4 * x + 1];  // everything is grey: one channel is as good as another
    }
  }
  return image;
}

Result<std::vector<std::uint8_t>> to_png(const Composition& composition, std::size_t page, Dpi dpi) {
  const auto surface = drawn(composition, page, dpi);
  std::vector<std::uint8_t> bytes;
  if (!surface) {
    return tl::unexpected(surface.error());
  }
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface->get(), append, &bytes);
  return status == CAIRO_STATUS_SUCCESS ? Result<std::vector<std::uint8_t>>(std::move(bytes))
                                        : failure(Errc::bug, "form.render", cairo_status_to_string(status));
}

}  // namespace quay::forms
