// SPDX-License-Identifier: Apache-2.0
// Face, head against the ground, cut, then light and sharpness of what was cut: sharp enough means in the print.
#include "imaging/extract/portrait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "imaging/cleanup/layout.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/cleanup/turn.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/extract/head_view.hpp"
#include "imaging/extract/portrait_checks.hpp"
#include "imaging/recognise/faces.hpp"

namespace quay::imaging {
namespace {

constexpr double kSureFace = 0.2;        // score; less is a pattern that looks like a face
constexpr double kOtherFace = 0.4;       // of the side of the largest: a second person, not a picture far behind
constexpr double kChinBelow = 0.6;       // of the face's square, below its middle
constexpr double kHeadShare = 0.70;      // of the print's height, crown to chin
constexpr double kMostHeadShare = 0.80;  // where the photo leaves no more room
constexpr double kAboveShare = 0.07;     // of the print's height, above the crown
constexpr double kSeenSide = 1000;       // longer side of the picture that faces are looked for in, pixels

/// The picture upright, and the face in it.
struct Sitter {
  Image turned;  ///< of a picture that lay
  ImageView source;
  std::int32_t orientation = 0;  ///< how far clockwise the picture lay
  Face face;
};

Error refusal(Errc code, std::string why) { return make_error(code, "portrait", std::move(why)); }

/// The one face among those found. Errors: portrait_several_faces.
Result<std::optional<Face>> only_face(std::vector<Face> faces) {
  std::erase_if(faces, [](const Face& face) { return face.score < kSureFace; });
  if (faces.empty()) {
    return std::optional<Face>();
  }
  const auto others = std::count_if(faces.begin() + 1, faces.end(),
                                    [&faces](const Face& face) { return face.side > kOtherFace * faces.front().side; });
  if (others > 0) {
    return failure(refusal(Errc::portrait_several_faces, fmt::format("{} faces", others + 1)));
  }
  return std::optional<Face>(faces.front());
}

/// The way up in which there is a face, and that face. Errors: portrait_no_face, portrait_several_faces.
Result<Sitter> find_sitter(const ImageView& source, bool orient) {
  const FaceFinder finder;
  const std::int32_t longest = std::max(source.size.width, source.size.height);
  const auto factor = std::max(1, static_cast<std::int32_t>(std::lround(longest / kSeenSide)));
  const Image small = to_gray(reduce(source, factor).view());
  for (const std::int32_t lay : {0, 90, 270, 180}) {
    if (lay != 0 && !orient) {
      break;
    }
    const Image upright = turned(small.view(), 360 - lay);
    auto seen = only_face(finder.find(upright.view()));
    if (!seen) {
      return failure(seen.error());
    }
    if (*seen) {
      Sitter sitter{{}, source, lay, finder.refined(upright.view(), **seen)};
      Face& face = sitter.face;
      face.middle = {(face.middle.x + 0.5) * factor - 0.5, (face.middle.y + 0.5) * factor - 0.5};
      face.side *= factor;
      if (lay != 0) {
        sitter.turned = turned(source, 360 - lay);
        sitter.source = sitter.turned.view();
      }
      return sitter;
    }
  }
  return failure(refusal(Errc::portrait_no_face, "no face looks out of the picture"));
}

/// A photo and how it lies.
struct Frame {
  Quad corners{};
  double degrees = 0;
};

/// The print on the glass that holds the face, a rim left out; else the whole picture.
Frame photo_around(const Sitter& sitter, const Resolution& resolution) {
  constexpr double kRimMm = 0.7, kMostTurn = 30;
  const ImageView& source = sitter.source;
  const double right = source.size.width - 0.5, bottom = source.size.height - 0.5;
  const Frame whole{{{{-0.5, -0.5}, {right, -0.5}, {right, bottom}, {-0.5, bottom}}}, 0};
  if (resolution.assumed || resolution.stretch() != 1) {
    return whole;
  }
  const Image small = reduce(source, kSmall);
  for (const FoundPaper& paper : find_papers({source, small.view(), kSmall, resolution.across}).list) {
    const Quad& q = paper.quad;
    const double degrees = std::atan2(q[1].y - q[0].y, q[1].x - q[0].x) * 180 / std::numbers::pi;
    if (!holds(q, sitter.face.middle, -sitter.face.side / 2) || std::abs(degrees) > kMostTurn) {
      continue;
    }
    const Point middle{(q[0].x + q[2].x) / 2, (q[0].y + q[2].y) / 2};
    const double rim = kRimMm / kMillimetresPerInch * resolution.across.value;
    Frame print{q, degrees};
    for (Point& corner : print.corners) {
      const double shrink = 1 - rim * std::numbers::sqrt2 / length(middle, corner);
      corner = {middle.x + shrink * (corner.x - middle.x), middle.y + shrink * (corner.y - middle.y)};
    }
    return print;
  }
  return whole;
}

/// What is cut: in pixels of the head's view.
struct Cut {
  Point from;
  double width = 0, height = 0;

