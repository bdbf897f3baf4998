// SPDX-License-Identifier: Apache-2.0
// Octet strings of a card's talk. What they hold is personal: the worker's heap overwrites whatever it frees, so a
// plain vector is enough (devices/card/README.md).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace quay::emrtd {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

inline void append(Bytes& to, View more) { to.insert(to.end(), more.begin(), more.end()); }

/// The parts behind each other.
inline Bytes joined(std::initializer_list<View> parts) {
  Bytes out;
  for (const View part : parts) {
    append(out, part);
  }
  return out;
}

inline Bytes to_bytes(View view) { return {view.begin(), view.end()}; }

}  // namespace quay::emrtd
