// SPDX-License-Identifier: Apache-2.0
#include "imaging/codec/text_layer.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/encoding.hpp"

namespace quay::imaging {
namespace {

constexpr double kGlyphEm = 0.5;  // width of every glyph
constexpr double kLeastSpaceEm = 0.2;
constexpr std::string_view kResources = "<</XObject<<";

/// What the page gets, in this order, behind its own objects.
using Place = std::size_t;
constexpr Place kText = 0, kFont = 1, kDescendant = 2, kDescriptor = 3, kProgram = 4, kMeaning = 5, kGlyphs = 6;

std::vector<std::uint8_t> deflated(std::string_view plain) {
  uLongf size = compressBound(plain.size());
  std::vector<std::uint8_t> packed(size);
  compress2(packed.data(), &size, reinterpret_cast<const Bytef*>(plain.data()), plain.size(), 9);
  packed.resize(size);
  return packed;
}

PdfStream packed_stream(std::string entries, std::string_view plain) {
  return {std::move(entries) + "/Filter/FlateDecode", deflated(plain)};
}

/// UTF-8 as UTF-16 code units; nothing when it is malformed or beyond the Basic Multilingual Plane.
std::optional<std::u16string> to_utf16(std::string_view text) {
  if (!is_utf8(text)) {
    return {};
  }
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
    if (lead >= 0xF0) {
      return {};
    }
    std::uint32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      value = value << 6 | (static_cast<std::uint8_t>(text[i + k]) & 0x3FU);
    }
    out += static_cast<char16_t>(value);
    i += length;
  }
  return out;
}

/// Writes words as text operators and remembers which characters it used.
class TextWriter {
 public:
  TextWriter(const PaperSize& paper, PixelSize grid)
      : height_(to_points(paper.height)),
        across_(to_points(paper.width) / std::max(grid.width, 1)),
        down_(height_ / std::max(grid.height, 1)) {}

  /// next: where the following word of the line begins, so that the space between them has its true width.
  void add(const TextWord& word, const TextWord* next) {
    const auto text = to_utf16(word.text);
    const double length = std::hypot((word.end.x - word.begin.x) * across_, (word.end.y - word.begin.y) * down_);
    if (!text || text->empty() || length <= 0) {
      return;
    }
    const double size = std::clamp(word.height * down_, 1.0, 400.0);
    const double slope = std::atan2((word.begin.y - word.end.y) * down_, (word.end.x - word.begin.x) * across_);
    move_to(word.begin, slope);
    set_size(size);
    if (next == nullptr) {
      show(*text, length);
      return;
    }
    const double gap = (next->begin.x - word.end.x) * across_;
    const double space = std::max(gap, kLeastSpaceEm * size);  // words that touch are words still
    show(*text, std::max(length - (space - gap), length / 2));
    show(u" ", space);
  }

  std::string content() const { return "BT 3 Tr\n" + content_ + "ET\n"; }
  const std::set<char16_t>& used() const { return used_; }

 private:
  void move_to(Point at, double slope) {
    const std::string x = pdf_number(at.x * across_, 1);
    const std::string y = pdf_number(height_ - at.y * down_, 1);
    const std::string c = pdf_number(std::cos(slope), 4);
    const std::string s = pdf_number(std::sin(slope), 4);
    content_ += fmt::format("{} {} {} {} {} {} Tm ", c, s, pdf_number(-std::sin(slope), 4), c, x, y);
  }
  void set_size(double size) {
    std::string number = pdf_number(size, 1);
    if (number != size_) {
      content_ += fmt::format("/F {} Tf ", number);
      size_ = std::move(number);
    }
    points_ = std::strtod(size_.c_str(), nullptr);
  }
  void show(std::u16string_view text, double length) {
    const double natural = static_cast<double>(text.size()) * kGlyphEm * points_;
    content_ += fmt::format("{} Tz <", pdf_number(100 * length / natural, 1));
    for (const char16_t unit : text) {
      content_ += fmt::format("{:04X}", static_cast<unsigned>(unit));
      used_.insert(unit);
    }
    content_ += "> Tj\n";
  }

  double height_;
  double across_;
  double down_;
  std::string size_;
  double points_ = 1;
  std::string content_;
  std::set<char16_t> used_;
};

