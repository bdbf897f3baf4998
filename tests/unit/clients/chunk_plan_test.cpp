// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/chunk_plan.hpp"

#include <gtest/gtest.h>

namespace quay::client {
namespace {

constexpr std::uint64_t kChunk = protocol::kLargestChunk;

std::vector<std::uint8_t> filled(std::size_t size, std::uint8_t value) {
  return std::vector<std::uint8_t>(size, value);
}

TEST(ChunkPlan, AsksForAtMostFourChunksAtOnce) {
  ChunkPlan plan(6 * kChunk);
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(plan.ask("m" + std::to_string(i)), i * kChunk);
  }
  EXPECT_EQ(plan.ask("m4"), std::nullopt);
  EXPECT_TRUE(plan.take("m0", filled(kChunk, 0)));
  EXPECT_EQ(plan.ask("m4"), 4 * kChunk);
}

TEST(ChunkPlan, PutsChunksTogetherInWhateverOrderTheyCome) {
  ChunkPlan plan(2 * kChunk + 3);
  plan.ask("a");
  plan.ask("b");
  plan.ask("c");
  EXPECT_TRUE(plan.take("c", filled(3, 3)));
  EXPECT_TRUE(plan.take("a", filled(kChunk, 1)));
  EXPECT_FALSE(plan.complete());
  EXPECT_TRUE(plan.take("b", filled(kChunk, 2)));
  EXPECT_TRUE(plan.complete());
  const std::vector<std::uint8_t> all = plan.release();
  EXPECT_EQ(all.size(), 2 * kChunk + 3);
  EXPECT_EQ(all[0], 1);
  EXPECT_EQ(all[kChunk], 2);
  EXPECT_EQ(all.back(), 3);
}

TEST(ChunkPlan, RefusesAChunkOfAnotherLength) {
  ChunkPlan plan(kChunk + 10);
  plan.ask("a");
  EXPECT_FALSE(plan.take("a", filled(10, 1)));
  EXPECT_FALSE(plan.put(kChunk, filled(11, 1)));
  EXPECT_FALSE(plan.put(5 * kChunk, {}));
}

TEST(ChunkPlan, AsksAgainForWhatWasLostAndKeepsWhatCame) {
  ChunkPlan plan(3 * kChunk);
  plan.ask("a");
  plan.ask("b");
  EXPECT_TRUE(plan.take("a", filled(kChunk, 1)));
  plan.forget_outstanding();
  EXPECT_FALSE(plan.take("b", filled(kChunk, 2))) << "an answer that comes too late is nobody's";
  EXPECT_EQ(plan.ask("b2"), kChunk);
  EXPECT_EQ(plan.ask("c"), 2 * kChunk);
  EXPECT_EQ(plan.ask("d"), std::nullopt);
}

TEST(ChunkPlan, IsCompleteAtOnceForAnEmptyFile) {
  ChunkPlan plan(0);
  EXPECT_TRUE(plan.complete());
  EXPECT_TRUE(plan.put(0, {}));
}

}  // namespace
}  // namespace quay::client
