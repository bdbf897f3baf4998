// SPDX-License-Identifier: Apache-2.0
// Turns a form's blocks into boxes of pieces. Knows widths, not pages. Private to the composition.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "forms/fonts.hpp"
#include "forms/form.hpp"
#include "forms/piece.hpp"
#include "forms/values.hpp"

namespace quay::forms {

/// Boxes that follow each other down the page.
struct Flow {
  struct Part {
    Box box{};
    bool repeats = false;  ///< a table's head: comes again where the rows after it go on on another page
    bool of_table = false;
  };
  std::vector<Part> parts{};
};

class Composer {
 public:
  Composer(const Form& form, const Values& values, const Fonts& fonts);

  /// All blocks, across the width of the form's paper within its margins. Errors: form_glyph, form_field.
  Result<Flow> flow() const;

 private:
  Result<Box> line(const Line& line, double width) const;
  Result<Box> text(const Text& text, double width) const;
  Result<Box> code(const Code& code, double width) const;
  Result<Box> columns(const Columns& columns, double width) const;
  Result<Box> row(const Table& table, const std::vector<std::string>& cells, double width, bool bold) const;
  Status add_table(const Table& table, double width, Flow& flow) const;

  const Form& form_;
  const Values& values_;
  const Fonts& fonts_;
};

}  // namespace quay::forms
