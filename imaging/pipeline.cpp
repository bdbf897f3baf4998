// SPDX-License-Identifier: Apache-2.0
// The order of the steps, and the geometry that joins them.
#include "imaging/pipeline.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "imaging/bitmap.hpp"
#include "imaging/cleanup/paper.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/codec/jpeg.hpp"
#include "imaging/codec/layered_pdf.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/codec/pdf.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/detect/sheet.hpp"
#include "imaging/detect/skew.hpp"
#include "imaging/layers/layers.hpp"
#include "imaging/recognise/codes.hpp"

namespace quay::imaging {
namespace {

constexpr std::int32_t kSmall = 8;        // reduction on which paper and sheet are looked for
constexpr double kLeastConfidence = 0.2;  // of an angle that is acted upon
constexpr double kSnapMm = 2.5;           // a sheet this close to a standard size has that size

Status check(const ImageView& image) {
  if (!image.is_consistent()) {
    return failure(Errc::image_unreadable, "imaging.input", "size, stride and pixels do not agree");
  }
  return check_size(image.size.width, image.size.height);
}

/// What the page will be: where it lies in the input and how it is cut.
struct Layout {
  Transform to_output;
  PixelSize size;
  Dpi dpi;
};

Dpi input_dpi(const ImageView& image, const CleanSettings& settings, CleanPage& page) {
  if (plausible_dpi(image.dpi.value).value > 0) {
    return image.dpi;
  }
  page.flags.emplace_back("dpi-assumed");
  // Common resolutions at which the picture is an A4 scanner's whole bed, or nearly.
  constexpr double kBedSlack = 0.05;
  for (const double value : {300.0, 200.0, 600.0, 150.0, 400.0, 240.0, 100.0}) {
    const double wide = image.size.width / value * kMillimetresPerInch / kA4.width.value - 1;
    const double high = image.size.height / value * kMillimetresPerInch / kA4.height.value - 1;
    if (std::abs(wide) < kBedSlack && std::abs(high) < kBedSlack) {
      return Dpi{value};
    }
  }
  return plausible_dpi(settings.assumed_dpi.value).value > 0 ? settings.assumed_dpi : Dpi{300};
}

Dpi output_dpi(Dpi input, const CleanSettings& settings) {
  if (settings.keep_geometry) {
    return input;
  }
  if (settings.dpi.value <= 0) {
    return std::min(input, kMaxOutputDpi);
  }
  return Dpi{std::max(settings.dpi.value, std::min(input, kMinOutputDpi).value)};
}

constexpr std::array<PaperSize, 4> kStandardSizes{kA4, kA5, PaperSize{{105}, {148}}, PaperSize{{297}, {420}}};

/// One direction of a box: where it begins and ends, and which ends were seen.
struct Extent {
  double begin, end;
  bool begin_seen, end_seen;

