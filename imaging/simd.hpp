// SPDX-License-Identifier: Apache-2.0
// Short vectors of lanes, as both compilers know them; any processor will do. Only what two steps need or more.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace quay::imaging {

using U8x8 = std::uint8_t __attribute__((vector_size(8)));
using U8x16 = std::uint8_t __attribute__((vector_size(16)));
using U16x8 = std::uint16_t __attribute__((vector_size(16)));
using F32x4 = float __attribute__((vector_size(16)));

/// `Vector` from anywhere in memory.
template <class Vector, class From>
Vector load(const From* from) {
  Vector out;
  std::memcpy(&out, from, sizeof(out));
  return out;
}

/// A vector to anywhere in memory.
template <class Vector, class To>
void store(To* to, Vector lanes) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

inline U16x8 widen(U8x8 lanes) { return __builtin_convertvector(lanes, U16x8); }

/// a / b, as integers divide, by the faster unit for floating point: exact while a < 2^24.
inline std::uint32_t quotient(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(static_cast<float>(a) / static_cast<float>(b));
}

/// True when each lane of `values` is at least that of `least`.
inline bool all_at_least(U8x16 values, U8x16 least) {
  using Halves = std::uint64_t __attribute__((vector_size(16)));
  const auto halves = std::bit_cast<Halves>(values >= least);
  return (halves[0] & halves[1]) == ~std::uint64_t{0};
}

}  // namespace quay::imaging
