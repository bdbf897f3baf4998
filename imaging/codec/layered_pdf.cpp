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

  /// An object that is not painted by itself; its number for "@".
  std::size_t keep(PdfStream object) {
    objects_.push_back(std::move(object));
    return objects_.size();
  }

  /// `colour`: operators that set the fill colour, for stencils.
  void paint(const Box& box, std::string_view colour, PdfStream image) {
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

/// Paints the layers and keeps account of them.
class LayerWriter {
 public:
  LayerWriter(const ImageView& image, const PaperSize& paper, const LayeredOptions& options)
      : image_(image), options_(options), painter_(image.size, paper) {}

  Status add(const Picture& picture) {
    const Image pixels = cut(image_, picture.box, picture.fine ? image_.dpi : options_.picture_dpi);
    auto jpeg = encode_jpeg(pixels.view(), {.quality = options_.picture_quality, .chroma_full = picture.fine});
    if (!jpeg) {
      return failure(jpeg.error());
    }
    painter_.paint(picture.box, "", image_stream("photo", pixels, std::move(*jpeg)));
    return {};
  }

  Status add(const Stamp& stamp) {
    const Image colours = stamp_colours(image_, stamp, options_.stamp_dpi);
    auto jpeg = encode_jpeg(colours.view(), {.quality = options_.stamp_quality});
    if (!jpeg) {
      return failure(jpeg.error());
    }
    const std::size_t mask = painter_.keep(stencil("foreground", stamp.mask));
    PdfStream image = image_stream("foreground", colours, std::move(*jpeg));
    image.dictionary += fmt::format("/Mask @{}", mask);
    painter_.paint(stamp.box, "", std::move(image));
    return {};
  }

  Status add(const Ink& ink) {
    const Box box = ink_box(ink.mask);
    if (box != Box{}) {
      const Bitmap mask = ink.mask.cut(box.left, box.top, box.size());
      painter_.paint(box, fill_colour(ink.colour), stencil(ink.coloured ? "foreground" : "mask", mask));
    }
    return {};
  }

  LayeredPage finish() {
    LayeredPage out{painter_.finish(), std::move(layers_), 0};
    for (const LayerInfo& layer : out.layers) {
      out.bytes += layer.bytes;
    }
    return out;
  }

 private:
  PdfStream image_stream(std::string name, const Image& pixels, std::vector<std::uint8_t> jpeg) {
    layers_.push_back({std::move(name), "jpeg", pixels.size(), pixels.dpi(), jpeg.size()});
    const auto* space = pixels.format() == PixelFormat::rgb ? "DeviceRGB" : "DeviceGray";
    return {pdf_image_entries(pixels.size(), space, 8, "DCTDecode"), std::move(jpeg)};
  }

  PdfStream stencil(std::string name, const Bitmap& mask) {
    PdfStream out{fmt::format("/Type/XObject/Subtype/Image/Width {}/Height {}/ImageMask true/BitsPerComponent 1"
                              "/Filter/JBIG2Decode",
                              mask.size().width, mask.size().height),
                  encode_jbig2(mask)};
    layers_.push_back({std::move(name), "jbig2", mask.size(), image_.dpi, out.bytes.size()});
    return out;
  }

  const ImageView& image_;
  const LayeredOptions& options_;
  PagePainter painter_;
  std::vector<LayerInfo> layers_;
};

/// Adds `items` in order; the first error ends it.
template <class Items>
Status add_all(LayerWriter& writer, const Items& items) {
  for (const auto& item : items) {
    if (const Status added = writer.add(item); !added) {
      return added;
    }
  }
  return {};
}

}  // namespace

Result<LayeredPage> layered_page(const Layers& layers, const ImageView& image, const PaperSize& paper,
                                 const LayeredOptions& options) {
  LayerWriter writer(image, paper, options);
  for (const Status& added :
       {add_all(writer, layers.pictures), add_all(writer, layers.stamps), add_all(writer, layers.inks)}) {
    if (!added) {
      return failure(added.error());
    }
  }
  return writer.finish();
}

}  // namespace quay::imaging
