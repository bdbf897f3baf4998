// SPDX-License-Identifier: Apache-2.0
// From a picture to a cleaned page: the order of the steps.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

#include "imaging/cleanup/folds.hpp"
#include "imaging/cleanup/holes.hpp"
#include "imaging/cleanup/layout.hpp"
#include "imaging/cleanup/paper.hpp"
#include "imaging/cleanup/pattern.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/cleanup/rim.hpp"
#include "imaging/cleanup/specks.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/orientation.hpp"
#include "imaging/detect/quad.hpp"
#include "imaging/detect/quality.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/detect/sheet.hpp"
#include "imaging/detect/skew.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/layers/legibility.hpp"
#include "imaging/pipeline.hpp"
#include "imaging/recognise/codes.hpp"

namespace quay::imaging {
namespace {

constexpr double kLeastConfidence = 0.2;  // of an angle that is acted upon

/// A page under way. Borrows the picture; bitonal pictures are held as bytes.
struct Work {
  const ImageView& picture;
  const CleanSettings& settings;
  const Witness& witness;
  Image bytes;  ///< of a bitonal picture only
  Image light;  ///< of a picture in colours only
  Image small;
  Resolution resolution;
  std::optional<Quad> quad;
  std::optional<Bend> bend;  ///< of the sheet at `quad`
  std::vector<Hole> holes;   ///< in pixels of the output

  ImageView pixels() const { return bytes.empty() ? picture : bytes.view(); }
  ImageView gray() const { return light.empty() ? pixels() : light.view(); }
  bool bitonal() const { return picture.format == PixelFormat::bitonal; }
  bool moves() const { return !settings.keep_geometry; }
};

void find_angle(const Work& work, CleanPage& page) {
  const Skew skew = find_skew(work.gray(), work.resolution.stretch());
  page.confidence = skew.confidence;
  if (skew.confidence >= kLeastConfidence) {
    page.angle_deg = skew.angle_deg;
  } else if (work.settings.deskew) {
    page.flags.emplace_back("skew-uncertain");
  }
}

/// Mean turn of the two sides that run across.
double turn_of(const Quad& quad) {
  const double dx = quad[1].x - quad[0].x + quad[2].x - quad[3].x;
  const double dy = quad[1].y - quad[0].y + quad[2].y - quad[3].y;
  return std::atan2(dy, dx) * 180 / std::numbers::pi;
}

/// A camera's picture has no resolution, and shows what the sheet lies on.
void look_for_photo(Work& work, CleanPage& page) {
  const bool looks = work.resolution.assumed && work.settings.crop && work.picture.format == PixelFormat::rgb;
  const std::optional<Outline> found = looks ? find_outline(work.picture) : std::nullopt;
  if (found) {
    work.quad = found->quad;
    work.bend = found->bend;
    page.angle_deg = turn_of(*work.quad);
    page.confidence = 1;
    page.flags.emplace_back("scale-estimated");
    if (work.bend && work.moves()) {
      page.flags.emplace_back("curl-removed");
    }
  }
}

Layout lay_out(const Work& work, const CleanPage& page) {
  if (!work.moves()) {
    return untouched(work.picture, work.resolution);
  }
  if (work.quad) {
    return lay_out_photo(*work.quad, work.picture.size, work.settings);
  }
  return lay_out_scan(work.picture, work.small.view(), work.resolution, work.settings,
                      work.settings.deskew ? page.angle_deg : 0.0);
}

/// Finds punch holes, and paints them over in the reduced picture as well: a blank page with holes is blank.
void look_for_holes(Work& work, const Layout& layout) {
  if (!work.settings.whiten) {
    return;
  }
  work.holes = find_holes({work.gray(), work.small.view(), kSmall, layout.to_output, layout.size, layout.dpi});
  const Transform to_small = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / kSmall, 1.0 / kSmall) *
                             Transform::translation(0.5, 0.5) * inverse(layout.to_output);
  std::vector<Hole> reduced;
  for (const Hole& hole : work.holes) {
    const Point centre = to_small.apply(hole.centre),
                edge = to_small.apply({hole.centre.x + hole.radius, hole.centre.y});
    reduced.push_back({centre, std::hypot(edge.x - centre.x, edge.y - centre.y) + 1});
  }
  fill_holes(work.small, reduced, Filling::as_around);
}

/// The picture's light where the page will be, at the resolution that orientation is read at.
Image upright_light(const Work& work, const Layout& layout) {
  const double scale = kOrientationDpi.value / layout.dpi.value;
  const auto side = [scale](std::int32_t pixels) {
    return std::max(1, static_cast<std::int32_t>(std::lround(pixels * scale)));
  };
  const double seen = std::hypot(layout.to_output.m[0], layout.to_output.m[3]) * scale;  // output for each input pixel
  const std::int32_t factor = std::max(1, static_cast<std::int32_t>(1 / seen));
  const Image reduced = factor > 1 ? reduce(work.gray(), factor) : Image{};
  const Transform to_reduced = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / factor, 1.0 / factor) *
                               Transform::translation(0.5, 0.5);
  const Transform to_input = inverse(layout.to_output) * Transform::translation(-0.5, -0.5) *
                             Transform::scaling(1 / scale, 1 / scale) * Transform::translation(0.5, 0.5);
  return render(factor > 1 ? reduced.view() : work.gray(),
                {to_reduced * to_input, {side(layout.size.width), side(layout.size.height)}, kOrientationDpi, nullptr});
}

