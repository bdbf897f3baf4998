// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

namespace quay {
namespace {

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
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

}  // namespace quay
