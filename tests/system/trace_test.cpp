// SPDX-License-Identifier: Apache-2.0
// device.trace and `quayctl trace`: what a technician sees of the talk with a device, and what nobody may see there.
#include <gmock/gmock.h>
#include <unistd.h>

#include "protocol/client/trace.hpp"
#include "protocol/json/writer.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using protocol::DeviceTraceResult;
using protocol::TraceEntry;
using protocol::TraceWay;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string type_of(const TraceEntry& entry) { return std::string(entry.frame.at("type").as_string()); }

std::vector<TraceEntry> trace(client::Client& client, const std::string& device, std::uint64_t after = 0) {
  std::vector<TraceEntry> all;
  for (;;) {
    const auto part =
        client.call_as<DeviceTraceResult>("device.trace", protocol::DeviceTraceArguments{{}, device, after});
    EXPECT_TRUE(part) << describe(part.error());
    if (!part || part->entries.empty()) {
      return all;
    }
    after = part->entries.back().number;
    all.insert(all.end(), part->entries.begin(), part->entries.end());
  }
}

/// Its milestones: what comes in any order is left out.
std::vector<std::string> story_of(const std::vector<TraceEntry>& entries) {
  std::vector<std::string> story;
  for (const TraceEntry& entry : entries) {
    if (const std::string type = type_of(entry); type != "progress" && type != "release_buffer" && type != "kept") {
      story.push_back(type);
    }
  }
  return story;
}

TEST(Trace, TellsOfTheProcessTheRequestsAndTheAnswers) {
  Counter counter({.sheets = 1});
  counter.start();
  counter.scan({.visit = counter.open_visit()});
  client::Client client = counter.connect();
  const std::vector<TraceEntry> entries = trace(client, kScanner);
  EXPECT_THAT(story_of(entries),
              ElementsAre("spawned", "hello", "describe", "described", "finished", "scan", "page_read", "finished"));
  const auto page =
      std::find_if(entries.begin(), entries.end(), [](const auto& one) { return type_of(one) == "page_read"; });
  ASSERT_NE(page, entries.end());
  ASSERT_EQ(page->payloads.size(), 1U);
  EXPECT_EQ(page->payloads[0].bytes, page->frame.at("bytes").to_number<std::uint64_t>());
  EXPECT_EQ(page->payloads[0].sha256, "") << "nobody was looking";
}

TEST(Trace, TellsWhatWentBesideFramesApartWhileSomebodyLooks) {
  Counter counter({.sheets = 2});
  counter.start();
  client::Client client = counter.connect();
  const std::uint64_t before = trace(client, kScanner).back().number;
  counter.scan({.visit = counter.open_visit()});
  std::vector<std::string> hashes;
  for (const TraceEntry& entry : trace(client, kScanner, before)) {
    for (const protocol::TracePayload& payload : entry.payloads) {
      hashes.push_back(payload.sha256);
    }
  }
  ASSERT_EQ(hashes.size(), 2U);
  EXPECT_EQ(hashes[0].size(), 64U);
  EXPECT_NE(hashes[0], hashes[1]) << "two sheets";
}

TEST(Trace, SaysHowAProcessEnded) {
  Counter counter({.sheets = 1});
  counter.start();
  counter.script().fault("read segv page=1 bytes=5000");
  counter.scan({.visit = counter.open_visit()});
  const Said said = counter.quayctl({"trace", kScanner});
  EXPECT_EQ(said.code, 0) << said.errors;
  EXPECT_THAT(said.output, HasSubstr("** ended           how=signal SEGV  killed_by_quayd=false"));
}

TEST(Trace, HoldsNothingOfACard) {
  Counter counter({.sheets = 1, .card = true});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  ASSERT_TRUE(client.call("visit.consent", {{"visit", visit}, {"kind", "chip"}}));
  protocol::CardReadArguments wanted;
  wanted.visit = visit;
  wanted.source = protocol::CardSource::chip;
  wanted.fields = {protocol::CardField::number, protocol::CardField::name, protocol::CardField::portrait};
  wanted.number = "001190012345";
  const auto job = client.call_as<protocol::Job>("card.read", wanted);
  ASSERT_TRUE(job) << describe(job.error());
  EXPECT_EQ(counter.await_end(job->job).state, protocol::JobState::done);
  const std::vector<TraceEntry> entries = trace(client, kCardReader);
  EXPECT_THAT(story_of(entries), testing::Contains("card_read"));
  for (const TraceEntry& entry : entries) {
    const std::string line = protocol::json::serialize(protocol::to_json(entry));
    for (const char* personal : {"001190012345", "012345", "Nguy", "NGUYEN", "1990"}) {
      EXPECT_THAT(line, Not(HasSubstr(personal)));
    }
  }
}

TEST(Trace, IsForTechnicians) {
  Counter counter;
  counter.write_config("[[peer]]\nuid = " + std::to_string(::geteuid()) + "\nroles = [\"front_end\"]\n");
  counter.start();
  client::Client client = counter.connect();
  const auto refused = client.call("device.trace", {{"device", kScanner}});
  EXPECT_EQ(code_of(refused), "peer.not_allowed");
}

TEST(Trace, OfNoDeviceIsRefused) {
  Counter counter;
  counter.start();
  const Said said = counter.quayctl({"trace", "scanner-9"});
  EXPECT_NE(said.code, 0);
  EXPECT_THAT(said.errors, HasSubstr("device.unknown"));
}

}  // namespace
}  // namespace quay::system_test