  Quad corners() const {
    const double right = from.x + width, bottom = from.y + height;
    return {{{from.x, from.y}, {right, from.y}, {right, bottom}, {from.x, bottom}}};
  }
};

/// The head as large as it should be, or a little larger where the photo ends. Errors: portrait_ground.
Result<Cut> cut_around(const HeadView& view, double crown_y, const PaperSize& print) {
  const double head = HeadView::kMiddle.y + kChinBelow * HeadView::kSide - crown_y;
  for (double share = kHeadShare; share <= kMostHeadShare; share += 0.02) {
    Cut cut;
    cut.height = head / share;
    cut.width = cut.height * print.width.value / print.height.value;
    const double above = std::min(kAboveShare, (1 - share) / 3) * cut.height;
    cut.from = {HeadView::kMiddle.x - cut.width / 2, crown_y - above};
    const Quad corners = cut.corners();
    if (std::all_of(corners.begin(), corners.end(), [&](Point p) { return holds(view.photo, p, 0); })) {
      return cut;
    }
  }
  return failure(refusal(Errc::portrait_ground, "the picture ends too near the head"));
}

/// Pixels of the picture for each of the view.
double scale_of(const HeadView& view) { return std::hypot(view.to_picture.m[0], view.to_picture.m[3]); }

/// Resolution of the print. Errors: portrait_too_small.
Result<Dpi> print_dpi(const HeadView& view, const Cut& cut, const PaperSize& print, Dpi asked) {
  constexpr double kRounding = 0.995;
  const double there = cut.height * scale_of(view) / print.height.value * kMillimetresPerInch;
  if (there < kRounding * kPortraitDpi.value) {
    return failure(refusal(Errc::portrait_too_small,
                           fmt::format("{:.0f} dpi in print, {:.0f} are needed", there, kPortraitDpi.value)));
  }
  return Dpi{std::clamp(asked.value, kPortraitDpi.value, std::max(std::floor(there), kPortraitDpi.value))};
}

/// Draws the cut into the page. The transform is that of the upright picture.
void draw(const Sitter& sitter, const HeadView& view, const Cut& cut, Dpi dpi, CleanPage& page) {
  const PixelSize size{to_pixels(page.paper.width, dpi), to_pixels(page.paper.height, dpi)};
  const Transform to_view = Transform::translation(cut.from.x, cut.from.y) *
                            Transform::scaling(cut.width / size.width, cut.height / size.height) *
                            Transform::translation(0.5, 0.5);
  const Transform to_picture = view.to_picture * to_view;
  const double finer = std::hypot(to_picture.m[0], to_picture.m[3]);
  const auto factor = std::max(1, static_cast<std::int32_t>(std::floor(finer + 0.25)));
  const Image smaller = factor > 1 ? reduce(sitter.source, factor) : Image{};
  const Transform to_smaller = Transform::translation(-0.5, -0.5) * Transform::scaling(1.0 / factor, 1.0 / factor) *
                               Transform::translation(0.5, 0.5);
  page.image = render(factor > 1 ? smaller.view() : sitter.source, {to_smaller * to_picture, size, dpi, nullptr});
  page.transform = inverse(to_picture);
}

/// The face's square in pixels of the page.
PixelBox face_box(const CleanPage& page, const Face& face) {
  const Point middle = page.transform.apply(face.middle);
  const double half = face.side / 2 * std::hypot(page.transform.m[0], page.transform.m[3]);
  const auto within = [](double v, std::int32_t most) {
    return std::clamp(static_cast<std::int32_t>(std::lround(v)), 0, most);
  };
  const PixelSize size = page.image.size();
  return {within(middle.x - half, size.width), within(middle.y - half, size.height),
          within(middle.x + half, size.width), within(middle.y + half, size.height)};
}

void describe(const Sitter& sitter, const Frame& photo, CleanPage& page) {
  const PixelSize size = page.image.size();
  page.orientation = sitter.orientation;
  page.angle_deg = photo.degrees;
  page.confidence = 1;
  page.sheet_found = true;
  if (sitter.orientation != 0) {
    page.flags.push_back("turned-" + std::to_string(sitter.orientation));
  }
  if (sitter.face.pose != FacePose::straight) {
    page.flags.emplace_back(sitter.face.pose == FacePose::turned ? "head-turned" : "head-tilted");
  }
  const Layout lying = turned({{}, page.input, page.image.dpi()}, -sitter.orientation);
  page.transform = page.transform * lying.to_output;
  page.quad_px = corners({page.transform, size, page.image.dpi()});
}

}  // namespace

Result<CleanPage> make_portrait(const ImageView& image, const CleanSettings& settings, const PaperSize& print) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  CleanPage page;
  StepClock clock(page.steps);
  page.input = image.size;
  page.input_dpi = image.dpi;
  page.paper = print;
  const Image bytes = image.format == PixelFormat::bitonal ? to_bytes(image) : Image{};
  const auto sitter = find_sitter(bytes.empty() ? image : bytes.view(), settings.orient);
  clock.lap("face");
  if (!sitter) {
    return failure(sitter.error());
  }
  const Frame photo = photo_around(*sitter, resolution_of(image, settings));
  const HeadView view = look_at_head(sitter->source, sitter->face, photo.corners, photo.degrees);
  if (const Status lit = check_light(view); !lit) {
    return failure(lit.error());
  }
  const Ground ground = look_behind(view);
  clock.lap("ground");
  if (!ground.fault.empty()) {
    return failure(refusal(Errc::portrait_ground, ground.fault));
  }
  if (ground.head_cut) {
    return failure(refusal(Errc::portrait_ground, "the head runs out of the picture"));
  }
  const auto cut = cut_around(view, *ground.crown_y, print);
  if (!cut) {
    return failure(cut.error());
  }
  const auto dpi = print_dpi(view, *cut, print, settings.dpi);
  if (!dpi) {
    return failure(dpi.error());
  }
  draw(*sitter, view, *cut, *dpi, page);
  clock.lap("render");
  const Status sharp = check_sharpness(to_gray(page.image.view()), face_box(page, sitter->face));
  if (!sharp) {
    return failure(sharp.error());
  }
  clock.lap("quality");
  describe(*sitter, photo, page);
  return page;
}

}  // namespace quay::imaging
