// SPDX-License-Identifier: Apache-2.0
// Two front ends, one scanner: who has it, for how long, and how the other one gets it.
#include "clients/cpp/event_stream.hpp"
#include "protocol/client/events.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

TEST(Leases, AnotherVisitIsToldWhoHasTheScannerAndCanAskForIt) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string mine = counter.open_visit();
  const std::string theirs = counter.open_visit();
  client::Client client = counter.connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  const auto lease = client.call_as<protocol::Lease>("device.lease", protocol::LeaseArguments{kScanner, mine, 300});
  ASSERT_TRUE(lease) << describe(lease.error());
  EXPECT_EQ(lease->state, protocol::LeaseState::held);
  const auto refused = counter.start_scan({.visit = theirs});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_leased);
  EXPECT_FALSE(refused.error().holder.empty());
  EXPECT_GT(refused.error().retry_after_ms, 200'000);
  EXPECT_EQ(call(client, "device.request", {{"device", kScanner}, {"visit", theirs}}), "done");
  EXPECT_EQ(call(client, "device.release", {{"device", kScanner}, {"visit", theirs}}), "device.leased");
  EXPECT_EQ(call(client, "device.release", {{"device", kScanner}, {"visit", mine}}), "done");
  EXPECT_EQ(counter.scan({.visit = theirs}).state, protocol::JobState::done);
  std::vector<std::string> changes;
  while (changes.empty() || changes.back() != "handed_over") {
    const auto event = events->next(deadline_in(Milliseconds(10'000)));
    ASSERT_TRUE(event && *event);
    if ((*event)->type == protocol::topic::kDeviceLeaseChanged) {
      changes.emplace_back((*event)->data.at("change").as_string());
    }
  }
  EXPECT_EQ(changes, (std::vector<std::string>{"taken", "requested", "handed_over"}));
}

TEST(Leases, RunOutByThemselves) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string mine = counter.open_visit();
  const std::string theirs = counter.open_visit();
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "device.lease", {{"device", kScanner}, {"visit", mine}, {"seconds", 0}}),
            "request.bad_argument");
  EXPECT_EQ(call(client, "device.lease", {{"device", "none"}, {"visit", mine}}), "device.unknown");
  ASSERT_EQ(call(client, "device.lease", {{"device", kScanner}, {"visit", mine}, {"seconds", 1}}), "done");
  EXPECT_TRUE(rig::wait_until([&] {
    const auto state = client.call_as<protocol::StateResult>("state.get", protocol::NoArguments{});
    return state && state->leases.empty();
  }));
  EXPECT_EQ(counter.scan({.visit = theirs}).state, protocol::JobState::done);
}

TEST(Leases, AreNotForAVisitThatIsClosed) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string closed = counter.open_visit();
  const std::string open = counter.open_visit();
  client::Client client = counter.connect();
  ASSERT_TRUE(client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, closed}));
  EXPECT_EQ(call(client, "device.lease", {{"device", kScanner}, {"visit", closed}}), "visit.closed");
  EXPECT_EQ(call(client, "device.lease", {{"device", kScanner}, {"visit", open}, {"seconds", 300}}), "done");
  EXPECT_EQ(call(client, "device.request", {{"device", kScanner}, {"visit", closed}}), "visit.closed");
}

}  // namespace
}  // namespace quay::system_test
