// SPDX-License-Identifier: Apache-2.0
// What a page is made of: set text, bars and QR codes, each with its place. Private to the composition.
#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "forms/fonts.hpp"
#include "forms/form.hpp"

namespace quay::forms {

/// Shared: a table's head stands on several pages.
using LayoutPtr = std::shared_ptr<PangoLayout>;

struct Bar {
  double width = 0, height = 0.6;
};

/// Modules of a QR code with its quiet zone, row by row.
struct Grid {
  std::size_t modules = 0;  ///< along a side
  std::vector<bool> dark{};
  double size = 0;
};

/// In points from the left and top of what it is a part of.
struct Piece {
  double x = 0, y = 0;
  std::variant<LayoutPtr, Bar, Grid> what;
};

/// Pieces that stay together on a page.
struct Box {
  double height = 0;
  std::vector<Piece> pieces{};
};

constexpr double to_points(double mm) { return mm / 25.4 * 72; }

/// Text broken to a width. Errors: form_glyph when the font lacks one of its signs.
Result<LayoutPtr> set_text(const Fonts& fonts, const std::string& family, const Text& style, const std::string& text,
                           double width);

double height_of(PangoLayout* layout);

/// A code of this text, medium error correction. Errors: form_field when it is too long for any.
Result<Grid> make_code(const std::string& text, double size);

void draw(cairo_t* canvas, const Piece& piece);

}  // namespace quay::forms