  bool fits(double length, double slack) const {
    const double loose = begin_seen && end_seen ? slack : 4 * slack;
    return std::abs(end - begin - length) < loose;
  }
  /// An end that was not seen gives way; otherwise both do.
  void resize(double length) {
    if (begin_seen && !end_seen) {
      end = begin + length;
    } else if (end_seen && !begin_seen) {
      begin = end - length;
    } else {
      const double middle = (begin + end) / 2;
      begin = middle - length / 2;
      end = middle + length / 2;
    }
  }
};

/// Makes the box a standard sheet, upright or lying, when it nearly is one. False when it is none.
bool snap(SheetBox& box, Dpi dpi) {
  const auto pixels = [dpi](Millimetres length) { return length.value / kMillimetresPerInch * dpi.value; };
  Extent across{box.left, box.right, box.left_found, box.right_found};
  Extent down{box.top, box.bottom, box.top_found, box.bottom_found};
  const double slack = pixels({kSnapMm});
  for (const PaperSize& paper : kStandardSizes) {
    for (const auto& [width, height] : {std::pair{paper.width, paper.height}, {paper.height, paper.width}}) {
      if (!across.fits(pixels(width), slack) || !down.fits(pixels(height), slack)) {
        continue;
      }
      across.resize(pixels(width));
      down.resize(pixels(height));
      box.left = across.begin;
      box.right = across.end;
      box.top = down.begin;
      box.bottom = down.end;
      return true;
    }
  }
  return false;
}

/// The picture as it is.
SheetBox picture_box(PixelSize size) {
  SheetBox box;
  box.right = size.width;
  box.bottom = size.height;
  return box;
}

/// The picture, grown so that its turned corners stay in.
SheetBox grown_box(PixelSize size, double angle_deg) {
  const double c = std::abs(std::cos(radians(angle_deg)));
  const double s = std::abs(std::sin(radians(angle_deg)));
  const double grow_x = std::max(0.0, (size.width * c + size.height * s - size.width) / 2);
  const double grow_y = std::max(0.0, (size.height * c + size.width * s - size.height) / 2);
  SheetBox box;
  box.left = -grow_x;
  box.top = -grow_y;
  box.right = size.width + grow_x;
  box.bottom = size.height + grow_y;
  return box;
}

/// Without an edge the page is the picture: of the picture's own size (or the standard size that it nearly is) when
/// only bare paper falls outside once it is turned, else grown.
SheetBox whole_picture(const ImageView& small, PixelSize size, double angle_deg, Dpi dpi) {
  SheetBox box = picture_box(size);
  snap(box, dpi);
  return writes_outside(small, kSmall, angle_deg, box) ? grown_box(size, angle_deg) : box;
}

/// `box` without an end on the sides whose edge was seen: what lies beyond those is the bed.
SheetBox open_where_seen(const SheetBox& box) {
  constexpr double kFar = 1e9;
  SheetBox open = box;
  open.left = box.left_found ? -kFar : box.left;
  open.top = box.top_found ? -kFar : box.top;
  open.right = box.right_found ? kFar : box.right;
  open.bottom = box.bottom_found ? kFar : box.bottom;
  return open;
}

/// The sheet when its edges say so: a standard size that nothing is written beside, or all four edges seen. Else the
/// whole picture.
SheetBox page_box(const ImageView& small, PixelSize size, double angle_deg, Dpi dpi, bool& found) {
  SheetBox box = find_sheet(small, kSmall, angle_deg);
  box.right = std::min(box.right, static_cast<double>(size.width));
  box.bottom = std::min(box.bottom, static_cast<double>(size.height));
  found = snap(box, dpi);
  found = (found && !writes_outside(small, kSmall, angle_deg, open_where_seen(box))) || box.strong;
  return found ? box : whole_picture(small, size, angle_deg, dpi);
}

Layout lay_out(const SheetBox& box, PixelSize size, double angle_deg, Dpi in, Dpi out) {
  const double scale = out.value / in.value;
  const double cx = (size.width - 1) / 2.0;
  const double cy = (size.height - 1) / 2.0;
  const Transform upright =
      Transform::translation(cx, cy) * Transform::rotation(-angle_deg) * Transform::translation(-cx, -cy);
  const Transform cut = Transform::translation(-0.5, -0.5) * Transform::scaling(scale, scale) *
                        Transform::translation(0.5 - box.left, 0.5 - box.top);
  const auto side = [scale](double length) {
    return std::clamp(static_cast<std::int32_t>(std::lround(length * scale)), 1, kMaxSide);
  };
  return {cut * upright, {side(box.width()), side(box.height())}, out};
}

Quad corners(const Layout& layout) {
  const Transform back = inverse(layout.to_output);
  const double right = layout.size.width - 0.5;
  const double bottom = layout.size.height - 0.5;
  return {back.apply({-0.5, -0.5}), back.apply({right, -0.5}), back.apply({right, bottom}), back.apply({-0.5, bottom})};
}

void find_angle(const Image& source, const CleanSettings& settings, CleanPage& page) {
  const Skew skew = find_skew(source.format() == PixelFormat::rgb ? to_gray(source.view()).view() : source.view());
  page.confidence = skew.confidence;
  if (skew.confidence >= kLeastConfidence) {
    page.angle_deg = skew.angle_deg;
  } else if (settings.deskew) {
    page.flags.emplace_back("skew-uncertain");
  }
}

/// Reduces first where the output is much coarser, so that no line falls between two samples.
Image draw(const Image& source, const Layout& layout, const PaperMap* paper) {
  const double shrink = std::hypot(layout.to_output.m[0], layout.to_output.m[3]);
  const auto factor = static_cast<std::int32_t>(std::max(1.0, std::floor(1 / shrink + 0.25)));
  const Transform to_input = inverse(layout.to_output);
  if (factor == 1) {
    return render(source.view(), {to_input, layout.size, layout.dpi, paper});
  }
  const Transform to_reduced = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / factor, 1.0 / factor) *
                               Transform::translation(0.5, 0.5);
  const Image reduced = reduce(source.view(), factor);
  const PaperMap map = PaperMap::estimate(reduce(source.view(), kSmall * factor).view(), kSmall);
  return render(reduced.view(), {to_reduced * to_input, layout.size, layout.dpi, paper == nullptr ? nullptr : &map});
}

}  // namespace

Result<Preview> make_preview(const ImageView& image, std::int32_t longest_px) {
  if (const Status fits = check(image); !fits) {
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

Result<CleanPage> clean(const ImageView& image, const CleanSettings& settings) {
  if (const Status fits = check(image); !fits) {
    return failure(fits.error());
  }
  CleanPage page;
  StepClock clock(page.steps);
  page.input = image.size;
  page.input_dpi = image.dpi;
  const Dpi dpi = input_dpi(image, settings, page);
  const Image source = to_bytes(image);
  const Image small = reduce(source.view(), kSmall);
  clock.lap("reduce");
  find_angle(source, settings, page);
  clock.lap("skew");
  if (settings.read_codes) {
    page.codes = read_codes(source.view());
    clock.lap("codes");
  }
  page.blank = ink_share(small.view()) < kBlankShare;
  const bool moves = !settings.keep_geometry;
  const double turn = moves && settings.deskew ? page.angle_deg : 0.0;
  SheetBox box = picture_box(image.size);
  if (moves && settings.crop && image.format != PixelFormat::bitonal) {
    box = page_box(small.view(), image.size, turn, dpi, page.sheet_found);
  } else if (moves) {
    box = whole_picture(small.view(), image.size, turn, dpi);
  }
  const Layout layout = lay_out(box, image.size, turn, dpi, output_dpi(dpi, settings));
  clock.lap("sheet");
  page.whitened = settings.whiten && image.format != PixelFormat::bitonal;
  const PaperMap paper = PaperMap::estimate(small.view(), kSmall);
  clock.lap("paper");
  page.image = draw(source, layout, page.whitened ? &paper : nullptr);
  if (image.format == PixelFormat::bitonal) {
    page.image = to_bitonal(page.image.view());
  }
  clock.lap("render");
  page.transform = layout.to_output;
  page.quad_px = corners(layout);
  page.paper = {to_millimetres(layout.size.width, layout.dpi), to_millimetres(layout.size.height, layout.dpi)};
  return page;
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
