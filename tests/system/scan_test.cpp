// SPDX-License-Identifier: Apache-2.0
// The main job, end to end: paper in a feeder becomes a clean document that a front end fetches. What holds for every
// source of pages is asked in source_test.cpp.
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

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

}  // namespace
}  // namespace quay::system_test
