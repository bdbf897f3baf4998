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
  /// A file of `total` bytes. An empty file is complete at once.
  explicit ChunkPlan(std::uint64_t total);

  /// Offset of the chunk to ask for under the message id `id`; nothing when enough is outstanding or all was asked.
  std::optional<std::uint64_t> ask(const std::string& id);

  /// Bytes of the chunk at `offset`.
  std::uint32_t length_at(std::uint64_t offset) const;

  /// Takes the answer to `id`. False when nobody asked for it (any more) or its length is not what was asked.
  bool take(const std::string& id, std::span<const std::uint8_t> bytes);

  /// Takes the chunk at `offset`, asked for or not. False when its length is wrong.
  bool put(std::uint64_t offset, std::span<const std::uint8_t> bytes);

  /// No answer came: what is outstanding will be asked for again. What has come is kept.
  void forget_outstanding();

  bool asked_for(const std::string& id) const { return outstanding_.contains(id); }
  bool complete() const { return outstanding_.empty() && to_ask_.empty(); }
  std::vector<std::uint8_t> release() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
  std::set<std::uint64_t> to_ask_;
  std::map<std::string, std::uint64_t> outstanding_;
};

}  // namespace quay::client
