// SPDX-License-Identifier: Apache-2.0
// What is found on a page: the visit's owner gets it, and what barcodes say stands nowhere outside the sealed objects.

#include <gmock/gmock.h>

#include "clients/cpp/event_stream.hpp"
#include "protocol/client/events.hpp"
#include "tests/system/coded_page.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNumber = "001099123456";
constexpr const char* kOnTheCard = "001099123456|012345678|NGUYEN THI ANH TUYET|05071999|Nu|So 12, Ha Noi|10052021";

TEST(Facts, WhatABarcodeSaysIsForTheOwnerAndNowhereOutsideTheSealedObjects) {
  const rig::TemporaryDirectory paper;
  write_page_with_code(paper.path() / "card.jpg", kOnTheCard);
  Counter counter({.sheets = 1, .escl = true, .pages = {paper.path() / "card.jpg"}});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit, .resolution_dpi = 200});
  ASSERT_EQ(job.state, protocol::JobState::done) << counter.daemon().transcript();

  client::Client client = counter.connect();
  const auto codes = client::fetch_image(client, job.captures[0], "codes", deadline_in(Milliseconds(10'000)));
  ASSERT_TRUE(codes) << describe(codes.error());
  EXPECT_THAT(std::string(codes->bytes.begin(), codes->bytes.end()), testing::HasSubstr(kOnTheCard));
  const auto capture =
      client.call_as<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, job.captures[0]});
  ASSERT_TRUE(capture && capture->report);
  EXPECT_TRUE(capture->report->codes.empty());
  EXPECT_GT(capture->report->input.width, 1000);
  EXPECT_THAT(files_with(counter.path(), kNumber), testing::IsEmpty());

  ASSERT_TRUE(client.call("visit.close", {{"visit", visit}}));
  EXPECT_FALSE(client::fetch_image(client, job.captures[0], "codes", deadline_in(Milliseconds(10'000))));
}

TEST(Facts, APageThatShouldBeTakenAgainSaysSoTheMomentItIsReady) {
  Counter counter({.sheets = 1, .escl = true});
  counter.start();
  client::Client client = counter.connect();
  auto events = client::EventStream::open(client, {client.hello().journal, client.hello().seq});
  ASSERT_TRUE(events);
  const std::string visit = counter.open_visit();
  ASSERT_TRUE(counter.start_scan({.visit = visit, .resolution_dpi = 100}));
  for (;;) {
    const auto event = events->next(deadline_in(Milliseconds(30'000)));
    ASSERT_TRUE(event && *event) << counter.daemon().transcript();
    if ((*event)->type != "capture.ready") {
      continue;
    }
    const auto ready = protocol::from_json<protocol::CaptureReady>((*event)->data);
    ASSERT_TRUE(ready);
    ASSERT_FALSE(ready->quality.empty());
    EXPECT_EQ(ready->quality[0].code, "low-dpi");
    EXPECT_THAT(ready->quality[0].vi, testing::HasSubstr("200 dpi"));
    break;
  }
}

}  // namespace
}  // namespace quay::system_test
