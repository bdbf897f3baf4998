// SPDX-License-Identifier: Apache-2.0
// The writer of PDF/A-2b documents. Fixed layout: 1 catalog, 2 page tree, 3 XMP, 4 output profile, then each page's
// dictionary followed by its objects. read_pdf_page relies on it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "imaging/codec/pdf.hpp"

namespace quay::imaging {
namespace {

constexpr std::size_t kFirstPageObject = 5;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// 128 bits of the content: names a document, protects nothing. Two multiplicative mixes with different odd constants.
class ContentHash {
 public:
  void add(std::span<const std::uint8_t> bytes) {
    mix(bytes.size());
    while (!bytes.empty()) {
      const std::size_t count = std::min<std::size_t>(bytes.size(), 8);
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < count; ++i) {
        word |= static_cast<std::uint64_t>(bytes[i]) << 8 * i;
      }
      mix(word);
      bytes = bytes.subspan(count);
    }
  }
  std::string hex() const { return fmt::format("{:016x}{:016x}", a_, b_); }

 private:
  void mix(std::uint64_t word) {
    a_ = (a_ ^ word) * 0x9E3779B97F4A7C15U;
    a_ ^= a_ >> 29;
    b_ = (b_ + word) * 0xD6E8FEB86659FD93U;
    b_ ^= b_ >> 32;
  }

  std::uint64_t a_ = 0x243F6A8885A308D3U;
  std::uint64_t b_ = 0x13198A2E03707344U;
};

std::string content_id(std::span<const PdfPage> pages) {
  ContentHash hash;
  for (const PdfPage& page : pages) {
    hash.add(bytes_of(page.resources));
    for (const PdfStream& object : page.objects) {
      hash.add(bytes_of(object.dictionary));
      hash.add(object.bytes);
    }
  }
  return hash.hex();
}

/// XMP as ISO 19005-2 section 6.6 wants it: part, conformance, and an id for the document.
std::string xmp(const std::string& id) {
  return fmt::format(
      "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
      "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" "
      "xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
      "pdfaid:part=\"2\" pdfaid:conformance=\"B\" pdf:Producer=\"quay\" "
      "xmpMM:DocumentID=\"uuid:{}-{}-{}-{}-{}\"/></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>",
      id.substr(0, 8), id.substr(8, 4), id.substr(12, 4), id.substr(16, 4), id.substr(20));
}

/// `text` with each "@k" turned into a reference to object `first` + k.
std::string resolve(std::string_view text, std::size_t first) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t k = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + i + (text[i] == '@' ? 1 : 0), end, k);
    if (text[i] != '@' || parsed.ec != std::errc{}) {
      out += text[i];
      continue;
    }
    out += fmt::format("{} 0 R", first + k);
    i = static_cast<std::size_t>(parsed.ptr - text.data()) - 1;
  }
  return out;
}

/// Collects objects and remembers where each began.
class Writer {
 public:
  Writer() { put(fmt::format("%PDF-{}\n%\xE2\xE3\xCF\xD3\n", kPdfVersion)); }

  void object(std::string_view body) {
    begin();
    put(body);
    put("\nendobj\n");
  }

  void stream(std::string_view entries, std::span<const std::uint8_t> bytes) {
    begin();
    put(fmt::format("<<{}/Length {}>>\nstream\n", entries, bytes.size()));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    put("\nendstream\nendobj\n");
  }

  std::vector<std::uint8_t> finish(const std::string& id) {
    const std::size_t table = out_.size();
    put(fmt::format("xref\n0 {}\n0000000000 65535 f \n", starts_.size() + 1));
    for (const std::size_t start : starts_) {
      put(fmt::format("{:010} 00000 n \n", start));
    }
    put(fmt::format("trailer\n<</Size {}/Root 1 0 R/ID[<{}><{}>]>>\nstartxref\n{}\n%%EOF\n", starts_.size() + 1, id, id,
                    table));
    return std::move(out_);
  }

 private:
  void begin() {
    starts_.push_back(out_.size());
    put(fmt::format("{} 0 obj\n", starts_.size()));
  }
  void put(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }

  std::vector<std::uint8_t> out_;
  std::vector<std::size_t> starts_;
};

/// A side of a page, not below the least that PDF/A allows (ISO 19005-2 section 6.1.13).
std::string page_side(Millimetres length) {
  constexpr double kLeast = 3;
  return pdf_number(std::max(to_points(length), kLeast));
}

/// The page dictionary (object `number`) and its objects right behind it.
void write_page(Writer& writer, const PdfPage& page, std::size_t number) {
  const std::size_t first = number + 1;
  writer.object(fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} {}]/Resources{}/Contents {} 0 R>>",
                            page_side(page.paper.width), page_side(page.paper.height), resolve(page.resources, first),
                            first));
  for (const PdfStream& object : page.objects) {
    const std::string dictionary = resolve(object.dictionary, first);
    if (object.only_dictionary) {
      writer.object("<<" + dictionary + ">>");
    } else {
      writer.stream(dictionary, object.bytes);
    }
  }
}

}  // namespace

Result<std::vector<std::uint8_t>> write_pdf(std::span<const PdfPage> pages) {
  if (pages.empty()) {
    return failure(Errc::document_empty, "pdf.write", "a document needs at least one page");
  }
  const std::string id = content_id(pages);
  std::string kids;
  std::size_t next = kFirstPageObject;
  for (const PdfPage& page : pages) {
    kids += fmt::format("{}{} 0 R", kids.empty() ? "" : " ", next);
    next += 1 + page.objects.size();
  }
  Writer writer;
  writer.object(
      "<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
      "/OutputConditionIdentifier(sRGB IEC61966-2.1)/DestOutputProfile 4 0 R>>]>>");
  writer.object(fmt::format("<</Type/Pages/Kids[{}]/Count {}>>", kids, pages.size()));
  writer.stream("/Type/Metadata/Subtype/XML", bytes_of(xmp(id)));
  writer.stream("/N 3", srgb_profile());
  next = kFirstPageObject;
  for (const PdfPage& page : pages) {
    write_page(writer, page, next);
    next += 1 + page.objects.size();
  }
  return writer.finish(id);
}

std::string pdf_number(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
      text.pop_back();
    }
  }
  return text == "-0" ? "0" : text;
}

std::string pdf_image_entries(PixelSize size, std::string_view colour_space, int bits, std::string_view filter) {
  return fmt::format("/Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/{}/BitsPerComponent {}/Filter/{}",
                     size.width, size.height, colour_space, bits, filter);
}

std::string pdf_paint_whole(const PaperSize& paper, std::string_view name) {
  return fmt::format("q {} 0 0 {} 0 0 cm /{} Do Q\n", pdf_number(to_points(paper.width)),
                     pdf_number(to_points(paper.height)), name);
}

}  // namespace quay::imaging
