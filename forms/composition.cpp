// SPDX-License-Identifier: Apache-2.0
#include "forms/composition.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "forms/composer.hpp"
#include "forms/piece.hpp"

namespace quay::forms {

struct Composition::Content {
  Paper paper;
  std::string title;
  std::vector<std::vector<Piece>> pages;  ///< from the paper's corner
};

namespace {

/// Puts parts on pages, one below the other.
class Pager {
 public:
  explicit Pager(const Paper& paper)
      : margin_(to_points(paper.margin_mm)),
        room_(paper.height_mm == 0 ? 0 : to_points(paper.height_mm - 2 * paper.margin_mm)) {}

  /// Errors: form_invalid when a part is higher than a page.
  Status add(Flow::Part part) {
    if (!part.of_table || part.repeats) {
      head_.reset();
    }
    const double with_head = part.box.height + (head_ ? head_->height : 0);
    if (room_ > 0 && with_head > room_) {
      return failure(Errc::form_invalid, "form.compose",
                     "a block, or a row with its table's head, is higher than the paper");
    }
    if (!fits(part.box.height)) {
      turn();
      if (head_) {
        put(*head_);
      }
    }
    put(part.box);
    if (part.repeats) {
      head_ = std::move(part.box);
    }
    return {};
  }

  void turn() {
    pages_.emplace_back();
    y_ = 0;
  }

  bool fits(double height) const { return room_ == 0 || y_ + height <= room_; }
  double y() const { return y_; }
  std::vector<std::vector<Piece>> take() { return std::move(pages_); }

 private:
  void put(const Box& box) {
    for (const Piece& piece : box.pieces) {
      pages_.back().push_back({margin_ + piece.x, margin_ + y_ + piece.y, piece.what});
    }
    y_ += box.height;
  }

  double margin_, room_;
  double y_ = 0;
  std::optional<Box> head_;  ///< of the table that is open
  std::vector<std::vector<Piece>> pages_{1};
};

/// "Trang 1/2" in the lower margin of every page, when there are several.
Status number_pages(const Form& form, const Fonts& fonts, std::vector<std::vector<Piece>>& pages) {
  constexpr double kSize = 8;
  const double width = to_points(form.paper.width_mm);
  const double y = to_points(form.paper.height_mm - form.paper.margin_mm / 2) - kSize;
  for (std::size_t i = 0; i < pages.size() && pages.size() > 1; ++i) {
    const Text style{.align = Align::centre, .size_pt = kSize};
    auto words = set_text(fonts, form.font, style, fmt::format("Trang {}/{}", i + 1, pages.size()), width);
    if (!words) {
      return tl::unexpected(words.error());
    }
    pages[i].push_back({0, y, std::move(*words)});
  }
  return {};
}

}  // namespace

Composition::Composition(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Composition::Composition(Composition&&) noexcept = default;
Composition& Composition::operator=(Composition&&) noexcept = default;
Composition::~Composition() = default;

Result<Composition> Composition::make(const Form& form, const Values& values, const Fonts& fonts) {
  const Status font = fonts.check(form.font);
  const Status fits = font ? check(form, values) : font;
  if (!fits) {
    return tl::unexpected(fits.error());
  }
  const Composer composer(form, values, fonts);
  auto flow = composer.flow();
  if (!flow) {
    return tl::unexpected(flow.error());
  }
  Pager pager(form.paper);
  for (std::size_t i = 0; i < flow->parts.size(); ++i) {
    Flow::Part& part = flow->parts[i];
    const bool head = part.repeats && i + 1 < flow->parts.size();
    if (head && !pager.fits(part.box.height + flow->parts[i + 1].box.height)) {
      pager.turn();  // a head alone at the foot of a page says nothing
    }
    if (Status added = pager.add(std::move(part)); !added) {
      return tl::unexpected(added.error());
    }
  }
  auto content = std::make_unique<Content>();
  content->paper = form.paper;
  content->title = form.title_vi;
  if (form.paper.height_mm == 0) {
    content->paper.height_mm = pager.y() * 25.4 / 72 + 2 * form.paper.margin_mm;
  }
  content->pages = pager.take();
  if (Status numbered = number_pages(form, fonts, content->pages); !numbered) {
    return tl::unexpected(numbered.error());
  }
  return Composition(std::move(content));
}

std::size_t Composition::pages() const { return content_->pages.size(); }
double Composition::width_mm() const { return content_->paper.width_mm; }
double Composition::height_mm() const { return content_->paper.height_mm; }
const std::string& Composition::title() const { return content_->title; }

void Composition::draw(cairo_t* canvas, std::size_t page) const {
  cairo_set_source_rgb(canvas, 0, 0, 0);
  for (const Piece& piece : content_->pages.at(page)) {
    forms::draw(canvas, piece);
  }
}

}  // namespace quay::forms
