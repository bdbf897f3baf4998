// SPDX-License-Identifier: Apache-2.0
// The card's side of basic access control. ICAO 9303-11 section 4.3.
#pragma once

#include <string_view>

#include "tests/rig/card/secure_messaging.hpp"

namespace quay::rig::card {

class BacSide {
 public:
  /// `mrz_information`: what the keys are derived from.
  explicit BacSide(std::string_view mrz_information);

  /// GET CHALLENGE: eight bytes.
  Bytes challenge();

  struct Accepted {
    Bytes answer;
    SecureMessaging channel;
  };
  /// EXTERNAL AUTHENTICATE. Nothing when the terminal knows another zone, or no challenge was asked for.
  std::optional<Accepted> authenticate(View data);

 private:
  SessionKeys keys_;
  Bytes challenge_;
};

}  // namespace quay::rig::card
