// SPDX-License-Identifier: Apache-2.0
#include "imaging/cleanup/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "imaging/cleanup/perspective.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/detect/sheet.hpp"

namespace quay::imaging {
namespace {

constexpr double kSnapMm = 2.5;  // a sheet this close to a standard size has that size

/// The picture with the same resolution along both sides.
struct Level {
  PixelSize size;
  ImageView small;
  Dpi dpi;
};

Dpi output_dpi(Dpi input, const CleanSettings& settings) {
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
SheetBox whole_picture(const Level& level, double angle_deg) {
  SheetBox box = picture_box(level.size);
  snap(box, level.dpi);
  return writes_outside(level.small, kSmall, angle_deg, box) ? grown_box(level.size, angle_deg) : box;
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
SheetBox page_box(const Level& level, double angle_deg, bool& found) {
  SheetBox box = find_sheet(level.small, kSmall, angle_deg);
  box.right = std::min(box.right, static_cast<double>(level.size.width));
  box.bottom = std::min(box.bottom, static_cast<double>(level.size.height));
  found = snap(box, level.dpi);
  found = (found && !writes_outside(level.small, kSmall, angle_deg, open_where_seen(box))) || box.strong;
  return found ? box : whole_picture(level, angle_deg);
}

/// The sheet with these proportions: A4, an ID card (ISO/IEC 7810 ID-1), else A4's height as its longer side.
PaperSize paper_of(SheetProportion seen) {
  constexpr double kCardSlack = 0.05, kSheetSlack = 0.12;  // nearly every sheet is of the A series
  const bool upright = seen.flat < 1;
  const auto ratio = [upright](double value) { return upright ? 1 / value : value; };
  const auto near = [&](double wanted, double slack) {
    return std::min(std::abs(ratio(seen.flat) / wanted - 1), std::abs(ratio(seen.in_space) / wanted - 1)) < slack;
  };
  double width = kA4.height.value, height = width / ratio(seen.in_space);
  if (std::abs(ratio(seen.in_space) / (85.60 / 53.98) - 1) < kCardSlack) {
    width = 85.60;
    height = 53.98;
  } else if (near(std::sqrt(2.0), kSheetSlack)) {
    height = kA4.width.value;
  }
  return upright ? PaperSize{{height}, {width}} : PaperSize{{width}, {height}};
}

/// `upright` cut to the box and scaled.
Layout cut(const SheetBox& box, const Transform& upright, Dpi in, Dpi out) {
  const double scale = out.value / in.value;
  const Transform cut = Transform::translation(-0.5, -0.5) * Transform::scaling(scale, scale) *
                        Transform::translation(0.5 - box.left, 0.5 - box.top);
  const auto side = [scale](double length) {
    return std::clamp(static_cast<std::int32_t>(std::lround(length * scale)), 1, kMaxSide);
  };
  return {cut * upright, {side(box.width()), side(box.height())}, out};
}

/// A bitonal picture as wide as a fax line, with no resolution of its own: that of ITU-T T.4, fine or standard.
bool is_fax(const ImageView& image) {
  const std::int32_t width = image.size.width;
  return image.format == PixelFormat::bitonal && (width == 1728 || width == 2048 || width == 2432);
}

Resolution fax_resolution(PixelSize size) {
  const bool standard = size.height < size.width * 0.85;  // every second line only
  return {Dpi{204}, Dpi{standard ? 98.0 : 196.0}, true};
}

/// A density that a picture of this size cannot mean: cameras write 72.
bool means_nothing(const ImageView& image) {
  constexpr double kLargestInch = 20;
  const double longest = std::max(image.size.width, image.size.height);
  return plausible_dpi(image.dpi.value).value <= 0 ||
         (image.dpi.value < 100 && longest / image.dpi.value > kLargestInch);
}

}  // namespace

Resolution resolution_of(const ImageView& image, const CleanSettings& settings) {
  if (!means_nothing(image)) {
    return {image.dpi, image.dpi};
  }
  if (is_fax(image)) {
    return fax_resolution(image.size);
  }
  // Common resolutions at which the picture is an A4 scanner's whole bed, or nearly.
  constexpr double kBedSlack = 0.05;
  for (const double value : {300.0, 200.0, 600.0, 150.0, 400.0, 240.0, 100.0}) {
    const double wide = image.size.width / value * kMillimetresPerInch / kA4.width.value - 1;
    const double high = image.size.height / value * kMillimetresPerInch / kA4.height.value - 1;
    if (std::abs(wide) < kBedSlack && std::abs(high) < kBedSlack) {
      return {Dpi{value}, Dpi{value}, true};
    }
  }
  const Dpi assumed = plausible_dpi(settings.assumed_dpi.value).value > 0 ? settings.assumed_dpi : Dpi{300};
  return {assumed, assumed, true};
}

Layout untouched(const ImageView& image, const Resolution& in) { return {{}, image.size, in.across}; }

Layout lay_out_scan(const ImageView& image, const ImageView& small, const Resolution& in, const CleanSettings& settings,
                    double angle_deg) {
  const double squash = 1 / in.stretch();
  const auto height = [squash](PixelSize size) {
    return PixelSize{size.width, std::max(1, static_cast<std::int32_t>(std::lround(size.height * squash)))};
  };
  Level level{height(image.size), small, in.across};
  Image squashed;
  if (level.size != image.size) {
    squashed = render(small, {Transform::scaling(1, in.stretch()), height(small.size), small.dpi, nullptr});
    level.small = squashed.view();
  }
  const double cx = (level.size.width - 1) / 2.0;
  const double cy = (level.size.height - 1) / 2.0;
  const Transform upright = Transform::translation(cx, cy) * Transform::rotation(-angle_deg) *
                            Transform::translation(-cx, -cy) * Transform::scaling(1, squash);
  bool found = false;
  const bool looks = settings.crop && image.format != PixelFormat::bitonal;
  const SheetBox box = looks ? page_box(level, angle_deg, found) : whole_picture(level, angle_deg);
  Layout layout = cut(box, upright, in.across, output_dpi(in.across, settings));
  layout.sheet_found = found;
  return layout;
}

Layout lay_out_photo(const Quad& quad, PixelSize picture, const CleanSettings& settings) {
  const PaperSize paper = paper_of(sheet_proportion(quad, picture));
  const auto length = [&quad](std::size_t a, std::size_t b) {
    return std::hypot(quad[a].x - quad[b].x, quad[a].y - quad[b].y);
  };
  const double across = std::max(length(0, 1), length(3, 2)) / paper.width.value;
  const double down = std::max(length(0, 3), length(1, 2)) / paper.height.value;
  const double seen = std::round(std::max(across, down) * kMillimetresPerInch);
  const Dpi dpi{settings.dpi.value > 0 ? std::max(settings.dpi.value, kMinOutputDpi.value)
                                       : std::clamp(seen, kMinOutputDpi.value, kMaxOutputDpi.value)};
  const PixelSize size{to_pixels(paper.width, dpi), to_pixels(paper.height, dpi)};
  const Transform to_input =
      unit_square_to(quad) * Transform::scaling(1.0 / size.width, 1.0 / size.height) * Transform::translation(0.5, 0.5);
  return {inverse(to_input), size, dpi, true};
}

Layout turned(const Layout& layout, std::int32_t degrees) {
  Layout out = layout;
  for (std::int32_t quarter = 0; quarter < (degrees / 90 % 4 + 4) % 4; ++quarter) {
    const Transform turn{{0, -1, out.size.height - 1.0, 1, 0, 0, 0, 0, 1}};
    out.to_output = turn * out.to_output;
    std::swap(out.size.width, out.size.height);
  }
  return out;
}

Quad corners(const Layout& layout) {
  const Transform back = inverse(layout.to_output);
  const double right = layout.size.width - 0.5;
  const double bottom = layout.size.height - 0.5;
  return {back.apply({-0.5, -0.5}), back.apply({right, -0.5}), back.apply({right, bottom}), back.apply({-0.5, bottom})};
}

}  // namespace quay::imaging
