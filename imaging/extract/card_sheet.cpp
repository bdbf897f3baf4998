// SPDX-License-Identifier: Apache-2.0
#include "imaging/extract/card_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <optional>
#include <string>

#include "imaging/cleanup/layout.hpp"
#include "imaging/cleanup/perspective.hpp"
#include "imaging/cleanup/render.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/orientation.hpp"
#include "imaging/detect/quad.hpp"
#include "imaging/detect/quality.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/recognise/codes.hpp"

namespace quay::imaging {
namespace {

constexpr double kSizeSlackMm = 1.5;  // of a measured card
constexpr std::size_t kMostCards = 2;
constexpr double kTopMm = 50;    // of the first card on the page
constexpr double kPitchMm = 80;  // from card to card

/// Maps a card drawn in `size` pixels onto the picture, pixel edges onto pixel edges.
Transform card_to_picture(PixelSize size, const Quad& quad) {
  return unit_square_to(quad) * Transform::scaling(1.0 / size.width, 1.0 / size.height) *
         Transform::translation(0.5, 0.5);
}

PixelSize card_size(Dpi dpi) { return {to_pixels(kIdCard.width, dpi), to_pixels(kIdCard.height, dpi)}; }

/// The card in the source, never drawn from a picture much finer than the drawing.
Image draw_card(const ImageView& source, const Quad& quad, Dpi dpi) {
  const PixelSize size = card_size(dpi);
  const double finer = length(quad[0], quad[1]) / size.width;
  const auto factor = std::max(1, static_cast<std::int32_t>(std::floor(finer + 0.25)));
  const Image smaller = factor > 1 ? reduce(source, factor) : Image{};
  Quad place = quad;
  for (Point& corner : place) {
    corner = {(corner.x + 0.5) / factor - 0.5, (corner.y + 0.5) / factor - 0.5};
  }
  return render(factor > 1 ? smaller.view() : source, {card_to_picture(size, place), size, dpi, nullptr});
}

/// Which way up the card lies. What is written on it is small: it is shown larger than a page would be.
Orientation orientation_of(const ImageView& source, const Quad& quad) {
  constexpr Dpi kSeen{150};
  const Image card = draw_card(source, quad, kSeen);
  return find_orientation(to_gray(card.view()).view());
}

/// Heads up. A card whose writing does not say lies as the one beside it; when all lay head down, so did their order.
void turn_upright(const ImageView& source, std::vector<Quad>& cards) {
  std::vector<Orientation> found;
  std::transform(cards.begin(), cards.end(), std::back_inserter(found),
                 [&source](const Quad& quad) { return orientation_of(source, quad); });
  const auto known = std::find_if(found.begin(), found.end(), [](const Orientation& o) { return o.certain; });
  std::size_t turned = 0;
  for (std::size_t i = 0; i < cards.size() && known != found.end(); ++i) {
    if ((found[i].certain ? found[i] : *known).turned_deg == 180) {
      std::rotate(cards[i].begin(), cards[i].begin() + 2, cards[i].end());
      ++turned;
    }
  }
  if (turned == cards.size()) {
    std::reverse(cards.begin(), cards.end());
  }
}

/// Is the pixel beyond a card's rounded corner?
bool is_beyond_corner(PixelSize size, double radius, std::int32_t x, std::int32_t y) {
  const double dx = std::max({radius - x - 0.5, x + 0.5 - (size.width - radius), 0.0});
  const double dy = std::max({radius - y - 0.5, y + 0.5 - (size.height - radius), 0.0});
  return dx * dx + dy * dy > radius * radius;
}

/// Lays the card, gray or rgb, on the page with its first pixel at (left, top).
void lay(const Image& card, std::int32_t left, std::int32_t top, Image& page) {
  const PixelSize size = card.size();
  const double radius = kIdCardCornerMm / kMillimetresPerInch * card.dpi().value;
  const std::int32_t channels = card.format() == PixelFormat::rgb ? 3 : 1;
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::uint8_t* from = card.row(y);
    std::uint8_t* to = page.row(top + y) + 3 * left;
    for (std::int32_t x = 0; x < size.width; ++x, from += channels, to += 3) {
      for (std::int32_t c = 0; c < 3 && !is_beyond_corner(size, radius, x, y); ++c) {
        to[c] = from[std::min(c, channels - 1)];
      }
    }
  }
}

/// Where cards lie: seen by a camera, which has no resolution, or on the glass.
std::vector<Quad> find_cards(const ImageView& source, const ImageView& small, const Resolution& resolution) {
  if (!resolution.assumed) {
    return cards_among(find_papers({source, small, kSmall, resolution.across}));
  }
  constexpr double kSlack = 0.06;
  auto quad = find_quad(source);
  if (!quad) {
    return {};
  }
  const double proportion = sheet_proportion(*quad, source.size).in_space;
  const double wanted = kIdCard.width.value / kIdCard.height.value;
  if (std::abs(std::max(proportion, 1 / proportion) / wanted - 1) > kSlack) {
    return {};
  }
  if (proportion < 1) {
    std::rotate(quad->begin(), quad->begin() + 1, quad->end());
  }
  return {*quad};
}

Dpi output_dpi(const Resolution& in, const CleanSettings& settings) {
  const Dpi finest = in.assumed ? kMaxOutputDpi : std::min(in.across, kMaxOutputDpi);
  return settings.dpi.value > 0 ? std::clamp(settings.dpi, std::min(finest, kMinOutputDpi), finest) : finest;
}

/// A picture with the cards in it; a bitonal one is held as bytes.
struct Side {
  Image bytes;
  ImageView source;
  Image small;
  Resolution resolution;
  std::vector<Quad> cards;
  PixelSize input;
  Dpi input_dpi;
};

Result<Side> look_for_cards(const ImageView& image, const CleanSettings& settings) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  Side side{image.format == PixelFormat::bitonal ? to_bytes(image) : Image{},
            image,
            {},
            resolution_of(image, settings),
            {},
            image.size,
            image.dpi};
  side.source = side.bytes.empty() ? image : side.bytes.view();
  side.small = reduce(side.source, kSmall);
  side.cards = find_cards(side.source, side.small.view(), side.resolution);
  side.cards.resize(std::min(side.cards.size(), kMostCards));
  return side;
}

