// SPDX-License-Identifier: Apache-2.0
// The C++ client at a real counter, where quayd dies: what it follows with a cursor file is neither lost nor doubled,
// and a job is waited for over the restart. What a healthy daemon never does: tests/unit/clients.
#include "clients/cpp/cursor_file.hpp"
#include "clients/cpp/job_wait.hpp"
#include "protocol/client/events.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using client::Cursor;
using client::CursorFile;
using client::EventStream;

constexpr std::chrono::seconds kPatience{60};

/// Kept events, as "seq type", up to sequence number `last`. A silent daemon is waited for.
std::vector<std::string> kept_up_to(EventStream& events, std::uint64_t last) {
  std::vector<std::string> found;
  const Deadline deadline = deadline_in(kPatience);
  while (SteadyClock::now() < deadline) {
    const auto event = events.next(deadline_in(Milliseconds(500)));
    if (event && *event && (*event)->seq) {
      found.push_back(std::to_string(*(*event)->seq) + " " + (*event)->type);
    }
    if (events.position().seq >= last) {
      break;
    }
  }
  return found;
}

TEST(CppClient, GoesOnFromItsCursorFileOverDeathsOfBothSides) {
  Counter counter({.sheets = 12});
  counter.script().set("ppm 120");
  counter.start();
  const CursorFile file(counter.path() / "cursor");
  std::vector<std::string> followed;
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  {
    client::Client client = counter.connect();
    auto events = EventStream::open(client, Cursor{client.hello().journal, 0});
    ASSERT_TRUE(events);
    events->keep_position_in(file);
    counter.await(*job, [](const protocol::Job& state) { return state.pages >= 2; });
    followed = kept_up_to(*events, client.hello().seq);
    ASSERT_TRUE(events->commit());
  }
  counter.kill_daemon();
  counter.start();
  client::Client client = counter.connect();
  const auto outcome = client::await_job(client, *job, deadline_in(kPatience), Cursor{client.hello().journal, 0});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_EQ(outcome->job.state, protocol::JobState::interrupted);
  EXPECT_EQ(outcome->pages.size(), outcome->job.captures.size());

  const std::uint64_t newest = counter.connect().hello().seq;
  const auto start = file.read();
  ASSERT_TRUE(start && *start);
  auto again = EventStream::open(client, **start);
  ASSERT_TRUE(again);
  for (std::string& event : kept_up_to(*again, newest)) {
    followed.push_back(std::move(event));
  }
  auto all = EventStream::open(client, Cursor{client.hello().journal, 0});
  ASSERT_TRUE(all);
  EXPECT_EQ(followed, kept_up_to(*all, newest));
}

TEST(CppClient, WaitsForAJobUntilEveryPageIsClean) {
  Counter counter({.sheets = 3});
  counter.start();
  client::Client client = counter.connect();
  const auto visit = client.call_as<protocol::VisitOpened>("visit.open", protocol::NoArguments{});
  ASSERT_TRUE(visit);
  protocol::ScanStartArguments wish;
  wish.visit = visit->visit;
  wish.device = kScanner;
  wish.settings.source = protocol::ScanSource::adf;
  wish.settings.resolution_dpi = 75;
  const auto accepted = client.call_as<protocol::JobAccepted>("scan.start", wish);
  ASSERT_TRUE(accepted);
  std::vector<std::string> heard;
  const Cursor start{client.hello().journal, client.hello().seq};
  const auto outcome = client::await_job(client, accepted->job, deadline_in(kPatience), start,
                                         [&heard](const protocol::Event& event) { heard.push_back(event.type); });
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_EQ(outcome->good_pages().size(), 3U);
  EXPECT_EQ(std::count(heard.begin(), heard.end(), protocol::topic::kCaptureCaptured), 3);
}

}  // namespace
}  // namespace quay::system_test
