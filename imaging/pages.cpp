// SPDX-License-Identifier: Apache-2.0
// From one picture to the pages in it: several papers on one glass are cleaned each by itself.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "imaging/cleanup/layout.hpp"
#include "imaging/codec/limits.hpp"
#include "imaging/cpu_clock.hpp"
#include "imaging/detect/papers.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/extract/card_sheet.hpp"
#include "imaging/extract/portrait.hpp"
#include "imaging/extract/signature.hpp"
#include "imaging/pipeline.hpp"

namespace quay::imaging {
namespace {

/// Papers to be told apart are larger than cards: both sides of a card belong on one page.
bool is_sheet(const FoundPaper& paper) {
  constexpr double kShorterMm = 60, kSure = 0.7;
  return std::min(paper.size.width.value, paper.size.height.value) >= kShorterMm && paper.brighter &&
         paper.certain >= kSure;
}

/// Those that surely are papers of their own: at least two, one of them a sheet where cards belong together, and
/// nothing beside them. Else nothing:
/// the picture is one page.
Papers separate_papers(const ImageView& image, const Profile& profile) {
  const CleanSettings& settings = profile.clean;
  const Resolution resolution = resolution_of(image, settings);
  const bool looks = settings.crop && settings.deskew && !settings.keep_geometry && !resolution.assumed &&
                     resolution.stretch() == 1 && image.format != PixelFormat::bitonal;
  if (!looks) {
    return {};
  }
  const Image small = reduce(image, kSmall);
  Papers papers = find_papers({image, small.view(), kSmall, resolution.across});
  const auto is_card = [](const FoundPaper& paper) { return !cards_among({{paper}, {}, true}).empty(); };
  const bool sure = papers.list.size() > 1 && papers.bare_beside &&
                    (profile.part_cards || std::any_of(papers.list.begin(), papers.list.end(), is_sheet)) &&
                    std::all_of(papers.list.begin(), papers.list.end(),
                                [&](const FoundPaper& paper) { return is_sheet(paper) || is_card(paper); });
  return sure ? papers : Papers{};
}

/// A part of the picture, and where it lies in it.
struct Part {
  Image pixels;
  std::int32_t left = 0, top = 0;
};

/// The paper with a strip of bed around it; what else the rectangle shows becomes bed.
Part cut_out(const ImageView& image, const FoundPaper& paper, const BedColour& bed) {
  constexpr double kStripMm = 5, kKeptMm = 1.5;
  const double millimetre = image.dpi.value / kMillimetresPerInch;
  const auto [left, right] = std::minmax({paper.quad[0].x, paper.quad[1].x, paper.quad[2].x, paper.quad[3].x});
  const auto [top, bottom] = std::minmax({paper.quad[0].y, paper.quad[1].y, paper.quad[2].y, paper.quad[3].y});
  const auto bounded = [millimetre](double from, double by, std::int32_t most) {
    return std::clamp(static_cast<std::int32_t>(std::lround(from + by * kStripMm * millimetre)), 0, most);
  };
  Part part;
  part.left = bounded(left, -1, image.size.width - 1);
  part.top = bounded(top, -1, image.size.height - 1);
  const PixelSize size{std::max(1, bounded(right, 1, image.size.width) - part.left),
                       std::max(1, bounded(bottom, 1, image.size.height) - part.top)};
  part.pixels = Image(image.format, size, image.dpi);
  const std::size_t channels = packed_row_bytes(image.format, 1);
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::uint8_t* from = image.row(part.top + y) + static_cast<std::size_t>(part.left) * channels;
    std::uint8_t* to = part.pixels.row(y);
    for (std::int32_t x = 0; x < size.width; ++x, from += channels, to += channels) {
      const Point place{static_cast<double>(part.left + x), static_cast<double>(part.top + y)};
      std::copy_n(holds(paper.quad, place, kKeptMm * millimetre) ? from : bed.data(), channels, to);
    }
  }
  return part;
}

void move(Quad& quad, const Part& part) {
  for (Point& corner : quad) {
    corner = {corner.x + part.left, corner.y + part.top};
  }
}

/// What was found in the part, said in pixels of the whole picture.
void move(CleanPage& page, const Part& part) {
  page.transform = page.transform * Transform::translation(-part.left, -part.top);
  move(page.quad_px, part);
  for (Code& code : page.codes) {
    move(code.quad_px, part);
  }
  for (QualityIssue& issue : page.quality) {
    PixelBox& box = issue.box;
    box = {box.left + part.left, box.top + part.top, box.right + part.left, box.bottom + part.top};
  }
}

/// Says to the witness which of the papers it sees.
Witness of_part(const Witness& witness, std::size_t part) {
  if (!witness) {
    return {};
  }
  return [&witness, part](Glimpse glimpse) {
    glimpse.part = part;
    witness(glimpse);
  };
}

/// None for a profile of no whole page.
Papers papers_for(const ImageView& image, const Profile& profile) {
  return profile.subject == Subject::page ? separate_papers(image, profile) : Papers{};
}

/// What a profile of no whole page looks for.
Result<CleanPage> subject_of(const ImageView& image, const Profile& profile) {
  switch (profile.subject) {
    case Subject::cards: return make_card_sheet({&image, 1}, profile.clean);
    case Subject::signature: return make_signature(image, profile.clean);
    case Subject::portrait: return make_portrait(image, profile.clean, profile.print);
    case Subject::page: break;
  }
  return clean(image, profile.clean);
}

}  // namespace

