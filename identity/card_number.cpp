// SPDX-License-Identifier: Apache-2.0
#include "identity/card_number.hpp"

#include <algorithm>
#include <array>

namespace quay::identity {
namespace {

constexpr std::size_t kCanDigits = 6;
constexpr std::size_t kDocumentDigits = 9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string last(std::string_view text, std::size_t count) {
  return std::string(text.substr(text.size() - std::min(count, text.size())));
}

std::optional<int> value_of(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  if (c >= 'A' && c <= 'Z') {
    return c - 'A' + 10;
  }
  return c == '<' ? std::optional(0) : std::nullopt;
}

}  // namespace

bool is_digits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
}

std::string can_of(std::string_view number) { return last(number, kCanDigits); }

std::string document_number_of(std::string_view number) { return last(number, kDocumentDigits); }

std::optional<char> check_digit(std::string_view text) {
  constexpr std::array kWeights{7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::optional<int> value = value_of(text[i]);
    if (!value) {
      return std::nullopt;
    }
    sum += *value * kWeights[i % kWeights.size()];
  }
  return static_cast<char>('0' + sum % 10);
}

}  // namespace quay::identity
