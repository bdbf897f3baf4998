// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/chunk_plan.hpp"

#include <algorithm>

namespace quay::client {

ChunkPlan::ChunkPlan(std::uint64_t total, std::vector<std::uint8_t> kept)
    : kept_(kept.size()), bytes_(std::move(kept)) {
  bytes_.resize(total);
  for (std::uint64_t offset = kept_; offset < total; offset += protocol::kLargestChunk) {
    to_ask_.insert(offset);
  }
}

std::optional<std::uint64_t> ChunkPlan::ask(const std::string& id) {
  if (to_ask_.empty() || outstanding_.size() >= kOutstandingChunks) {
    return std::nullopt;
  }
  const std::uint64_t offset = *to_ask_.begin();
  to_ask_.erase(to_ask_.begin());
  outstanding_[id] = offset;
  return offset;
}

std::uint32_t ChunkPlan::length_at(std::uint64_t offset) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes_.size() - offset, protocol::kLargestChunk));
}

bool ChunkPlan::take(const std::string& id, std::span<const std::uint8_t> bytes) {
  const auto asked = outstanding_.find(id);
  if (asked == outstanding_.end() || !put(asked->second, bytes)) {
    return false;
  }
  outstanding_.erase(asked);
  return true;
}

bool ChunkPlan::put(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (offset > bytes_.size() || bytes.size() != length_at(offset)) {
    return false;
  }
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  to_ask_.erase(offset);
  return true;
}

void ChunkPlan::give_back(const std::string& id) {
  if (const auto asked = outstanding_.find(id); asked != outstanding_.end()) {
    to_ask_.insert(asked->second);
    outstanding_.erase(asked);
  }
}

std::span<const std::uint8_t> ChunkPlan::gapless_from(std::uint64_t offset) const {
  std::uint64_t end = to_ask_.empty() ? bytes_.size() : *to_ask_.begin();
  for (const auto& [id, asked] : outstanding_) {
    end = std::min(end, asked);
  }
  return std::span(bytes_).subspan(offset, std::max(end, offset) - offset);
}

void ChunkPlan::forget_outstanding() {
  for (const auto& [id, offset] : outstanding_) {
    to_ask_.insert(offset);
  }
  outstanding_.clear();
}

}  // namespace quay::client
