// SPDX-License-Identifier: Apache-2.0
// From a single-page document of ours back to its page. Knows the writer's fixed layout and checks every step: a
// document that does not follow it is refused, not guessed at.
#include <algorithm>
#include <charconv>
#include <string_view>

#include "imaging/codec/pdf.hpp"

namespace quay::imaging {
namespace {

constexpr std::size_t kPageObject = 5;
constexpr std::size_t kMaxObjects = 100'000;

/// A place in the document from which text is taken; a miss sets `lost` for good.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at), lost_(at > text.size()) {}

  bool lost() const { return lost_; }
  void expect(std::string_view words) {
    lost_ = lost_ || text_.substr(at_, words.size()) != words;
    at_ += lost_ ? 0 : words.size();
  }
  std::size_t number() {
    std::size_t value = 0;
    if (!lost_) {
      const auto parsed = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
      lost_ = parsed.ec != std::errc{};
      at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    }
    return lost_ ? 0 : value;
  }
  /// Text up to `mark`, which is skipped.
  std::string_view until(std::string_view mark) {
    const std::size_t end = lost_ ? std::string_view::npos : text_.find(mark, at_);
    lost_ = end == std::string_view::npos;
    const std::string_view found = lost_ ? std::string_view{} : text_.substr(at_, end - at_);
    at_ = lost_ ? at_ : end + mark.size();
    return found;
  }
  std::string_view take(std::size_t count) {
    lost_ = lost_ || text_.size() - at_ < count;
    const std::string_view found = lost_ ? std::string_view{} : text_.substr(at_, count);
    at_ += found.size();
    return found;
  }

 private:
  std::string_view text_;
  std::size_t at_;
  bool lost_;
};

/// `text` with each "N 0 R" turned into "@k", k counted from object `first`.
std::string unresolve(std::string_view text, std::size_t first) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t number = 0;
    const auto* begin = text.data() + at;
    const auto parsed = std::from_chars(begin, text.data() + text.size(), number);
    const auto digits = static_cast<std::size_t>(parsed.ptr - begin);
    if (parsed.ec != std::errc{} || digits == 0) {
      out += text[at++];
    } else if (text.substr(at + digits, 4) == " 0 R" && number >= first) {
      out += '@' + std::to_string(number - first);
      at += digits + 4;
    } else {
      out += text.substr(at, digits);
      at += digits;
    }
  }
  return out;
}

/// Offsets of all objects, from the cross-reference table. Empty when the document is not laid out as ours.
std::vector<std::size_t> object_offsets(std::string_view text) {
  const std::size_t mark = text.rfind("startxref\n");
  if (!text.starts_with("%PDF-1.7\n") || mark == std::string_view::npos) {
    return {};
  }
  Cursor pointer(text, mark + 10);
  Cursor table(text, pointer.number());
  table.expect("xref\n0 ");
  const std::size_t count = table.number();
  table.expect("\n0000000000 65535 f \n");
  std::vector<std::size_t> offsets;
  for (std::size_t i = 1; i < count && count < kMaxObjects && !table.lost(); ++i) {
    offsets.push_back(table.number());
    table.expect(" 00000 n \n");
  }
  return table.lost() ? std::vector<std::size_t>{} : offsets;
}

double decimal(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Millimetres from_points(double points) { return Millimetres{points / kPointsPerInch * kMillimetresPerInch}; }

/// The page dictionary; false when it is not one of ours.
bool read_page_dictionary(std::string_view text, std::size_t offset, PdfPage& page) {
  Cursor cursor(text, offset);
  cursor.expect("5 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 ");
  page.paper.width = from_points(decimal(cursor.until(" ")));
  page.paper.height = from_points(decimal(cursor.until("]/Resources")));
  page.resources = unresolve(cursor.until("/Contents 6 0 R>>\nendobj\n"), kPageObject + 1);
  return !cursor.lost();
}

/// Does the object at `offset` end before a stream's length is named?
bool is_only_dictionary(std::string_view text, std::size_t offset) {
  const std::size_t length = text.find("/Length ", offset);
  return text.substr(std::min(offset, text.size()), length - offset).find(">>\nendobj\n") != std::string_view::npos;
}

bool read_object(std::string_view text, std::size_t offset, std::size_t number, PdfStream& stream) {
  Cursor cursor(text, offset);
  cursor.expect(std::to_string(number) + " 0 obj\n<<");
  if (is_only_dictionary(text, offset)) {
    stream.only_dictionary = true;
    stream.dictionary = unresolve(cursor.until(">>\nendobj\n"), kPageObject + 1);
    return !cursor.lost();
  }
  stream.dictionary = unresolve(cursor.until("/Length "), kPageObject + 1);
  const std::size_t length = cursor.number();
  cursor.expect(">>\nstream\n");
  const std::string_view bytes = cursor.take(length);
  cursor.expect("\nendstream\nendobj\n");
  stream.bytes.assign(bytes.begin(), bytes.end());
  return !cursor.lost();
}

}  // namespace

Result<PdfPage> read_pdf_page(std::span<const std::uint8_t> document) {
  const std::string_view text(reinterpret_cast<const char*>(document.data()), document.size());
  const std::vector<std::size_t> offsets = object_offsets(text);
  Cursor tree(text, offsets.size() > kPageObject ? offsets[1] : text.size());
  tree.expect("2 0 obj\n<</Type/Pages/Kids[5 0 R]/Count 1>>\n");
  PdfPage page;
  if (tree.lost() || !read_page_dictionary(text, offsets[kPageObject - 1], page)) {
    return failure(Errc::image_unsupported, "pdf.read", "not a single-page document written by quay");
  }
  for (std::size_t number = kPageObject + 1; number <= offsets.size(); ++number) {
    PdfStream stream;
    if (!read_object(text, offsets[number - 1], number, stream)) {
      return failure(Errc::image_unreadable, "pdf.read", "object " + std::to_string(number) + " is damaged");
    }
    page.objects.push_back(std::move(stream));
  }
  return page;
}

}  // namespace quay::imaging
