// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/trace_ring.hpp"

#include <gmock/gmock.h>

#include "base/shared_buffer.hpp"
#include "protocol/json/writer.hpp"

namespace quay::daemon::supervise {
namespace {

namespace frames = protocol::worker;

std::vector<protocol::TraceEntry> all_of(TraceRing& ring) {
  std::vector<protocol::TraceEntry> all;
  for (std::uint64_t after = 0;;) {
    const protocol::DeviceTraceResult part = ring.since(after);
    if (part.entries.empty()) {
      return all;
    }
    after = part.entries.back().number;
    all.insert(all.end(), part.entries.begin(), part.entries.end());
  }
}

std::size_t weight_of(const std::vector<protocol::TraceEntry>& entries) {
  std::size_t weight = 0;
  for (const protocol::TraceEntry& entry : entries) {
    weight += protocol::json::serialize(protocol::to_json(entry)).size();
  }
  return weight;
}

TEST(TraceRing, TellsWhatCameAfterAnEntry) {
  TraceRing ring;
  ring.note_spawned("quay-scanner");
  ring.note(frames::ToWorker{frames::Describe{{}, 7}}, {});
  const protocol::DeviceTraceResult part = ring.since(1);
  ASSERT_EQ(part.entries.size(), 1U);
  EXPECT_EQ(part.entries[0].number, 2U);
  EXPECT_EQ(part.entries[0].frame.at("type").as_string(), "describe");
  EXPECT_EQ(part.entries[0].frame.at("request").to_number<int>(), 7);
  EXPECT_LE(part.entries[0].at_ms, part.now_ms);
  EXPECT_FALSE(part.lost);
  EXPECT_TRUE(ring.since(2).entries.empty());
}

TEST(TraceRing, KeepsTheNewestWithinItsBoundsAndSaysThatItForgot) {
  TraceRing ring;
  constexpr std::uint64_t kMany = 5'000;
  for (std::uint64_t request = 1; request <= kMany; ++request) {
    ring.note(frames::FromWorker{frames::Progress{{}, request, frames::Stage::reading, 1, 100, 200}}, {});
  }
  EXPECT_TRUE(ring.since(0).lost);
  const std::vector<protocol::TraceEntry> kept = all_of(ring);
  EXPECT_LE(weight_of(kept), 256U * 1024U);
  EXPECT_GT(weight_of(kept), 200U * 1024U);
  EXPECT_EQ(kept.back().number, kMany);
  EXPECT_EQ(kept.front().number, kMany - kept.size() + 1) << "without gaps";
}

TEST(TraceRing, GivesPartsThatFitAReply) {
  TraceRing ring;
  for (std::uint64_t request = 1; request <= 1'500; ++request) {
    ring.note(frames::FromWorker{frames::Progress{{}, request, frames::Stage::reading, 1, 100, 200}}, {});
  }
  const protocol::DeviceTraceResult part = ring.since(0);
  EXPECT_LE(weight_of(part.entries), 64U * 1024U);
  EXPECT_LT(part.entries.size(), 1'500U);
}

TEST(TraceRing, TellsHowMuchOfABufferIsUsedAndItsHashOnlyWhileSomebodyLooks) {
  TraceRing ring;
  auto buffer = WritableBuffer::create(4096);
  ASSERT_TRUE(buffer);
  const std::string text = "abc";
  std::copy(text.begin(), text.end(), buffer->bytes().begin());
  frames::PageRead page;
  page.bytes = text.size();
  const std::vector<int> beside{buffer->fd()};
  ring.note(frames::FromWorker{page}, beside);
  const auto unseen = ring.since(0).entries.at(0).payloads.at(0);
  EXPECT_EQ(unseen.bytes, 3U);
  EXPECT_EQ(unseen.sha256, "");
  ring.note(frames::FromWorker{page}, beside);
  EXPECT_EQ(ring.since(1).entries.at(0).payloads.at(0).sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, example "abc"
}

}  // namespace
}  // namespace quay::daemon::supervise
