// SPDX-License-Identifier: Apache-2.0
// Output profiles: what a page becomes, by name. A table of data; adding a profile is adding a row.
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "imaging/page.hpp"

namespace quay::imaging {

enum class OutputFormat : std::uint8_t { pdf, jpeg, webp, png, tiff };

/// What is looked for in a picture.
enum class Subject : std::uint8_t {
  page,       ///< a page, or several papers that lie apart
  cards,      ///< ID cards, put together on one A4 page
  signature,  ///< strokes of a pen, by themselves
  portrait,   ///< a person, cut to a print
};

/// How pages are cleaned and encoded.
struct Profile {
  std::string_view name;
  OutputFormat format = OutputFormat::pdf;
  Subject subject = Subject::page;
  PaperSize print{};        ///< of a portrait
  bool part_cards = false;  ///< ID cards that lie alone on the glass become a page each, not one together
  CleanSettings clean;
  int jpeg_quality = 75;      ///< 1..100, of whole pages and photo layers
  bool chroma_full = false;   ///< 4:4:4 instead of 4:2:0
  bool layered = true;        ///< text, ink and paper may be coded apart (PDF only)
  bool bitonal = false;       ///< black and white, lossless; a TIFF is always so
  std::size_t max_bytes = 0;  ///< of a page; 0: no limit. Less detail is kept to meet it, down to what is legible
};

/// hoso: a dossier page. bitonal: one in black and white, which is no legal copy of a page with a seal. photo: a
/// picture, colours untouched. card: front and back of an ID card on
/// one A4 page at true size; card-sides: each by itself, a picture of a card's size. signature: the strokes, cut to
/// them. portrait: a person's head and shoulders as 3 x 4 cm; portrait-4x6: the same as 4 x 6 cm. original: nothing
/// changed.
std::span<const Profile> profiles();

/// Errors: request_bad_argument, naming the profiles there are.
Result<Profile> profile_named(std::string_view name);

}  // namespace quay::imaging
