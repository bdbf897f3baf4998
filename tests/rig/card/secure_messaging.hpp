// SPDX-License-Identifier: Apache-2.0
// The card's end of secure messaging: opens commands, seals responses, counts both. ICAO 9303-11 section 9.8.
#pragma once

#include "tests/rig/card/algorithms.hpp"
#include "tests/rig/card/apdu.hpp"

namespace quay::rig::card {

class SecureMessaging {
 public:
  /// `counter`: eight bytes for 3DES (BAC gives a start value), sixteen for AES; empty: zeros.
  explicit SecureMessaging(SessionKeys keys, Bytes counter = {});

  /// The command inside. Nothing when the MAC or the padding is wrong: the channel is then dead.
  std::optional<Command> open(const Command& sealed);

  Response seal(const Response& open);

 private:
  void count();
  bool is_authentic(const Command& sealed) const;
  Bytes iv() const;
  std::optional<Bytes> decrypt(View data) const;

  SessionKeys keys_;
  Bytes counter_;
};

}  // namespace quay::rig::card
