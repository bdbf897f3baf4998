// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/raster.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include <cairo.h>
#include <cups/raster.h>

#include "base/freed.hpp"

namespace quay::printer {
namespace {

constexpr std::uint64_t kMostPixels = 200'000'000;

using RasterPtr = std::unique_ptr<cups_raster_t, Freed<cupsRasterClose>>;
using CanvasPtr = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using SurfacePtr = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;

ssize_t append(void* into, unsigned char* bytes, std::size_t count) {
  auto& all = *static_cast<std::vector<std::uint8_t>*>(into);
  all.insert(all.end(), bytes, bytes + count);
  return static_cast<ssize_t>(count);
}

bool offers(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Grey where the printer takes it: what is printed here is text and black forms. A colour printer gets colour.
const char* type_of(const PrinterFacts& facts, Format format) {
  const bool urf = format == Format::urf;
  const bool grey = urf ? offers(facts.urf, "W8") : offers(facts.raster_types, "sgray_8");
  const bool color = urf ? offers(facts.urf, "SRGB24") : offers(facts.raster_types, "srgb_8");
  return color && (facts.color || !grey) ? "srgb_8" : "sgray_8";
}

int urf_dpi(const PrinterFacts& facts) {
  for (const std::string& word : facts.urf) {  // RS300-600: the resolutions
    if (word.starts_with("RS")) {
      return std::max(150, std::atoi(word.c_str() + 2));
    }
  }
  return 300;
}

/// How the back side lies (PWG 5102.4, table 9), for paper turned at its long edge.
void turn_back_side(cairo_t* canvas, const PrinterFacts& facts, double width, double height) {
  if (facts.sheet_back == "rotated") {
    cairo_translate(canvas, width, height);
    cairo_scale(canvas, -1, -1);
  } else if (facts.sheet_back == "flipped") {
    cairo_translate(canvas, 0, height);
    cairo_scale(canvas, 1, -1);
  }
}

class PageDrawer {
 public:
  PageDrawer(const PdfPages& pages, const Ticket& ticket, const PrinterFacts& facts)
      : pages_(pages), ticket_(ticket), facts_(facts) {}

  Status prepare() {
    const int dpi = ticket_.format == Format::urf ? urf_dpi(facts_) : facts_.raster_dpi;
    const std::string name = ticket_.media.name;
    pwg_media_t media{name.c_str(), nullptr, nullptr, ticket_.media.width, ticket_.media.length};
    const char* sides = ticket_.duplex ? "two-sided-long-edge" : "one-sided";
    if (cupsRasterInitPWGHeader(&header_, &media, type_of(facts_, ticket_.format), dpi, dpi, sides,
                                facts_.sheet_back.c_str()) == 0) {
      return failure(Errc::image_encode_failed, "print.raster", cupsRasterErrorString());
    }
    header_.cupsInteger[CUPS_RASTER_PWG_TotalPageCount] = static_cast<unsigned>(ticket_.pages);
    if (std::uint64_t{header_.cupsWidth} * header_.cupsHeight > kMostPixels) {
      return failure(Errc::image_too_large, "print.raster", "a page of more than 200 megapixels");
    }
    return {};
  }

  Status write(cups_raster_t* raster, int page) {
    const SurfacePtr surface = blank_page();
    if (Status drawn = draw(surface.get(), page); !drawn) {
      return drawn;
    }
    cups_page_header2_t header = header_;
    if (cupsRasterWriteHeader2(raster, &header) == 0) {
      return failure(Errc::image_encode_failed, "print.raster", cupsRasterErrorString());
    }
    return write_rows(raster, surface.get());
  }

 private:
  SurfacePtr blank_page() const {
    return SurfacePtr(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(header_.cupsWidth),
                                                 static_cast<int>(header_.cupsHeight)));
  }

  Status draw(cairo_surface_t* surface, int page) const {
    const CanvasPtr canvas(cairo_create(surface));
    cairo_set_source_rgb(canvas.get(), 1, 1, 1);
    cairo_paint(canvas.get());
    if (ticket_.duplex && page % 2 == 1) {
      turn_back_side(canvas.get(), facts_, header_.cupsWidth, header_.cupsHeight);
    }
    const double scale = header_.HWResolution[0] / 72.0;
    cairo_scale(canvas.get(), scale, scale);
    const PageSizeMm size = pages_.size(page);
    const bool lies = (size.width > size.height) != (ticket_.media.width > ticket_.media.length);
    if (lies) {  // a page on its side, on paper that stands
      cairo_translate(canvas.get(), 0, header_.cupsHeight / scale);
      cairo_rotate(canvas.get(), -M_PI / 2);
    }
    if (Status drawn = pages_.draw(page, canvas.get()); !drawn) {
      return drawn;
    }
    const bool good = cairo_status(canvas.get()) == CAIRO_STATUS_SUCCESS;
    return good ? Status() : Status(failure(Errc::image_encode_failed, "print.raster", "the page cannot be drawn"));
  }

  Status write_rows(cups_raster_t* raster, cairo_surface_t* surface) const {
    cairo_surface_flush(surface);
    const unsigned char* pixels = cairo_image_surface_get_data(surface);
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
    std::vector<unsigned char> row(header_.cupsBytesPerLine);
    for (unsigned y = 0; y < header_.cupsHeight; ++y) {
      convert(reinterpret_cast<const std::uint32_t*>(pixels + y * stride), row);
      if (cupsRasterWritePixels(raster, row.data(), header_.cupsBytesPerLine) == 0) {
        return failure(Errc::image_encode_failed, "print.raster", "a row was not taken");
      }
    }
    return {};
  }

  /// Cairo's 0x00RRGGBB to sRGB or its luminance (ITU-R BT.709, as PWG's sgray).
  void convert(const std::uint32_t* from, std::vector<unsigned char>& row) const {
    const bool color = header_.cupsNumColors == 3;
    for (std::size_t x = 0; x < header_.cupsWidth; ++x) {
      const std::uint32_t red = (from[x] >> 16U) & 0xFFU;
      const std::uint32_t green = (from[x] >> 8U) & 0xFFU;
      const std::uint32_t blue = from[x] & 0xFFU;
      if (color) {
        row[3 * x] = static_cast<unsigned char>(red);
        row[3 * x + 1] = static_cast<unsigned char>(green);
        row[3 * x + 2] = static_cast<unsigned char>(blue);
      } else {
        row[x] = static_cast<unsigned char>((54 * red + 183 * green + 19 * blue) >> 8U);
      }
    }
  }

  const PdfPages& pages_;
  const Ticket& ticket_;
  const PrinterFacts& facts_;
  cups_page_header2_t header_{};
};

}  // namespace

Result<std::vector<std::uint8_t>> to_raster(const PdfPages& pages, const Ticket& ticket, const PrinterFacts& facts,
                                            const std::function<Status()>& before_page) {
  PageDrawer drawer(pages, ticket, facts);
  if (Status prepared = drawer.prepare(); !prepared) {
    return failure(prepared.error());
  }
  std::vector<std::uint8_t> bytes;
  const cups_mode_t mode = ticket.format == Format::urf ? CUPS_RASTER_WRITE_APPLE : CUPS_RASTER_WRITE_PWG;
  RasterPtr raster(cupsRasterOpenIO(append, &bytes, mode));
  if (!raster) {
    return failure(Errc::image_encode_failed, "print.raster", "no raster can be written");
  }
  for (int page = 0; page < pages.count(); ++page) {
    Status written = before_page();
    written = written ? drawer.write(raster.get(), page) : written;
    if (!written) {
      return failure(written.error());
    }
  }
  raster.reset();  // what is left of it is written now
  return bytes;
}

}  // namespace quay::printer
