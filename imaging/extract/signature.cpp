// SPDX-License-Identifier: Apache-2.0
// Strokes are connected components; those that lie close together are one piece of writing, and the one with most ink
// is taken.
#include "imaging/extract/signature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "imaging/cleanup/layout.hpp"
#include "imaging/components.hpp"
#include "imaging/detect/reduce.hpp"
#include "imaging/layers/ink.hpp"
#include "imaging/pipeline.hpp"

namespace quay::imaging {
namespace {

constexpr double kSmallestStrokeMm = 0.3;  // of its longer side; less is dust
constexpr double kJoinMm = 4;              // from stroke to stroke
constexpr double kMarginMm = 2;

/// Strokes that belong together.
struct Writing {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;  // right and bottom lie outside
  std::int64_t ink = 0;
  std::vector<std::size_t> strokes;  // numbers of components

  bool is_near(const Component& c, std::int32_t reach) const {
    return c.left < right + reach && left < c.right + reach && c.top < bottom + reach && top < c.bottom + reach;
  }
  void take(const Writing& other) {
    left = std::min(left, other.left);
    top = std::min(top, other.top);
    right = std::max(right, other.right);
    bottom = std::max(bottom, other.bottom);
    ink += other.ink;
    strokes.insert(strokes.end(), other.strokes.begin(), other.strokes.end());
  }
};

/// Ink of one kind on a page.
struct Sheet {
  const Image& page;
  Components ink;
  double millimetre;  // in pixels
};

enum class InkColour : std::uint8_t { blue, any_but_red };

/// `ink` without what has another colour. Gray pages have no blue ink.
Bitmap of_colour(const Bitmap& ink, const Image& page, InkColour wanted) {
  constexpr int kColoured = 30;
  Bitmap out(ink.size());
  for (std::int32_t y = 0; y < ink.size().height; ++y) {
    for_each_run(ink.row(y), ink.words(), [&](std::int32_t begin, std::int32_t end) {
      for (std::int32_t x = begin; x < end; ++x) {
        const std::uint8_t* p = page.format() == PixelFormat::rgb ? page.row(y) + std::ptrdiff_t{3} * x : nullptr;
        const bool blue = p != nullptr && p[2] - p[0] > kColoured;
        const bool red = p != nullptr && p[0] - std::max(p[1], p[2]) > kColoured;
        if (wanted == InkColour::blue ? blue : !red) {
          out.set(x, y);
        }
      }
    });
  }
  return out;
}

/// Strokes, those close to each other together.
std::vector<Writing> gather(const Sheet& sheet) {
  const auto reach = static_cast<std::int32_t>(kJoinMm * sheet.millimetre);
  std::vector<Writing> out;
  for (std::size_t i = 0; i < sheet.ink.list.size(); ++i) {
    const Component& c = sheet.ink.list[i];
    if (std::max(c.size().width, c.size().height) < kSmallestStrokeMm * sheet.millimetre) {
      continue;
    }
    Writing joined{c.left, c.top, c.right, c.bottom, c.pixels, {i}};
    const auto apart = std::partition(out.begin(), out.end(), [&](const Writing& w) { return !w.is_near(c, reach); });
    std::for_each(apart, out.end(), [&joined](const Writing& w) { joined.take(w); });
    out.erase(apart, out.end());
    out.push_back(std::move(joined));
  }
  return out;
}

/// Print has many letters, a photo is filled; a signature is few strokes with paper between them.
bool looks_signed(const Writing& writing, double millimetre) {
  constexpr std::size_t kMostStrokes = 40;
  constexpr double kMostFilled = 0.2;
  const double width = (writing.right - writing.left) / millimetre,
               height = (writing.bottom - writing.top) / millimetre;
  const double filled = static_cast<double>(writing.ink) / (width * height * millimetre * millimetre);
  return width >= 8 && width <= 120 && height >= 3 && height <= 70 && filled < kMostFilled &&
         writing.strokes.size() <= kMostStrokes;
}

std::optional<Writing> find_signature(const Sheet& sheet) {
  const std::vector<Writing> all = gather(sheet);
  const auto most =
      std::max_element(all.begin(), all.end(), [](const Writing& a, const Writing& b) { return a.ink < b.ink; });
  return most != all.end() && looks_signed(*most, sheet.millimetre) ? std::optional(*most) : std::nullopt;
}

/// Darkness that nearly all of the strokes' pixels stay below.
int full_darkness(const Image& darkness, const Sheet& sheet, const Writing& writing) {
  constexpr double kShare = 0.6;
  std::array<std::int64_t, 256> counts{};
  std::int64_t all = 0;
  for (const std::size_t stroke : writing.strokes) {
    const Component& c = sheet.ink.list[stroke];
    for (std::uint32_t i = 0; i < c.runs; ++i) {
      const Run& run = sheet.ink.runs[sheet.ink.order[c.first_run + i]];
      for (std::int32_t x = run.begin; x < run.end; ++x, ++all) {
        ++counts[darkness.row(run.y)[x]];
      }
    }
  }
  std::size_t level = 0;
  for (std::int64_t below = 0; level < 255; ++level) {
    below += counts[level];
    if (static_cast<double>(below) > kShare * static_cast<double>(all)) {
      break;
    }
  }
  return std::max(static_cast<int>(level), 1);
}

/// The strokes in black, soft at their edges as they were.
Image drawn(const Image& darkness, const Sheet& sheet, const Writing& writing) {
  const auto margin = static_cast<std::int32_t>(kMarginMm * sheet.millimetre);
  const std::int32_t left = writing.left - margin, top = writing.top - margin;
  Image out(PixelFormat::gray, {writing.right + margin - left, writing.bottom + margin - top}, sheet.page.dpi());
  std::fill(out.pixels().begin(), out.pixels().end(), std::uint8_t{255});
  const int full = full_darkness(darkness, sheet, writing);
  const PixelSize size = darkness.size();
  for (const std::size_t stroke : writing.strokes) {
    const Component& c = sheet.ink.list[stroke];
    for (std::uint32_t i = 0; i < c.runs; ++i) {
      const Run& run = sheet.ink.runs[sheet.ink.order[c.first_run + i]];
      for (std::int32_t y = std::max(0, run.y - 1); y <= std::min(size.height - 1, run.y + 1); ++y) {
        for (std::int32_t x = std::max(0, run.begin - 1); x <= std::min(size.width - 1, run.end); ++x) {
          const int light = 255 - std::min(255, darkness.row(y)[x] * 255 / full);
          out.row(y - top)[x - left] = static_cast<std::uint8_t>(light);
        }
      }
    }
  }
  return out;
}

}  // namespace

Result<CleanPage> make_signature(const ImageView& image, const CleanSettings& settings) {
  auto page = clean(image, settings);
  if (!page) {
    return page;
  }
  const Image& source = page->image;
  const Image gray = source.format() == PixelFormat::bitonal ? to_bytes(source.view()) : Image{};
  const Image darkness = darkness_of(gray.empty() ? source.view() : gray.view());
  const Bitmap ink = ink_mask(darkness);
  Sheet sheet{gray.empty() ? source : gray, {}, source.dpi().value / kMillimetresPerInch};
  std::optional<Writing> writing;
  for (const InkColour colour : {InkColour::blue, InkColour::any_but_red}) {
    sheet.ink = find_components(of_colour(ink, sheet.page, colour));
    writing = find_signature(sheet);
    if (writing) {
      break;
    }
  }
  if (!writing) {
    return failure(Errc::signature_not_found, "signature", "nothing written here looks like a signature");
  }
  const auto margin = static_cast<std::int32_t>(kMarginMm * sheet.millimetre);
  Image strokes = drawn(darkness, sheet, *writing);
  page->transform = Transform::translation(margin - writing->left, margin - writing->top) * page->transform;
  page->image = std::move(strokes);
  const PixelSize size = page->image.size();
  page->quad_px = corners({page->transform, size, page->image.dpi()});
  page->paper = {to_millimetres(size.width, page->image.dpi()), to_millimetres(size.height, page->image.dpi())};
  page->whitened = false;
  return page;
}

}  // namespace quay::imaging
