// SPDX-License-Identifier: Apache-2.0
// The main job, end to end: paper in a feeder becomes a clean document that a front end fetches.
#include <filesystem>

#include "clients/cpp/event_stream.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using protocol::CaptureState;
using protocol::JobState;

TEST(Scan, ThreeSheetsThroughAirscanBecomeOneDocumentOfThreePages) {
  Counter counter({.escl = true});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit, .resolution_dpi = 200, .pages_expected = 3});
  EXPECT_EQ(job.state, JobState::done) << counter.daemon().transcript();
  EXPECT_EQ(job.pages, 3);

  client::Client client = counter.connect();
  protocol::DocumentAssembleArguments wanted;
  wanted.visit = visit;
  wanted.captures = job.captures;
  const auto document = client.call_as<protocol::Document>("document.assemble", wanted);
  ASSERT_TRUE(document) << describe(document.error());
  EXPECT_EQ(document->pages, 3);
  const auto file = client::fetch_image(client, document->document, "document", deadline_in(Milliseconds(10'000)));
  ASSERT_TRUE(file) << describe(file.error());
  EXPECT_EQ(file->sha256, document->file.sha256);
  EXPECT_EQ(std::string(file->bytes.begin(), file->bytes.begin() + 5), "%PDF-");
}

TEST(Scan, EachPageIsAnnouncedSafeThenSeenThenReady) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  std::vector<std::string> topics;
  std::uint64_t last = client.hello().seq;
  while (topics.empty() || topics.back() != "job.finished") {
    const auto event = events->next(deadline_in(Milliseconds(20'000)));
    ASSERT_TRUE(event && *event) << counter.daemon().transcript();
    if (!(*event)->seq) {
      continue;
    }
    EXPECT_EQ(*(*event)->seq, last + 1);
    last = *(*event)->seq;
    topics.push_back((*event)->type);
  }
  const auto position = [&](const char* topic) {
    return std::find(topics.begin(), topics.end(), topic) - topics.begin();
  };
  EXPECT_LT(position("job.started"), position("capture.captured"));
  EXPECT_LT(position("capture.captured"), position("capture.preview"));
  EXPECT_LT(position("capture.preview"), position("capture.ready"));
  EXPECT_EQ(std::count(topics.begin(), topics.end(), "capture.ready"), 3);
}

TEST(Scan, ThePreviewIsASmallJpegAndThePageAPdfOfTheRightSize) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.scan({.visit = visit, .resolution_dpi = 150});
  const auto captures = counter.captures(visit);
  ASSERT_EQ(captures.size(), 1U);
  ASSERT_EQ(captures[0].renditions.size(), 2U);
  for (const protocol::RenditionInfo& rendition : captures[0].renditions) {
    if (rendition.rendition == "preview") {
      EXPECT_EQ(rendition.media_type, "image/jpeg");
      EXPECT_LE(rendition.bytes, 40U * 1024);
    } else {
      EXPECT_EQ(rendition.media_type, "application/pdf");
      EXPECT_NEAR(rendition.width_mm, 210, 8);
      EXPECT_NEAR(rendition.height_mm, 297, 8);
    }
  }
}

TEST(Scan, ClosingTheVisitLeavesNoPageBehind) {
  Counter counter({.sheets = 2});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.scan({.visit = visit});
  const std::filesystem::path spool = counter.path() / "state" / "spool";
  ASSERT_TRUE(std::filesystem::exists(spool / visit));
  client::Client client = counter.connect();
  const auto closed = client.call_as<protocol::Visit>("visit.close", protocol::VisitArguments{{}, visit});
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->state, "closed");
  EXPECT_FALSE(std::filesystem::exists(spool / visit));
  EXPECT_TRUE(counter.captures(visit).empty());
  const auto again = counter.start_scan({.visit = visit});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::visit_closed);
}

TEST(Scan, TwoVisitsOnTwoScannersAtOnceNeverMix) {
  Counter counter({.sheets = 4, .two_scanners = true});
  counter.start();
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kSecondScanner));
  const std::string first = counter.open_visit();
  const std::string second = counter.open_visit();
  const auto job_a = counter.start_scan({.visit = first, .resolution_dpi = 75});
  const auto job_b = counter.start_scan({.device = kSecondScanner, .visit = second, .resolution_dpi = 150});
  ASSERT_TRUE(job_a && job_b);
  EXPECT_EQ(counter.await_end(*job_a).pages, 4);
  EXPECT_EQ(counter.await_end(*job_b).pages, 4);
  for (const protocol::Capture& capture : counter.captures(first)) {
    EXPECT_EQ(capture.device, kScanner);
    EXPECT_EQ(capture.geometry.dpi, 75);
  }
  for (const protocol::Capture& capture : counter.captures(second)) {
    EXPECT_EQ(capture.device, kSecondScanner);
    EXPECT_EQ(capture.geometry.dpi, 150);
  }
}

TEST(Scan, TheSameWishSentAgainMovesNoPaper) {
  Counter counter({.sheets = 2});
  counter.start();
  const std::string visit = counter.open_visit();
  const Counter::Order order{.visit = visit, .request_id = "9f0c3c4e-0000-4000-8000-000000000001"};
  const auto first = counter.start_scan(order);
  ASSERT_TRUE(first);
  const auto while_running = counter.start_scan(order);
  ASSERT_TRUE(while_running);
  EXPECT_EQ(*while_running, *first);
  EXPECT_EQ(counter.await_end(*first).pages, 2);
  counter.script().load(2);
  const auto afterwards = counter.start_scan(order);
  ASSERT_TRUE(afterwards);
  EXPECT_EQ(*afterwards, *first);
  EXPECT_EQ(counter.script().sheets_left(), 2);
  Counter::Order other = order;
  other.resolution_dpi = 150;
  const auto reused = counter.start_scan(other);
  ASSERT_FALSE(reused);
  EXPECT_EQ(reused.error().code, Errc::request_key_reused);
}

TEST(Scan, ABusyScannerSaysSoAtOnce) {
  Counter counter({.sheets = 3});
  counter.script().set("ppm 60");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  const auto second = counter.start_scan({.visit = visit});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::device_busy);
  EXPECT_EQ(counter.await_end(*job).state, JobState::done);
}

TEST(Scan, CancellingKeepsThePagesThatCame) {
  Counter counter({.sheets = 30});
  counter.script().set("ppm 120");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  counter.await(*job, [](const protocol::Job& state) { return state.pages >= 2; });
  client::Client client = counter.connect();
  ASSERT_TRUE(client.call("job.cancel", {{"job", *job}}));
  const protocol::Job ended = counter.await_end(*job);
  EXPECT_EQ(ended.state, JobState::cancelled);
  EXPECT_GE(ended.pages, 2);
  EXPECT_LT(ended.pages, 30);
  for (const protocol::Capture& capture : counter.captures(visit)) {
    EXPECT_EQ(capture.state, CaptureState::ready);
  }
  counter.script().load(1);
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done);
}

TEST(Scan, CancellingAScannerThatHangsDoesNotTakeAsLongAsItMayBeSilent) {
  Counter counter({.sheets = 3, .deadlines = "stall_ms = 600000\nfirst_row_ms = 600000\ncancel_grace_ms = 500\n"});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.script().fault("read hang page=2 bytes=70000");
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  counter.await(*job, [](const protocol::Job& state) { return state.pages >= 1; });
  ASSERT_TRUE(counter.connect().call("job.cancel", {{"job", *job}}));
  EXPECT_EQ(counter.await_end(*job).state, JobState::cancelled);
}

}  // namespace
}  // namespace quay::system_test
