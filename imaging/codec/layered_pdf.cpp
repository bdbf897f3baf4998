// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/layered_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imaging/cleanup/render.hpp"
#include "imaging/codec/jbig2.hpp"
#include "imaging/codec/jpeg.hpp"

namespace quay::imaging {
namespace {

/// Adds images to a page and writes the operators that paint them.
class PagePainter {
 public:
  PagePainter(PixelSize pixels, const PaperSize& paper) : pixels_(pixels), paper_(paper) {}

  void add(const Box& box, std::string_view colour, PdfStream image) {
    const double across = to_points(paper_.width) / pixels_.width;
    const double down = to_points(paper_.height) / pixels_.height;
    objects_.push_back(std::move(image));
    names_ += fmt::format("/L{0} @{0}", objects_.size());
    content_ += fmt::format("{}q {} 0 0 {} {} {} cm /L{} Do Q\n", colour, pdf_number(box.size().width * across, 4),
                            pdf_number(box.size().height * down, 4), pdf_number(box.left * across, 4),
                            pdf_number((pixels_.height - box.bottom) * down, 4), objects_.size());
  }

  PdfPage finish() {
    PdfPage page{paper_, fmt::format("<</XObject<<{}>>>>", names_), {}};
    page.objects.push_back({"", {content_.begin(), content_.end()}});
    std::move(objects_.begin(), objects_.end(), std::back_inserter(page.objects));
    return page;
  }

 private:
  PixelSize pixels_;
  PaperSize paper_;
  std::string names_;
  std::string content_;
  std::vector<PdfStream> objects_;
};

std::string fill_colour(const Rgb& colour) {
  const auto part = [](std::uint8_t value) { return pdf_number(value / 255.0, 3); };
  if (std::abs(colour[0] - colour[1]) <= 6 && std::abs(colour[1] - colour[2]) <= 6) {
    return part(colour[1]) + " g ";
  }
  return fmt::format("{} {} {} rg ", part(colour[0]), part(colour[1]), part(colour[2]));
}

PdfStream stencil(const Bitmap& mask) {
  return {fmt::format("/Type/XObject/Subtype/Image/Width {}/Height {}/ImageMask true/BitsPerComponent 1"
                      "/Filter/JBIG2Decode",
                      mask.size().width, mask.size().height),
          encode_jbig2(mask)};
}

/// The box of the image at a resolution of at most `dpi`.
Image cut(const ImageView& image, const Box& box, Dpi dpi) {
  ImageView part = image;
  part.pixels = image.pixels.subspan(static_cast<std::size_t>(box.top) * image.stride_bytes +
                                     packed_row_bytes(image.format, box.left));
  part.size = box.size();
  const double scale = std::min(1.0, dpi.value / std::max(image.dpi.value, 1.0));
  const auto side = [scale](std::int32_t length) {
    return std::max(1, static_cast<std::int32_t>(std::ceil(length * scale - 1e-6)));
  };
  const PixelSize size{side(part.size.width), side(part.size.height)};
  const double back_x = static_cast<double>(part.size.width) / size.width;
  const double back_y = static_cast<double>(part.size.height) / size.height;
  const Transform to_input =
      Transform::translation(-0.5, -0.5) * Transform::scaling(back_x, back_y) * Transform::translation(0.5, 0.5);
  return render(part, {to_input, size, Dpi{image.dpi.value / back_x}});
}

}  // namespace

Result<LayeredPage> layered_page(const Layers& layers, const ImageView& image, const PaperSize& paper,
                                 const LayeredOptions& options) {
  LayeredPage out;
  PagePainter painter(image.size, paper);
  for (const auto& [box, fine] : layers.pictures) {
    const Image picture = cut(image, box, fine ? image.dpi : options.picture_dpi);
    auto jpeg = encode_jpeg(picture.view(), {.quality = options.picture_quality, .chroma_full = true});
    if (!jpeg) {
      return failure(jpeg.error());
    }
    out.layers.push_back({"photo", "jpeg", picture.size(), picture.dpi(), jpeg->size()});
    const auto* space = picture.format() == PixelFormat::rgb ? "DeviceRGB" : "DeviceGray";
    painter.add(box, "", {pdf_image_entries(picture.size(), space, 8, "DCTDecode"), std::move(*jpeg)});
  }
  for (const Ink& ink : layers.inks) {
    const Box box = ink_box(ink.mask);
    if (box == Box{}) {
      continue;
    }
    PdfStream stream = stencil(ink.mask.cut(box.left, box.top, box.size()));
    out.layers.push_back({ink.coloured ? "foreground" : "mask", "jbig2", box.size(), image.dpi, stream.bytes.size()});
    painter.add(box, fill_colour(ink.colour), std::move(stream));
  }
  for (const LayerInfo& layer : out.layers) {
    out.bytes += layer.bytes;
  }
  out.page = painter.finish();
  return out;
}

}  // namespace quay::imaging