/// Codes are UTF-16 code units and mean themselves (ISO 32000-1, 9.10.3); one range for each high byte used.
std::string meaning(const std::set<char16_t>& used) {
  std::set<unsigned> rows;
  for (const char16_t unit : used) {
    rows.insert(static_cast<unsigned>(unit) >> 8);
  }
  std::string ranges;
  for (const unsigned row : rows) {
    ranges += fmt::format("<{0:02X}00><{0:02X}FF><{0:02X}00>\n", row);
  }
  return fmt::format(
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
      "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
      "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
      "1 begincodespacerange <0000><FFFF> endcodespacerange\n{} beginbfrange\n{}endbfrange\n"
      "endcmap CMapName currentdict/CMap defineresource pop end end\n",
      rows.size(), ranges);
}

std::string reference(std::size_t first, Place place) { return fmt::format("@{}", first + place); }

void add_font(PdfPage& page, std::size_t first, const std::set<char16_t>& used) {
  const std::vector<std::uint8_t> font = glyphless_font();
  const std::string_view program(reinterpret_cast<const char*>(font.data()), font.size());
  const std::string all_to_zero(2 * (static_cast<std::size_t>(*used.rbegin()) + 1), '\0');
  page.objects.push_back({fmt::format("/Type/Font/Subtype/Type0/BaseFont/AAAAAA+QuayGlyphless/Encoding/Identity-H"
                                      "/DescendantFonts[{}]/ToUnicode {}",
                                      reference(first, kDescendant), reference(first, kMeaning)),
                          {},
                          true});
  page.objects.push_back({fmt::format("/Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+QuayGlyphless"
                                      "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                                      "/FontDescriptor {}/DW 500/CIDToGIDMap {}",
                                      reference(first, kDescriptor), reference(first, kGlyphs)),
                          {},
                          true});
  page.objects.push_back({fmt::format("/Type/FontDescriptor/FontName/AAAAAA+QuayGlyphless/Flags 4"
                                      "/FontBBox[0 -200 500 800]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800"
                                      "/StemV 80/FontFile2 {}",
                                      reference(first, kProgram)),
                          {},
                          true});
  page.objects.push_back(packed_stream(fmt::format("/Length1 {}", font.size()), program));
  page.objects.push_back(packed_stream("", meaning(used)));
  page.objects.push_back(packed_stream("", all_to_zero));
}

}  // namespace

Status add_text_layer(PdfPage& page, const TextLayer& text) {
  if (!page.resources.starts_with(kResources) || page.resources.find("/Text @") != std::string::npos ||
      page.objects.empty() || !page.objects.front().dictionary.empty()) {
    return failure(Errc::image_unsupported, "pdf.text", "not a page of ours without a text layer");
  }
  TextWriter writer(page.paper, text.size);
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    const bool more = !text.words[i].last && i + 1 < text.words.size();
    writer.add(text.words[i], more ? &text.words[i + 1] : nullptr);
  }
  if (writer.used().empty()) {
    return {};
  }
  const std::size_t first = page.objects.size();
  page.objects.push_back(
      packed_stream(fmt::format("/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Resources<</Font<</F {}>>>>",
                                pdf_number(to_points(page.paper.width)), pdf_number(to_points(page.paper.height)),
                                reference(first, kFont)),
                    writer.content()));
  add_font(page, first, writer.used());
  page.resources.insert(kResources.size(), fmt::format("/Text {}", reference(first, kText)));
  constexpr std::string_view kPaint = "/Text Do\n";
  page.objects.front().bytes.insert(page.objects.front().bytes.end(), kPaint.begin(), kPaint.end());
  return {};
}

Status add_text_layer(EncodedPage& page, const TextLayer& text) {
  auto pdf = read_pdf_page(page.bytes);
  if (!pdf) {
    return failure(pdf.error());
  }
  if (const Status added = add_text_layer(*pdf, text); !added) {
    return added;
  }
  auto bytes = write_pdf({&*pdf, 1});
  if (!bytes) {
    return failure(bytes.error());
  }
  if (bytes->size() > page.bytes.size()) {
    page.layers.push_back({"text", "flate", text.size, page.dpi, bytes->size() - page.bytes.size()});
  }
  page.bytes = std::move(*bytes);
  return {};
}

}  // namespace quay::imaging
