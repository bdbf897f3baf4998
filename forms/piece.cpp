// SPDX-License-Identifier: Apache-2.0
#include "forms/piece.hpp"

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>
#include <ZXing/TextUtfEncoding.h>

#include <exception>

#include "base/freed.hpp"

namespace quay::forms {
namespace {

/// Letters as one sign each: a font need not have the marks alone.
std::string composed(const std::string& text) {
  const std::unique_ptr<char, Freed<g_free>> out(
      g_utf8_normalize(text.c_str(), static_cast<gssize>(text.size()), G_NORMALIZE_DEFAULT_COMPOSE));
  return out ? out.get() : text;
}

PangoAlignment alignment(Align align) {
  switch (align) {
    case Align::left: return PANGO_ALIGN_LEFT;
    case Align::centre: return PANGO_ALIGN_CENTER;
    case Align::right: return PANGO_ALIGN_RIGHT;
  }
  return PANGO_ALIGN_LEFT;
}

void set_font(PangoLayout* layout, const std::string& family, const Text& style) {
  const std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>> font(pango_font_description_new());
  pango_font_description_set_family(font.get(), family.c_str());
  pango_font_description_set_absolute_size(font.get(), style.size_pt * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_style(font.get(), style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  pango_layout_set_font_description(layout, font.get());
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));  // another font's letters would hide a gap
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
}

struct Draw {
  cairo_t* canvas;

  void operator()(const LayoutPtr& layout) const { pango_cairo_show_layout(canvas, layout.get()); }
  void operator()(const Bar& bar) const {
    cairo_rectangle(canvas, 0, 0, bar.width, bar.height);
    cairo_fill(canvas);
  }
  void operator()(const Grid& grid) const {
    const double module = grid.size / static_cast<double>(grid.modules);
    for (std::size_t i = 0; i < grid.dark.size(); ++i) {
      if (grid.dark[i]) {
        const std::size_t column = i % grid.modules, row = i / grid.modules;
        cairo_rectangle(canvas, static_cast<double>(column) * module, static_cast<double>(row) * module, module,
                        module);
      }
    }
    cairo_fill(canvas);
  }
};

}  // namespace

Result<LayoutPtr> set_text(const Fonts& fonts, const std::string& family, const Text& style, const std::string& text,
                           double width) {
  LayoutPtr layout(pango_layout_new(fonts.context()), [](PangoLayout* done) { g_object_unref(done); });
  set_font(layout.get(), family, style);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(layout.get(), alignment(style.align));
  const std::string letters = composed(text);
  pango_layout_set_text(layout.get(), letters.c_str(), static_cast<int>(letters.size()));
  if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) {
    return failure(Errc::form_glyph, "form.compose", "a text has a sign that the font \"" + family + "\" lacks");
  }
  return layout;
}

double height_of(PangoLayout* layout) {
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

Result<Grid> make_code(const std::string& text, double size) {
  constexpr int kQuietModules = 4, kMediumCorrection = 4;  // zxing counts levels from 0 to 8
  try {
    const auto matrix = ZXing::MultiFormatWriter(ZXing::BarcodeFormat::QRCode)
                            .setEncoding(ZXing::CharacterSet::UTF8)
                            .setEccLevel(kMediumCorrection)
                            .setMargin(kQuietModules)
                            .encode(ZXing::TextUtfEncoding::FromUtf8(text), 0, 0);
    Grid grid{static_cast<std::size_t>(matrix.width()), {}, size};
    for (int y = 0; y < matrix.height(); ++y) {
      for (int x = 0; x < matrix.width(); ++x) {
        grid.dark.push_back(matrix.get(x, y));
      }
    }
    return grid;
  } catch (const std::exception&) {  // zxing throws std::invalid_argument for what fits no code
    return failure(Errc::form_field, "form.compose", "a text too long for a QR code");
  }
}

void draw(cairo_t* canvas, const Piece& piece) {
  cairo_save(canvas);
  cairo_translate(canvas, piece.x, piece.y);
  std::visit(Draw{canvas}, piece.what);
  cairo_restore(canvas);
}

}  // namespace quay::forms