/// The page turned upright.
Layout orient(const Work& work, const Layout& layout, CleanPage& page) {
  if (!work.moves() || !work.settings.orient || page.blank) {
    return layout;
  }
  const Orientation found = find_orientation(upright_light(work, layout).view());
  if (!found.certain) {
    page.flags.emplace_back("orientation-uncertain");
  }
  if (found.turned_deg != 0) {
    page.flags.push_back("turned-" + std::to_string(found.turned_deg));
  }
  page.orientation = found.turned_deg;
  return turned(layout, -found.turned_deg);
}

/// Reduces first where the output is much coarser, so that no line falls between two samples.
Image draw(const Work& work, const Layout& layout, const PaperMap* paper, bool keep_pale) {
  const double shrink = std::hypot(layout.to_output.m[0], layout.to_output.m[3]);
  const auto factor = static_cast<std::int32_t>(std::max(1.0, std::floor(1 / shrink + 0.25)));
  const Transform to_input = inverse(layout.to_output);
  const Bend* bend = work.bend && work.moves() ? &*work.bend : nullptr;
  const bool affine = layout.to_output.m[6] == 0 && layout.to_output.m[7] == 0;
  if (factor == 1 || !affine || bend != nullptr) {
    return render(work.pixels(), {{to_input, bend}, layout.size, layout.dpi, paper, keep_pale});
  }
  const Transform to_reduced = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / factor, 1.0 / factor) *
                               Transform::translation(0.5, 0.5);
  const Image reduced = reduce(work.pixels(), factor);
  const PaperMap map = PaperMap::estimate(reduce(reduced.view(), kSmall).view(), kSmall);
  const PaperMap* reduced_paper = paper == nullptr ? nullptr : &map;
  return render(reduced.view(), {to_reduced * to_input, layout.size, layout.dpi, reduced_paper, keep_pale});
}

/// The page's light and colours before they are changed, and what the paper was found to be.
void show_geometry(const Work& work, const Layout& layout, const PaperMap* paper) {
  if (!work.witness) {
    return;
  }
  work.witness({Stage::geometry, draw(work, layout, nullptr, false).view()});
  if (paper != nullptr) {
    const ImageView small = work.small.view();
    Image colours(PixelFormat::rgb, small.size, small.dpi);
    for (std::int32_t i = 0; i < small.size.width * small.size.height; ++i) {
      const std::int32_t x = i % small.size.width, y = i / small.size.width;
      const auto colour = paper->at(kSmall * (x + 0.5), kSmall * (y + 0.5));
      std::transform(colour.begin(), colour.end(), colours.pixels().begin() + 3 * std::ptrdiff_t{i},
                     [](float level) { return static_cast<std::uint8_t>(std::min(level, 255.0F)); });
    }
    work.witness({Stage::paper, colours.view()});
  }
}

/// Takes away what no one wrote: holes, bands of the bed, folds, dust.
void mend(const Work& work, const Layout& layout, CleanPage& page) {
  if (!work.settings.whiten) {
    return;
  }
  const Image before = work.witness ? page.image : Image{};
  fill_holes(page.image, work.holes, Filling::white);
  if (work.quad && work.moves()) {
    trim_rim(page.image);
  }
  if (page.whitened && !page.patterned) {
    remove_rims(page.image, inverse(layout.to_output), work.picture.size);
    even_folds(page.image);
    remove_specks(page.image);
  }
  if (work.witness) {
    work.witness({Stage::illumination, before.view()});
    work.witness({Stage::removed, difference(before, page.image).view()});
  }
}

