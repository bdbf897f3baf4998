// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/emrtd/recorded_card.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>

#include "crypto/hex.hpp"

namespace quay::emrtd::test {

Bytes hex(std::string_view digits) {
  std::string lower;
  for (const char c : digits) {
    if (c != ' ') {
      lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  const auto bytes = crypto::from_hex(lower);
  if (!bytes) {
    std::abort();
  }
  return *bytes;
}

std::string to_hex(View bytes) {
  std::string digits = crypto::to_hex(bytes);
  std::transform(digits.begin(), digits.end(), digits.begin(), [](unsigned char c) { return std::toupper(c); });
  return digits;
}

RecordedCard::RecordedCard(std::initializer_list<std::pair<const char*, const char*>> exchanges) {
  for (const auto& [command, answer] : exchanges) {
    exchanges_.emplace_back(hex(command), hex(answer));
  }
}

Result<Bytes> RecordedCard::transmit(View command) {
  if (exchanges_.empty()) {
    ADD_FAILURE() << "a command too many: " << to_hex(command);
    return failure(Errc::card_removed, "recorded_card", "nothing more was recorded");
  }
  const auto [expected, answer] = std::move(exchanges_.front());
  exchanges_.pop_front();
  EXPECT_EQ(to_hex(command), to_hex(expected));
  return answer;
}

RandomSource published(std::initializer_list<const char*> values) {
  auto left = std::make_shared<std::deque<Bytes>>();
  for (const char* value : values) {
    left->push_back(hex(value));
  }
  return [left](std::size_t size) -> Result<Bytes> {
    if (left->empty() || left->front().size() != size) {
      return failure(Errc::bug, "published", "no value of that size is next");
    }
    Bytes value = std::move(left->front());
    left->pop_front();
    return value;
  };
}

}  // namespace quay::emrtd::test
