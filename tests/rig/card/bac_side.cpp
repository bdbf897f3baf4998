// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/bac_side.hpp"

#include <algorithm>
#include <utility>

namespace quay::rig::card {
namespace {

constexpr std::size_t kCipherSize = 32;
constexpr std::size_t kMacSize = 8;

}  // namespace

BacSide::BacSide(std::string_view mrz_information) {
  const Bytes hash = sha1(bytes_of(mrz_information));
  keys_ = derive_keys(View(hash).first(16), Family::des3, 16);
}

Bytes BacSide::challenge() {
  challenge_ = random_bytes(8);
  return challenge_;
}

std::optional<BacSide::Accepted> BacSide::authenticate(View data) {
  const Bytes mine = std::exchange(challenge_, {});
  if (mine.empty() || data.size() != kCipherSize + kMacSize) {
    return std::nullopt;
  }
  const View sealed = data.first(kCipherSize);
  const Bytes sum = mac(keys_, pad(sealed, 8));
  const Bytes open = cbc(keys_, Direction::decrypt, {}, sealed);
  const View theirs = View(open).first(8);
  if (!std::ranges::equal(sum, data.subspan(kCipherSize)) || !std::ranges::equal(View(open).subspan(8, 8), mine)) {
    return std::nullopt;
  }
  const Bytes key = random_bytes(16);
  Bytes seed(16);
  for (std::size_t i = 0; i < seed.size(); ++i) {
    seed[i] = static_cast<std::uint8_t>(key[i] ^ open[16 + i]);
  }
  const Bytes answer = cbc(keys_, Direction::encrypt, {}, join({mine, theirs, key}));
  const Bytes counter = join({View(mine).last(4), theirs.last(4)});
  return Accepted{join({answer, mac(keys_, pad(answer, 8))}),
                  SecureMessaging(derive_keys(seed, Family::des3, 16), counter)};
}

}  // namespace quay::rig::card
