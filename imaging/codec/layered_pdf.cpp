// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/layered_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "imaging/codec/canvas.hpp"
#include "imaging/codec/jbig2.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/scale.hpp"

namespace quay::imaging {
namespace {

/// Points to the right and down, less than a thousandth of a pixel: readers that fit images to whole pixels cut an edge
/// of 59.99998 to 59 and stretch the image over one pixel more than it has.
constexpr double kNudge = 0.00007;

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
    content_ += fmt::format("{}q {} 0 0 {} {} {} cm /L{} Do Q\n", colour, pdf_number(box.size().width * across, 5),
                            pdf_number(box.size().height * down, 5), pdf_number(box.left * across + kNudge, 5),
                            pdf_number((pixels_.height - box.bottom) * down - kNudge, 5), objects_.size());
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

/// Paints the layers and keeps account of them.
class LayerWriter {
 public:
  LayerWriter(const ImageView& image, const PaperSize& paper, const LayeredOptions& options)
      : image_(image), options_(options), painter_(image.size, paper) {
    if (options.show) {
      canvas_.emplace(image.size, image.dpi);
    }
  }

  /// The ground lies under everything; `ground` may be coarser than the page.
  Status add_ground(const Image& ground) {
    auto jpeg = encode_jpeg(ground.view(), {.quality = options_.ground_quality});
    if (!jpeg) {
      return failure(jpeg.error());
    }
    const Box whole{0, 0, image_.size.width, image_.size.height};
    if (canvas_) {
      canvas_->paint(whole, as_decoded(*jpeg, ground).view());
    }
    painter_.paint(whole, "", image_stream("background", ground, std::move(*jpeg)));
    return {};
  }

  Status add(const Picture& picture) {
    const ImageView part = cut_view(image_, picture.box.left, picture.box.top, picture.box.size());
    const Image pixels = shrink(part, picture.fine ? image_.dpi : options_.picture_dpi);
    auto jpeg = encode_jpeg(pixels.view(), {.quality = options_.picture_quality, .chroma_full = picture.fine});
    if (!jpeg) {
      return failure(jpeg.error());
    }
    if (canvas_) {
      canvas_->paint(picture.box, as_decoded(*jpeg, pixels).view());
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
    if (canvas_) {
      canvas_->paint(stamp.box, as_decoded(*jpeg, colours).view(), stamp.mask);
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
      if (canvas_) {
        canvas_->paint(ink.mask, ink.colour);
      }
      const Bitmap mask = ink.mask.cut(box.left, box.top, box.size());
      painter_.paint(box, fill_colour(ink.colour), stencil(ink.coloured ? "foreground" : "mask", mask));
    }
    return {};
  }

  LayeredPage finish() {
    LayeredPage out{painter_.finish(), std::move(layers_), 0, canvas_ ? canvas_->take() : Image{}};
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

  /// What a reader makes of a JPEG of ours.
  static Image as_decoded(const std::vector<std::uint8_t>& jpeg, const Image& pixels) {
    return decode_jpeg(jpeg).value_or(pixels);
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
  std::optional<Canvas> canvas_;
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
  if (!layers.ground.empty()) {
    if (const Status added = writer.add_ground(layers.ground); !added) {
      return failure(added.error());
    }
  }
  for (const Status& added :
       {add_all(writer, layers.pictures), add_all(writer, layers.stamps), add_all(writer, layers.inks)}) {
    if (!added) {
      return failure(added.error());
    }
  }
  return writer.finish();
}

}  // namespace quay::imaging
