// SPDX-License-Identifier: Apache-2.0
// Fonts that a form may be printed in: the one it names and no other, and only when it has every Vietnamese letter. A
// font that is substituted, or has gaps, would print boxes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

typedef struct _PangoFontMap PangoFontMap;
typedef struct _PangoContext PangoContext;

namespace quay::forms {

class Fonts {
 public:
  Fonts();

  /// Every face (upright, bold, italic, both) of the family is there and has all letters of Vietnamese, the digits and
  /// the signs of a form. Errors: form_font, naming the face and some of what it lacks.
  Status check(const std::string& family) const;

  /// For laying out text; lives as long as this.
  PangoContext* context() const { return context_.get(); }

 private:
  struct Release {
    void operator()(void* object) const;
  };
  std::unique_ptr<PangoFontMap, Release> map_;
  std::unique_ptr<PangoContext, Release> context_;
};

/// Letters of Vietnamese with their marks, upper and lower case, and every other sign that a form needs, in UTF-8.
std::string needed_signs();

}  // namespace quay::forms
