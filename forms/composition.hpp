// SPDX-License-Identifier: Apache-2.0
// A filled form on its pages: every line broken and in its place, in points. What is seen as a preview is what is
// printed, since both draw the same composition.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "forms/fonts.hpp"
#include "forms/form.hpp"
#include "forms/values.hpp"

typedef struct _cairo cairo_t;

namespace quay::forms {

class Composition {
 public:
  /// Errors: form_field (values.hpp), form_font (the form's font), form_glyph (a value has a sign that the font lacks),
  /// form_invalid (a block higher than a page).
  static Result<Composition> make(const Form& form, const Values& values, const Fonts& fonts);

  Composition(const Composition&) = delete;
  Composition& operator=(const Composition&) = delete;
  Composition(Composition&&) noexcept;
  Composition& operator=(Composition&&) noexcept;
  ~Composition();

  std::size_t pages() const;
  double width_mm() const;
  double height_mm() const;  ///< of every page; of a roll as long as its content
  const std::string& title() const;

  /// Draws a page in points, black on whatever is there.
  void draw(cairo_t* canvas, std::size_t page) const;

 private:
  struct Content;
  explicit Composition(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace quay::forms
