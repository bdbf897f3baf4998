// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/pdf_pages.hpp"

#include <poppler.h>

#include "base/freed.hpp"

namespace quay::printer {
namespace {

constexpr double kPointsToMm = 25.4 / 72;

using PagePtr = std::unique_ptr<PopplerPage, Freed<g_object_unref>>;

}  // namespace

struct PdfPages::Content {
  std::unique_ptr<PopplerDocument, Freed<g_object_unref>> document;
};

Result<PdfPages> PdfPages::open(std::span<const std::uint8_t> bytes) {
  GBytes* borrowed = g_bytes_new_static(bytes.data(), bytes.size());
  GError* error = nullptr;
  PopplerDocument* document = poppler_document_new_from_bytes(borrowed, nullptr, &error);
  g_bytes_unref(borrowed);
  if (document == nullptr) {
    const std::string why = error != nullptr ? error->message : "no PDF";
    g_clear_error(&error);
    return failure(Errc::image_unreadable, "print.open", why);
  }
  PdfPages pages(
      std::make_shared<const Content>(Content{std::unique_ptr<PopplerDocument, Freed<g_object_unref>>(document)}));
  return pages.count() > 0 ? Result<PdfPages>(std::move(pages))
                           : Result<PdfPages>(failure(Errc::document_empty, "print.open", "a PDF without a page"));
}

int PdfPages::count() const { return poppler_document_get_n_pages(content_->document.get()); }

PageSizeMm PdfPages::size(int page) const {
  const PagePtr one(poppler_document_get_page(content_->document.get(), page));
  PageSizeMm size;
  if (one) {
    poppler_page_get_size(one.get(), &size.width, &size.height);
  }
  return {size.width * kPointsToMm, size.height * kPointsToMm};
}

Status PdfPages::draw(int page, cairo_t* canvas) const {
  const PagePtr one(poppler_document_get_page(content_->document.get(), page));
  if (!one) {
    return failure(Errc::image_unreadable, "print.draw", "page " + std::to_string(page + 1) + " cannot be read");
  }
  poppler_page_render_for_printing(one.get(), canvas);
  return {};
}

}  // namespace quay::printer
