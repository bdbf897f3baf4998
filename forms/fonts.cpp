// SPDX-License-Identifier: Apache-2.0
#include "forms/fonts.hpp"

#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <array>

#include "base/freed.hpp"

namespace quay::forms {
namespace {

constexpr std::string_view kMarked =
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
constexpr std::string_view kSigns = "–—“”‘’…°§₫№";

using Font = std::unique_ptr<PangoFont, Freed<g_object_unref>>;
using Description = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

Description face(const std::string& family, bool bold, bool italic) {
  Description description(pango_font_description_new());
  pango_font_description_set_family(description.get(), family.c_str());
  pango_font_description_set_size(description.get(), 12 * PANGO_SCALE);
  pango_font_description_set_weight(description.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_style(description.get(), italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  return description;
}

/// The signs that the font lacks.
std::string gaps(PangoFont* font, const std::string& signs) {
  std::string missing;
  for (const char *at = signs.c_str(), *next = nullptr; *at != '\0'; at = next) {
    next = g_utf8_next_char(at);
    if (pango_font_has_char(font, g_utf8_get_char(at)) == FALSE) {
      missing.append(at, next);
    }
  }
  return missing;
}

Status check_face(PangoContext* context, const std::string& family, bool bold, bool italic) {
  const Description wanted = face(family, bold, italic);
  const Font font(pango_font_map_load_font(pango_context_get_font_map(context), context, wanted.get()));
  const Description found(font ? pango_font_describe(font.get()) : nullptr);
  if (!found || family != pango_font_description_get_family(found.get())) {
    return failure(Errc::form_font, "form.font", fmt::format("the font \"{}\" is not installed", family));
  }
  const std::string missing = gaps(font.get(), needed_signs());
  const auto count = g_utf8_strlen(missing.c_str(), -1);
  if (count == 0) {
    return {};
  }
  constexpr glong kShown = 8;
  const char* end = g_utf8_offset_to_pointer(missing.c_str(), std::min(count, kShown));
  return failure(Errc::form_font, "form.font",
                 fmt::format("the font \"{}\"{}{} lacks {} signs: {}", family, bold ? " bold" : "",
                             italic ? " italic" : "", count, std::string_view(missing.c_str(), end)));
}

}  // namespace

void Fonts::Release::operator()(void* object) const { g_object_unref(object); }

/// Letters lie where the font says, not on the pixels of some screen: a page is the same at every resolution.
Fonts::Fonts() : map_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(map_.get())) {
  const std::unique_ptr<cairo_font_options_t, Freed<cairo_font_options_destroy>> options(cairo_font_options_create());
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context_.get(), options.get());
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
}

Status Fonts::check(const std::string& family) const {
  for (const bool bold : {false, true}) {
    for (const bool italic : {false, true}) {
      if (Status good = check_face(context_.get(), family, bold, italic); !good) {
        return good;
      }
    }
  }
  return {};
}

std::string needed_signs() {
  std::string signs;
  for (char c = '!'; c <= '~'; ++c) {
    signs += c;
  }
  return signs + std::string(kMarked) + std::string(kSigns);
}

}  // namespace quay::forms
