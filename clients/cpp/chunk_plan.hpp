// SPDX-License-Identifier: Apache-2.0
// Which part of a file to ask for next: chunks of at most 1 MiB, at most four outstanding, lost ones again. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "protocol/client/envelope.hpp"

namespace quay::client {

inline constexpr std::size_t kOutstandingChunks = 4;

class ChunkPlan {
 public:
  /// A file of `total` bytes that begins with `kept`, which is not longer. What is all there is complete at once.
  explicit ChunkPlan(std::uint64_t total, std::vector<std::uint8_t> kept = {});

  /// Offset of the chunk to ask for under the message id `id`; nothing when enough is outstanding or all was asked.
  std::optional<std::uint64_t> ask(const std::string& id);

  /// Bytes of the chunk at `offset`.
  std::uint32_t length_at(std::uint64_t offset) const;

  /// Takes the answer to `id`. False when nobody asked for it (any more) or its length is not what was asked.
  bool take(const std::string& id, std::span<const std::uint8_t> bytes);

  /// Takes the chunk at `offset`, asked for or not. False when its length is wrong.
  bool put(std::uint64_t offset, std::span<const std::uint8_t> bytes);

  /// The answer to `id` was that there is none yet: its chunk will be asked for again.
  void give_back(const std::string& id);

  /// What is there without a gap, from `offset` on.
  std::span<const std::uint8_t> gapless_from(std::uint64_t offset) const;

  /// No answer came: what is outstanding will be asked for again. What has come is kept.
  void forget_outstanding();

  /// Length of what was kept from the start.
  std::uint64_t kept() const { return kept_; }
  bool asked_for(const std::string& id) const { return outstanding_.contains(id); }
  bool complete() const { return outstanding_.empty() && to_ask_.empty(); }
  std::vector<std::uint8_t> release() { return std::move(bytes_); }

 private:
  std::uint64_t kept_;
  std::vector<std::uint8_t> bytes_;
  std::set<std::uint64_t> to_ask_;
  std::map<std::string, std::uint64_t> outstanding_;
};

}  // namespace quay::client
