// SPDX-License-Identifier: Apache-2.0
#include "identity/name.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/encoding.hpp"

namespace quay::identity {
namespace {

/// The vowels by their own mark, and each with the five tones. `plain` is what a zone has for all of them.
struct Row {
  char32_t plain;
  char32_t mark;                ///< circumflex, breve or horn; 0: none
  std::u32string_view letters;  ///< no tone, grave, acute, tilde, hook above, dot below
};

constexpr char32_t kCircumflex = 0x0302;
constexpr char32_t kBreve = 0x0306;
constexpr char32_t kHorn = 0x031B;
constexpr std::array<char32_t, 6> kTones{0, 0x0300, 0x0301, 0x0303, 0x0309, 0x0323};

constexpr std::array<Row, 24> kRows{{
    {U'A', 0, U"AÀÁÃẢẠ"}, {U'A', kBreve, U"ĂẰẮẴẲẶ"},      {U'A', kCircumflex, U"ÂẦẤẪẨẬ"},
    {U'E', 0, U"EÈÉẼẺẸ"}, {U'E', kCircumflex, U"ÊỀẾỄỂỆ"}, {U'I', 0, U"IÌÍĨỈỊ"},
    {U'O', 0, U"OÒÓÕỎỌ"}, {U'O', kCircumflex, U"ÔỒỐỖỔỘ"}, {U'O', kHorn, U"ƠỜỚỠỞỢ"},
    {U'U', 0, U"UÙÚŨỦỤ"}, {U'U', kHorn, U"ƯỪỨỮỬỰ"},       {U'Y', 0, U"YỲÝỸỶỴ"},
    {U'a', 0, U"aàáãảạ"}, {U'a', kBreve, U"ăằắẵẳặ"},      {U'a', kCircumflex, U"âầấẫẩậ"},
    {U'e', 0, U"eèéẽẻẹ"}, {U'e', kCircumflex, U"êềếễểệ"}, {U'i', 0, U"iìíĩỉị"},
    {U'o', 0, U"oòóõỏọ"}, {U'o', kCircumflex, U"ôồốỗổộ"}, {U'o', kHorn, U"ơờớỡởợ"},
    {U'u', 0, U"uùúũủụ"}, {U'u', kHorn, U"ưừứữửự"},       {U'y', 0, U"yỳýỹỷỵ"},
}};

struct Letter {
  char32_t plain;
  char32_t mark;
  std::size_t tone;
};

std::optional<Letter> take_apart(char32_t c) {
  for (const Row& row : kRows) {
    const std::size_t tone = row.letters.find(c);
    if (tone != std::u32string_view::npos) {
      return Letter{row.plain, row.mark, tone};
    }
  }
  return std::nullopt;
}

/// 0 when Vietnamese has no such letter.
char32_t put_together(const Letter& letter) {
  for (const Row& row : kRows) {
    if (row.plain == letter.plain && row.mark == letter.mark) {
      return row.letters[letter.tone];
    }
  }
  return 0;
}

/// The letter with one more combining character; nothing when they do not go together.
std::optional<Letter> with(Letter letter, char32_t combining) {
  for (std::size_t tone = 1; tone < kTones.size(); ++tone) {
    if (kTones[tone] == combining && letter.tone == 0) {
      letter.tone = tone;
      return letter;
    }
  }
  const bool is_mark = combining == kCircumflex || combining == kBreve || combining == kHorn;
  if (is_mark && letter.mark == 0) {
    letter.mark = combining;
    return put_together(letter) != 0 ? std::optional(letter) : std::nullopt;
  }
  return std::nullopt;
}

/// One character, taken off the front of UTF-8.
char32_t take(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  char32_t c = size == 1 ? first : first & (0xFFU >> (size + 1));
  const std::size_t there = size <= text.size() ? size : 1;
  for (std::size_t i = 1; i < there; ++i) {
    c = (c << 6U) | (byte(i) & 0x3FU);
  }
  text.remove_prefix(there);
  return c;
}

void put(std::string& out, char32_t c) {
  const auto add = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xC0U | (c >> 6U));
    add(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    add(0xE0U | (c >> 12U));
    add(0x80U | ((c >> 6U) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  } else {
    add(0xF0U | (c >> 18U));
    add(0x80U | ((c >> 12U) & 0x3FU));
    add(0x80U | ((c >> 6U) & 0x3FU));
    add(0x80U | (c & 0x3FU));
  }
}

std::vector<char32_t> characters(std::string_view text) {
  std::vector<char32_t> all;
  all.reserve(text.size());
  while (!text.empty()) {
    all.push_back(take(text));
  }
  return all;
}

std::vector<char32_t> composed(std::string_view text) {
  std::vector<char32_t> out;
  for (const char32_t c : characters(text)) {
    const auto before = out.empty() ? std::nullopt : take_apart(out.back());
    const auto joined = before ? with(*before, c) : std::nullopt;
    if (joined) {
      out.back() = put_together(*joined);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

/// What a zone would have there: 0 stands for a gap between words.
char32_t folded(char32_t c) {
  if (c == U'Đ' || c == U'đ') {
    return U'D';
  }
  const auto letter = take_apart(c);
  const char32_t plain = letter ? letter->plain : c;
  if (plain == U'<' || plain <= U' ' || plain == 0x00A0) {
    return 0;
  }
  return plain >= U'a' && plain <= U'z' ? plain - U'a' + U'A' : plain;
}

/// An accent that found no letter to go with.
bool is_combining(char32_t c) { return c >= 0x0300 && c <= 0x036F; }

}  // namespace

std::string to_nfc(std::string_view text) {
  if (!is_utf8(text)) {
    return std::string(text);
  }
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : composed(text)) {
    put(out, c);
  }
  return out;
}

std::string fold_name(std::string_view text) {
  std::string out;
  bool gap = false;
  if (!is_utf8(text)) {
    return out;
  }
  for (const char32_t c : composed(text)) {
    if (is_combining(c)) {
      continue;
    }
    const char32_t plain = folded(c);
    if (plain == 0) {
      gap = !out.empty();
      continue;
    }
    if (gap) {
      out += ' ';
      gap = false;
    }
    put(out, plain);
  }
  return out;
}

}  // namespace quay::identity
