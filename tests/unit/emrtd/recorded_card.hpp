// SPDX-License-Identifier: Apache-2.0
// A card that knows one conversation by heart: every command must come as it was published, byte for byte.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "devices/card/emrtd/card_session.hpp"
#include "devices/card/emrtd/random.hpp"

namespace quay::emrtd::test {

/// Bytes from hex digits in either case; spaces do not count. A fault in the test's own text ends the test program.
Bytes hex(std::string_view digits);

/// Upper-case digits, for messages that can be compared with the standard.
std::string to_hex(View bytes);

class RecordedCard : public CardChannel {
 public:
  RecordedCard(std::initializer_list<std::pair<const char*, const char*>> exchanges);

  Result<Bytes> transmit(View command) override;
  Status reset() override { return {}; }
  bool all_said() const { return exchanges_.empty(); }

 private:
  std::deque<std::pair<Bytes, Bytes>> exchanges_;
};

/// Gives these values one after the other, each of which must have the size that is asked for.
RandomSource published(std::initializer_list<const char*> values);

}  // namespace quay::emrtd::test
