// SPDX-License-Identifier: Apache-2.0
// A PDF as pages that can be drawn: how many, how large, and what is on each.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <cairo.h>

#include "base/result.hpp"

namespace quay::printer {

struct PageSizeMm {
  double width = 0;
  double height = 0;
};

class PdfPages {
 public:
  /// Borrows `bytes` for as long as it lives. Errors: image_unreadable, document_empty.
  static Result<PdfPages> open(std::span<const std::uint8_t> bytes);

  int count() const;
  PageSizeMm size(int page) const;  ///< page: from 0
  /// Draws a page in points, for a printer. Errors: image_unreadable.
  Status draw(int page, cairo_t* canvas) const;

 private:
  struct Content;
  explicit PdfPages(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  std::shared_ptr<const Content> content_;
};

}  // namespace quay::printer
