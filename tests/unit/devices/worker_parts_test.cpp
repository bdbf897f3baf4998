// SPDX-License-Identifier: Apache-2.0
// The harness one part at a time: page buffers, progress, text from backends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "devices/scanner/sane_text.hpp"
#include "devices/worker/buffer_pool.hpp"
#include "devices/worker/progress_throttle.hpp"

namespace quay::worker {
namespace {

const BufferPool::Wait kNeverWait{[] { ADD_FAILURE() << "waited"; }, [] { return true; }};

TEST(BufferPool, GivesTheSameMemoryAgain) {
  BufferPool pool(2);
  std::uint64_t name = 0;
  const std::uint8_t* memory = nullptr;
  {
    auto lease = pool.acquire(1000, kNeverWait);
    ASSERT_TRUE(lease);
    name = lease->name();
    memory = lease->bytes().data();
  }
  auto again = pool.acquire(900, kNeverWait);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->name(), name);
  EXPECT_EQ(again->bytes().data(), memory);
}

TEST(BufferPool, AHandedOverBufferComesBackByNameOnly) {
  BufferPool pool(1);
  std::uint64_t name = 0;
  {
    auto lease = pool.acquire(100, kNeverWait);
    name = lease->name();
    lease->hand_over();
  }
  EXPECT_FALSE(pool.release(name + 1));
  EXPECT_FALSE(pool.release(0));
  EXPECT_TRUE(pool.release(name));
  EXPECT_FALSE(pool.release(name)) << "given back twice";
  EXPECT_TRUE(pool.acquire(100, kNeverWait));
}

TEST(BufferPool, WaitsForARelease) {
  BufferPool pool(1);
  auto first = pool.acquire(100, kNeverWait);
  const std::uint64_t name = first->name();
  first->hand_over();
  std::thread releaser;
  const BufferPool::Wait wait{[&] { releaser = std::thread([&] { pool.release(name); }); }, [] { return false; }};
  const auto second = pool.acquire(100, wait);
  releaser.join();
  EXPECT_TRUE(second);
}

TEST(BufferPool, AWaitCanBeCancelled) {
  BufferPool pool(1);
  auto first = pool.acquire(100, kNeverWait);
  std::atomic<bool> cancelled = false;
  std::thread canceller;
  const BufferPool::Wait wait{[&] {
                                canceller = std::thread([&] {
                                  cancelled = true;
                                  pool.wake();
                                });
                              },
                              [&] { return cancelled.load(); }};
  const auto second = pool.acquire(100, wait);
  canceller.join();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::scan_cancelled);
}

TEST(BufferPool, PrefersTheSmallestThatFitsAndReplacesTheSmallestThatDoesNot) {
  BufferPool pool(3);
  std::uint64_t small = 0;
  std::uint64_t large = 0;
  {
    auto a = pool.acquire(100, kNeverWait);
    auto b = pool.acquire(10'000, kNeverWait);
    auto c = pool.acquire(1'000, kNeverWait);
    small = a->name();
    large = b->name();
  }
  EXPECT_NE(pool.acquire(500, kNeverWait)->name(), large);
  EXPECT_EQ(pool.acquire(5'000, kNeverWait)->name(), large);
  EXPECT_EQ(pool.acquire(50'000, kNeverWait)->name(), small);
}

TEST(BufferPool, AnImpossibleSizeIsAnErrorAndCostsNoBuffer) {
  BufferPool pool(1);
  const auto refused = pool.acquire(std::size_t{1} << 60U, kNeverWait);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_no_memory);
  EXPECT_TRUE(pool.acquire(100, kNeverWait));
}

TEST(BufferLease, GrowsAndKeepsWhatWasThere) {
  BufferPool pool(1);
  auto lease = pool.acquire(4, kNeverWait);
  lease->bytes()[3] = 42;
  ASSERT_TRUE(lease->grow(1'000'000, 4));
  EXPECT_GE(lease->bytes().size(), 1'000'000U);
  EXPECT_EQ(lease->bytes()[3], 42);
}

protocol::worker::Progress at(std::int32_t page, std::int32_t rows, std::int32_t total = 1000) {
  return {{}, 1, protocol::worker::Stage::reading, page, rows, total};
}

TEST(ProgressThrottle, LetsAboutTenASecondPass) {
  ProgressThrottle throttle;
  const SteadyClock::time_point start{};
  int passed = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    passed += throttle.admits(at(1, ms), start + Milliseconds(ms)) ? 1 : 0;
  }
  EXPECT_EQ(passed, 10);
}

TEST(ProgressThrottle, NeverHoldsBackTheFirstOrTheLastOfAPage) {
  ProgressThrottle throttle;
  const SteadyClock::time_point now{};
  EXPECT_TRUE(throttle.admits(at(1, 1), now));
  EXPECT_FALSE(throttle.admits(at(1, 500), now));
  EXPECT_TRUE(throttle.admits(at(1, 1000), now));
  EXPECT_FALSE(throttle.admits(at(1, 1001), now)) << "the end is said once";
  EXPECT_TRUE(throttle.admits(at(2, 1), now));
  auto feeding = at(2, 1);
  feeding.stage = protocol::worker::Stage::feeding;
  EXPECT_TRUE(throttle.admits(feeding, now));
}

TEST(SaneText, IsAlwaysUtf8) {
  EXPECT_EQ(scanner::sane_text(nullptr), "");
  EXPECT_EQ(scanner::sane_text("Máy quét"), "Máy quét");
  EXPECT_EQ(scanner::sane_text("Caf\xe9"), "Café");
  EXPECT_EQ(scanner::sane_text("a\tb\nc"), "a b c");
  EXPECT_EQ(scanner::sane_text("\xed\xa0\x80"), "\u00ed\u00a0\u0080") << "a surrogate is not UTF-8";
  EXPECT_EQ(scanner::sane_text("\xc0\xaf"), "\u00c0\u00af") << "overlong";
  EXPECT_EQ(scanner::sane_text("cut \xe1\xba"), "cut \u00e1\u00ba");
}

}  // namespace
}  // namespace quay::worker
