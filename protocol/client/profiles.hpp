// SPDX-License-Identifier: Apache-2.0
// Names of the output profiles that a client may ask for. What each does is imaging's business (imaging/profile.hpp);
// a test holds the two lists against each other.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace quay::protocol {

inline constexpr std::array<std::string_view, 9> kProfileNames{
    "hoso", "photo", "card", "card-sides", "signature", "portrait", "portrait-4x6", "bitonal", "original"};

inline bool is_profile(std::string_view name) {
  return std::find(kProfileNames.begin(), kProfileNames.end(), name) != kProfileNames.end();
}

/// "hoso, photo, card" and so on
inline std::string profile_names() {
  std::string all;
  for (const std::string_view name : kProfileNames) {
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return all;
}

}  // namespace quay::protocol