void draw_page(const Work& work, const Layout& layout, CleanPage& page) {
  page.whitened = work.settings.whiten && !work.bitonal();
  if (page.whitened) {
    const PaperMap paper = PaperMap::estimate(work.small.view(), kSmall, work.quad);
    const Quad sheet = work.quad && work.moves() ? *work.quad : corners(layout);
    page.patterned = has_pattern(work.pixels(), paper, sheet);
    show_geometry(work, layout, &paper);
    page.image = draw(work, layout, &paper, page.patterned);
  } else {
    show_geometry(work, layout, nullptr);
    page.image = draw(work, layout, nullptr, false);
  }
  mend(work, layout, page);
  if (work.bitonal()) {
    page.image = to_bitonal(page.image.view());
  }
}

/// Pixels of the paper for each inch: as the picture says, or as the flattened sheet has it.
Dpi paper_dpi(const Work& work, const Layout& layout) {
  if (!work.quad) {
    return work.resolution.across;
  }
  const Quad& q = *work.quad;
  const double across =
      (std::hypot(q[1].x - q[0].x, q[1].y - q[0].y) + std::hypot(q[2].x - q[3].x, q[2].y - q[3].y)) / 2;
  return Dpi{across / to_millimetres(layout.size.width, layout.dpi).value * kMillimetresPerInch};
}

/// Height of a photo's letters in its own pixels.
double letters_px(const Image& page, Dpi paper) {
  return x_height(ink_mask(darkness_of(page.view()))) * paper.value / page.dpi().value;
}

void judge(const Work& work, const Layout& layout, CleanPage& page) {
  if (work.bitonal()) {
    return;
  }
  constexpr double kStraight = 0.5;  // degrees
  const bool unturned = !work.moves() || !work.settings.deskew;
  const bool left =
      !work.quad && (page.confidence < kLeastConfidence || (unturned && std::abs(page.angle_deg) > kStraight));
  const Dpi dpi = paper_dpi(work, layout);
  page.quality = judge_quality({work.pixels(), work.small.view(), dpi, work.quad, work.bend ? &*work.bend : nullptr,
                                page.blank, work.quad && dpi < kLowestDpi ? letters_px(page.image, dpi) : 0, left});
}

}  // namespace

Result<CleanPage> clean(const ImageView& image, const CleanSettings& settings, const Witness& witness) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  CleanPage page;
  StepClock clock(page.steps);
  page.input = image.size;
  page.input_dpi = image.dpi;
  Work work{image, settings, witness, {}, {}, {}, resolution_of(image, settings), {}, {}, {}};
  if (work.resolution.assumed) {
    page.flags.emplace_back("dpi-assumed");
  }
  if (work.bitonal()) {
    work.bytes = to_bytes(image);
  } else if (image.format == PixelFormat::rgb) {
    work.light = to_gray(image);
  }
  work.small = reduce(work.pixels(), kSmall);
  clock.lap("reduce");
  look_for_photo(work, page);
  clock.lap("photo");
  if (!work.quad) {
    find_angle(work, page);
  }
  clock.lap("skew");
  if (settings.read_codes) {
    page.codes = read_codes(work.gray());
    clock.lap("codes");
  }
  const Layout upright = lay_out(work, page);
  clock.lap("sheet");
  look_for_holes(work, upright);
  page.blank = ink_share(work.small.view()) < kBlankShare;
  clock.lap("holes");
  const Layout layout = orient(work, upright, page);
  for (Hole& hole : work.holes) {
    hole.centre = (layout.to_output * inverse(upright.to_output)).apply(hole.centre);
  }
  if (witness) {
    witness({Stage::input, image});
    witness({Stage::sheet, outlined(work.small.view(), kSmall, corners(layout)).view()});
    witness({Stage::upright, upright_light(work, layout).view()});
  }
  work.light = {};
  clock.lap("orientation");
  draw_page(work, layout, page);
  clock.lap("render");
  if (witness) {
    witness({Stage::clean, page.image.view()});
  }
  judge(work, layout, page);
  clock.lap("quality");
  page.sheet_found = layout.sheet_found;
  page.transform = layout.to_output;
  page.quad_px = corners(layout);
  page.paper = {to_millimetres(layout.size.width, layout.dpi), to_millimetres(layout.size.height, layout.dpi)};
  return page;
}

}  // namespace quay::imaging