std::string_view scale_name(const CleanPage& page) {
  const bool guessed = std::any_of(page.flags.begin(), page.flags.end(), [](const std::string& flag) {
    return flag == "scale-estimated" || flag == "dpi-assumed";
  });
  return guessed ? "estimated" : "measured";
}

Result<CleanPage> make_page(const ImageView& image, const Profile& profile, const Witness& witness) {
  if (profile.subject == Subject::page) {
    return clean(image, profile.clean, witness);
  }
  auto page = subject_of(image, profile);
  if (page && witness) {
    witness({Stage::input, image});
    witness({Stage::clean, page->image.view()});
  }
  return page;
}

std::int32_t count_papers(const ImageView& image, const Profile& profile) {
  const Papers papers = check_view(image) ? papers_for(image, profile) : Papers{};
  return std::max(static_cast<std::int32_t>(papers.list.size()), 1);
}

Result<PaperCut> cut_paper(const ImageView& image, const Profile& profile, std::int32_t number) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  const Papers papers = papers_for(image, profile);
  if (number < 1 || static_cast<std::size_t>(number) > papers.list.size()) {
    return failure(Errc::request_bad_argument, "imaging.paper",
                   std::to_string(number) + " of " + std::to_string(papers.list.size()) + " papers");
  }
  Part part = cut_out(image, papers.list[static_cast<std::size_t>(number) - 1], papers.bed);
  const PixelSize size = part.pixels.size();
  return PaperCut{std::move(part.pixels), {part.left, part.top, part.left + size.width, part.top + size.height}};
}

Result<std::vector<CleanPage>> make_pages(const ImageView& image, const Profile& profile, const Witness& witness) {
  if (const Status fits = check_view(image); !fits) {
    return failure(fits.error());
  }
  std::vector<CleanPage> pages;
  std::vector<StepTime> steps;
  StepClock clock(steps);
  const Papers papers = papers_for(image, profile);
  clock.lap("papers");
  for (const FoundPaper& paper : papers.list) {
    const Part part = cut_out(image, paper, papers.bed);
    auto page = clean(part.pixels.view(), profile.clean, of_part(witness, pages.size()));
    if (!page) {
      return failure(page.error());
    }
    move(*page, part);
    page->input = image.size;
    page->flags.emplace_back("split");
    pages.push_back(*std::move(page));
  }
  if (pages.empty()) {
    auto page = make_page(image, profile, witness);
    if (!page) {
      return failure(page.error());
    }
    pages.push_back(*std::move(page));
  }
  pages.front().steps.insert(pages.front().steps.begin(), steps.begin(), steps.end());
  return pages;
}

}  // namespace quay::imaging
