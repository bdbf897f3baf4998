// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/sane_text.hpp"

#include <algorithm>
#include <cstdint>

namespace quay::scanner {
namespace {

/// Bytes of the sequence that starts with `first`, 0 when none can. Overlong two-byte forms (C0, C1) are refused.
std::size_t sequence_length(std::uint8_t first) {
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first < 0xE0) {
    return 2;
  }
  if (first >= 0xE0 && first < 0xF0) {
    return 3;
  }
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/// Refuses what the first byte alone cannot: overlong forms, surrogates, above U+10FFFF.
bool second_byte_fits(std::uint8_t first, std::uint8_t second) {
  switch (first) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second < 0xA0;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second < 0x90;
    default: return true;
  }
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = sequence_length(first);
    if (length == 0 || length > text.size() - at) {
      return false;
    }
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<std::uint8_t>(text[at + i]);
      if ((byte & 0xC0U) != 0x80 || (i == 1 && !second_byte_fits(first, byte))) {
        return false;
      }
    }
    at += length;
  }
  return true;
}

std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

}  // namespace

std::string sane_text(const char* text) {
  const std::string_view raw = text != nullptr ? std::string_view(text) : std::string_view();
  std::string out = is_utf8(raw) ? std::string(raw) : from_latin1(raw);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace quay::scanner
