// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

namespace quay {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Length of the sequence that `lead` begins, 0 when it begins none; and the range its second byte must lie in.
struct Sequence {
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

/// RFC 3629 section 4.
Sequence sequence_of(std::uint8_t lead) {
  if (lead < 0x80) {
    return {1};
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    return {2};
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return {3, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return {4, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),
            static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
  }
  return {};
}

/// `sequence` is that of the first byte of `text`.
bool begins_with(const Sequence& sequence, std::string_view text) {
  if (sequence.length == 0 || sequence.length > text.size()) {
    return false;
  }
  const auto within = [&](std::size_t i, std::uint8_t low, std::uint8_t high) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    return byte >= low && byte <= high;
  };
  bool good = sequence.length == 1 || within(1, sequence.low, sequence.high);
  for (std::size_t i = 2; i < sequence.length; ++i) {
    good = good && within(i, 0x80, 0xBF);
  }
  return good;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Sequence sequence = sequence_of(static_cast<std::uint8_t>(text[0]));
    if (!begins_with(sequence, text)) {
      return false;
    }
    text.remove_prefix(sequence.length);
  }
  return true;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? bytes[at + i] : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > bytes.size() ? '=' : kDigits[group >> (18 - 6 * i) & 63];
    }
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string out;
  std::uint32_t group = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool pads = at >= text.size() - padding;
    const std::size_t digit = pads ? 0 : kDigits.find(text[at]);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (at % 4 == 3) {
      for (const int shift : {16, 8, 0}) {
        out += static_cast<char>(group >> shift & 0xFF);
      }
      group = 0;
    }
  }
  out.resize(out.size() - padding);
  return out;
}

}  // namespace quay
