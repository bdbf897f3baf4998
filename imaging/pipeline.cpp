// SPDX-License-Identifier: Apache-2.0
// From a cleaned page to bytes, and a preview; imaging/clean.cpp makes the cleaned page.
#include "imaging/pipeline.hpp"

#include <algorithm>

#include "imaging/bitmap.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/layered_pdf.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/layers/layers.hpp"

namespace quay::imaging {
Result<Preview> make_preview(const ImageView& image, std::int32_t longest_px) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  const Image source = to_bytes(image);
  const std::int32_t longest = std::max(image.size.width, image.size.height);
  std::int32_t factor = std::max(1, (longest + longest_px - 1) / std::max(longest_px, 1));
  for (int quality = 60;; quality -= 15) {
    if (quality < 30) {
      quality = 60;
      ++factor;
    }
    const Image small = reduce(source.view(), factor);
    auto bytes = encode_jpeg(small.view(), {.quality = quality});
    if (!bytes) {
      return failure(bytes.error());
    }
    if (bytes->size() <= kPreviewBytes || factor >= longest) {
      return Preview{std::move(*bytes), small.size()};
    }
  }
}

namespace {

/// The page as one JPEG in a PDF.
PdfPage jpeg_page(const CleanPage& page, const ImageView& view, std::vector<std::uint8_t> jpeg) {
  const std::string content = pdf_paint_whole(page.paper, "I");
  const auto* space = view.format == PixelFormat::rgb ? "DeviceRGB" : "DeviceGray";
  PdfPage pdf{page.paper, "<</XObject<</I @1>>>>", {}};
  pdf.objects.push_back({"", {content.begin(), content.end()}});
  pdf.objects.push_back({pdf_image_entries(view.size, space, 8, "DCTDecode"), std::move(jpeg)});
  return pdf;
}

/// What the page consists of; a bitonal page is all ink.
Layers layers_of(const CleanPage& page) {
  if (page.image.format() == PixelFormat::bitonal) {
    return {{{{0, 0, 0}, to_bitmap(page.image.view()), false}}, {}, {}};
  }
  return take_apart(page.image.view());
}

bool is_layered(const CleanPage& page, const Profile& profile) {
  const bool flat = page.whitened || page.image.format() == PixelFormat::bitonal;
  return profile.format == OutputFormat::pdf && profile.layered && flat;
}

Status finish_pdf(const PdfPage& pdf, EncodedPage& out) {
  auto bytes = write_pdf({&pdf, 1});
  if (!bytes) {
    return failure(bytes.error());
  }
  out.media_type = "application/pdf";
  out.bytes = std::move(*bytes);
  return {};
}

}  // namespace

Result<EncodedPage> encode(const CleanPage& page, const Profile& profile) {
  EncodedPage out;
  StepClock clock(out.steps);
  out.size = page.image.size();
  out.dpi = page.image.dpi();
  out.paper = page.paper;
  if (is_layered(page, profile)) {
    const Layers layers = layers_of(page);
    clock.lap("layers");
    auto layered = layered_page(layers, page.image.view(), page.paper, {});
    if (!layered) {
      return failure(layered.error());
    }
    clock.lap("code");
    out.layers = std::move(layered->layers);
    const Status done = finish_pdf(layered->page, out);
    clock.lap("pdf");
    return done ? Result<EncodedPage>(std::move(out)) : failure(done.error());
  }
  const Image pixels = page.image.format() == PixelFormat::bitonal ? to_bytes(page.image.view()) : Image{};
  const ImageView view = pixels.empty() ? page.image.view() : pixels.view();
  auto jpeg = encode_jpeg(view, {.quality = profile.jpeg_quality, .chroma_full = profile.chroma_full});
  if (!jpeg) {
    return failure(jpeg.error());
  }
  out.layers = {{"page", "jpeg", view.size, out.dpi, jpeg->size()}};
  clock.lap("jpeg");
  if (profile.format == OutputFormat::jpeg) {
    out.media_type = "image/jpeg";
    out.bytes = std::move(*jpeg);
    return out;
  }
  const PdfPage pdf = jpeg_page(page, view, std::move(*jpeg));
  const Status done = finish_pdf(pdf, out);
  clock.lap("pdf");
  return done ? Result<EncodedPage>(std::move(out)) : failure(done.error());
}

Result<std::vector<std::uint8_t>> assemble(std::span<const std::span<const std::uint8_t>> documents) {
  std::vector<PdfPage> pages;
  for (const auto document : documents) {
    auto page = read_pdf_page(document);
    if (!page) {
      return failure(page.error());
    }
    pages.push_back(std::move(*page));
  }
  return write_pdf(pages);
}

}  // namespace quay::imaging
