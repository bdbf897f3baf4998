// SPDX-License-Identifier: Apache-2.0
// The font of the text layer, written table by table (ISO/IEC 14496-22, "Open Font Format").
#include <array>
#include <string_view>

#include "imaging/codec/text_layer.hpp"

namespace quay::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kUnitsPerEm = 1000;

/// Big-endian numbers, one after the other.
class Table {
 public:
  Table& u16(std::uint32_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  Table& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xFFFF); }
  Table& zeros(std::size_t words) {
    bytes_.resize(bytes_.size() + 2 * words);
    return *this;
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

/// Section 5.2.2.
Table head(std::uint32_t adjustment) {
  Table table;
  table.u32(0x00010000).u32(0x00010000).u32(adjustment).u32(0x5F0F3CF5).u16(0).u16(kUnitsPerEm);
  return table.zeros(8).zeros(4).u16(0).u16(8).u16(2).u16(0).u16(0);  // dates, box, style, ppem, direction, short loca
}

/// Section 5.2.3: ascender, descender, widest advance; one width for all.
Table hhea() {
  Table table;
  table.u32(0x00010000).u16(800).u16(0x10000 - 200).u16(0).u16(kUnitsPerEm / 2);
  return table.zeros(10).u16(0).u16(1);
}

/// Section 5.2.6: one glyph, nothing else.
Table maxp() {
  Table table;
  return table.u32(0x00010000).u16(1).zeros(13);
}

std::uint32_t sum_of(const Bytes& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(bytes[i]) << (24 - 8 * (i % 4));
  }
  return sum;
}

struct Entry {
  std::string_view tag;
  Bytes bytes;
};

Bytes file_of(const std::array<Entry, 6>& entries) {
  Table directory;
  directory.u32(0x00010000).u16(6).u16(64).u16(2).u16(32);  // section 5.1: 6 tables, 4 x 16, log2 4, the rest
  std::size_t offset = 12 + 16 * entries.size();
  Bytes body;
  for (const Entry& entry : entries) {
    std::uint32_t tag = 0;
    for (const char c : entry.tag) {
      tag = tag << 8 | static_cast<std::uint8_t>(c);
    }
    directory.u32(tag).u32(sum_of(entry.bytes)).u32(static_cast<std::uint32_t>(offset + body.size()));
    directory.u32(static_cast<std::uint32_t>(entry.bytes.size()));
    body.insert(body.end(), entry.bytes.begin(), entry.bytes.end());
    body.resize((body.size() + 3) / 4 * 4);
  }
  Bytes file = directory.bytes();
  file.insert(file.end(), body.begin(), body.end());
  return file;
}

Bytes font_with(std::uint32_t adjustment) {
  const Bytes no_outline(4);
  return file_of({{{"glyf", no_outline},
                   {"head", head(adjustment).bytes()},
                   {"hhea", hhea().bytes()},
                   {"hmtx", Table().u16(kUnitsPerEm / 2).u16(0).bytes()},
                   {"loca", Table().u16(0).u16(0).bytes()},
                   {"maxp", maxp().bytes()}}});
}

}  // namespace

std::vector<std::uint8_t> glyphless_font() { return font_with(0xB1B0AFBA - sum_of(font_with(0))); }

}  // namespace quay::imaging