std::int32_t left_edge(const Image& page) { return (page.size().width - card_size(page.dpi()).width) / 2; }

/// One under the other; of several pictures the first cards only. How many.
std::size_t lay_all(const std::vector<Side>& sides, Image& page) {
  std::size_t laid = 0;
  for (const Side& side : sides) {
    const std::size_t wanted = sides.size() > 1 ? 1 : side.cards.size();
    for (std::size_t i = 0; i < wanted && laid < kMostCards; ++i, ++laid) {
      const std::int32_t top = to_pixels({kTopMm + kPitchMm * static_cast<double>(laid)}, page.dpi());
      lay(draw_card(side.source, side.cards[i], page.dpi()), left_edge(page), top, page);
    }
  }
  return laid;
}

std::vector<QualityIssue> quality_of(const Side& side) {
  const Quad& first = side.cards.front();
  const Dpi seen{length(first[0], first[1]) / kIdCard.width.value * kMillimetresPerInch};
  const auto sheet = side.resolution.assumed ? std::optional<Quad>(first) : std::nullopt;
  return judge_quality({side.source, side.small.view(), seen, sheet, nullptr, false});
}

/// What the report says: of the first card.
void describe(const Side& side, std::size_t laid, CleanPage& page) {
  const Dpi dpi = page.image.dpi();
  const Quad& first = side.cards.front();
  page.quad_px = first;
  page.transform = Transform::translation(left_edge(page.image), to_pixels({kTopMm}, dpi)) *
                   inverse(card_to_picture(card_size(dpi), first));
  page.angle_deg = std::atan2(first[1].y - first[0].y, first[1].x - first[0].x) * 180 / std::numbers::pi;
  page.confidence = 1;
  page.sheet_found = true;
  page.input = side.input;
  page.input_dpi = side.input_dpi;
  page.paper = kA4;
  page.flags.push_back("cards-" + std::to_string(laid));
  if (side.resolution.assumed) {
    page.flags.emplace_back("dpi-assumed");
  }
}

}  // namespace

std::vector<Quad> cards_among(const Papers& papers) {
  std::vector<Quad> out;
  const auto near = [](Millimetres a, Millimetres b) { return std::abs(a.value - b.value) <= kSizeSlackMm; };
  for (const FoundPaper& paper : papers.list) {
    Quad quad = paper.quad;
    if (near(paper.size.width, kIdCard.height) && near(paper.size.height, kIdCard.width)) {
      std::rotate(quad.begin(), quad.begin() + 1, quad.end());
      out.push_back(quad);
    } else if (near(paper.size.width, kIdCard.width) && near(paper.size.height, kIdCard.height)) {
      out.push_back(quad);
    }
  }
  return out;
}

Result<std::size_t> count_cards(const ImageView& image, const CleanSettings& settings) {
  auto side = look_for_cards(image, settings);
  return side ? Result<std::size_t>(side->cards.size()) : failure(side.error());
}

Result<CleanPage> make_card_sheet(std::span<const ImageView> pictures, const CleanSettings& settings) {
  CleanPage page;
  StepClock clock(page.steps);
  std::vector<Side> sides;
  for (const ImageView& picture : pictures) {
    auto side = look_for_cards(picture, settings);
    if (!side) {
      return failure(side.error());
    }
    if (side->cards.empty()) {
      return failure(Errc::card_not_found, "card.sheet",
                     "nothing of a card's size and shape lies in picture " + std::to_string(sides.size() + 1));
    }
    sides.push_back(*std::move(side));
  }
  clock.lap("cards");
  if (sides.empty()) {
    return failure(Errc::card_not_found, "card.sheet", "no picture");
  }
  if (settings.orient) {
    for (Side& side : sides) {
      turn_upright(side.source, side.cards);
    }
    clock.lap("orientation");
  }
  Dpi dpi{0};
  for (const Side& side : sides) {
    dpi = std::max(dpi, output_dpi(side.resolution, settings));
  }
  page.image = Image(PixelFormat::rgb, {to_pixels(kA4.width, dpi), to_pixels(kA4.height, dpi)}, dpi);
  std::fill(page.image.pixels().begin(), page.image.pixels().end(), std::uint8_t{255});
  const std::size_t laid = lay_all(sides, page.image);
  clock.lap("render");
  for (const Side& side : sides) {
    const auto codes = settings.read_codes ? read_codes(side.source) : std::vector<Code>{};
    page.codes.insert(page.codes.end(), codes.begin(), codes.end());
  }
  clock.lap("codes");
  for (const Side& side : sides) {
    const auto issues = quality_of(side);
    page.quality.insert(page.quality.end(), issues.begin(), issues.end());
  }
  clock.lap("quality");
  describe(sides.front(), laid, page);
  return page;
}

}  // namespace quay::imaging
