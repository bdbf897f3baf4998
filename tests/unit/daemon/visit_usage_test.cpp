// SPDX-License-Identifier: Apache-2.0
// From a visit's facts to the numbers of its day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "daemon/usage/visit_usage.hpp"

namespace quay::daemon::usage {
namespace {

using Step = Moment::Step;

VisitFacts visit(std::int64_t seconds, std::vector<Moment> moments) {
  VisitFacts facts;
  facts.opened_ms = 1'000'000;
  facts.closed_ms = facts.opened_ms + 1000 * seconds;
  facts.close_reason = "closed";
  for (Moment& moment : moments) {
    moment.at_ms = facts.opened_ms + 1000 * moment.at_ms;  // written in seconds since the visit was opened
  }
  facts.moments = std::move(moments);
  return facts;
}

std::int64_t value(const std::vector<protocol::UsageRow>& rows, const std::string& measure, const std::string& label) {
  for (const protocol::UsageRow& row : rows) {
    if (row.measure == measure && row.label == label) {
      return row.value;
    }
  }
  return -1;
}

TEST(VisitSeconds, EachSecondIsTheDevicesElseThePagesElseThePeoples) {
  const VisitFacts facts = visit(100, {{Step::job_begun, "j", "", 10},
                                       {Step::page_safe, "j", "a", 20},
                                       {Step::page_safe, "j", "b", 30},
                                       {Step::page_made, "", "a", 35},
                                       {Step::page_made, "", "b", 42},
                                       {Step::job_over, "j", "", 42}});
  EXPECT_EQ(seconds_of(facts), (VisitSeconds{20, 12, 68})) << "the first page was made while the second was scanned";
}

TEST(VisitSeconds, AJobWithoutPagesHasTheDeviceToItsEnd) {
  const VisitFacts facts = visit(60, {{Step::job_begun, "j", "", 5}, {Step::job_over, "j", "", 25}});
  EXPECT_EQ(seconds_of(facts), (VisitSeconds{20, 0, 40}));
}

TEST(VisitSeconds, TwoDevicesAtOnceCountOnce) {
  const VisitFacts facts = visit(60, {{Step::job_begun, "i", "", 0},
                                      {Step::job_begun, "j", "", 5},
                                      {Step::job_over, "i", "", 10},
                                      {Step::job_over, "j", "", 15}});
  EXPECT_EQ(seconds_of(facts), (VisitSeconds{15, 0, 45}));
}

TEST(VisitSeconds, APageMadeAnewLaterIsNoWaitingForTheFirst) {
  const VisitFacts facts =
      visit(60, {{Step::page_safe, "j", "a", 10}, {Step::page_made, "", "a", 12}, {Step::page_made, "", "a", 50}});
  EXPECT_EQ(seconds_of(facts), (VisitSeconds{0, 2, 58}));
}

TEST(VisitSeconds, WhatTheVisitsEndCutOffEndsThereAndAJumpedClockTakesNothingAway) {
  EXPECT_EQ(seconds_of(visit(60, {{Step::job_begun, "j", "", 50}})), (VisitSeconds{10, 0, 50}));
  EXPECT_EQ(seconds_of(visit(60, {{Step::job_begun, "j", "", 500}, {Step::job_over, "j", "", -400}})),
            (VisitSeconds{0, 0, 60}));
  EXPECT_EQ(seconds_of(visit(-60, {{Step::job_begun, "j", "", 5}, {Step::job_over, "j", "", 9}})),
            (VisitSeconds{0, 0, 0}));
}

TEST(VisitSeconds, TheThreeAddUpToTheWholeHoweverTheyAreRounded) {
  VisitFacts facts =
      visit(10, {{Step::job_begun, "j", "", 1}, {Step::page_safe, "j", "a", 2}, {Step::page_made, "", "a", 4}});
  facts.moments[0].at_ms += 400;
  facts.moments[1].at_ms += 900;
  facts.moments[2].at_ms += 450;
  const VisitSeconds seconds = seconds_of(facts);
  EXPECT_EQ(seconds.capture + seconds.processing + seconds.waiting, 10);
}

TEST(VisitOutcome, DoneIsDeliveredOrClosedWithSomethingToShow) {
  VisitFacts facts = visit(10, {});
  EXPECT_EQ(outcome_of(facts), "empty");
  facts.pages = {{"adf", 1, true, "blur"}};
  EXPECT_EQ(outcome_of(facts), "empty") << "its only page was set aside";
  facts.pages.push_back({"adf", 1, false, ""});
  EXPECT_EQ(outcome_of(facts), "done");
  facts.close_reason = "idle";
  EXPECT_EQ(outcome_of(facts), "abandoned");
  facts.delivered = true;
  EXPECT_EQ(outcome_of(facts), "done");
  VisitFacts card = visit(10, {});
  card.jobs = {{"card", "card", "done", ""}};
  EXPECT_EQ(outcome_of(card), "done");
}

TEST(VisitRows, CountPagesBySourceRescansByCauseAndFailuresByDevice) {
  VisitFacts facts = visit(90, {});
  facts.pages = {{"adf", 1000, false, ""}, {"adf", 500, true, "blur"}, {"camera", 200, true, ""}};
  facts.jobs = {{"scan", "scanner-1", "failed", "paper.jam"},
                {"scan", "scanner-1", "failed", "paper.jam"},
                {"scan", "scanner-1", "cancelled", "scan.cancelled"},
                {"capture", "phone", "interrupted", ""},
                {"print", "printer-1", "done", ""}};
  facts.bytes_out = 77;
  const auto rows = rows_of(facts, {"2026-11-26", 480}, {"2026-11-26", 482});
  EXPECT_EQ(value(rows, "visits", "done"), 1);
  EXPECT_EQ(value(rows, "visit_seconds", "0/0/90"), 1);
  EXPECT_EQ(value(rows, "pages", "adf"), 2);
  EXPECT_EQ(value(rows, "pages", "camera"), 1);
  EXPECT_EQ(value(rows, "rescans", "blur"), 1);
  EXPECT_EQ(value(rows, "rescans", "unknown"), 1);
  EXPECT_EQ(value(rows, "bytes_in", ""), 1700);
  EXPECT_EQ(value(rows, "bytes_out", ""), 77);
  EXPECT_EQ(value(rows, "failures", "scanner-1/paper.jam"), 2);
  EXPECT_EQ(value(rows, "failures", "phone/unknown"), 1);
  EXPECT_EQ(value(rows, "failures", "scanner-1/scan.cancelled"), -1);
  EXPECT_EQ(value(rows, "prints", "done"), 1);
  EXPECT_EQ(value(rows, "opened_minute", ""), 480);
  EXPECT_EQ(value(rows, "closed_minute", ""), 482);
  for (const protocol::UsageRow& row : rows) {
    EXPECT_EQ(row.day, "2026-11-26");
  }
}

TEST(VisitRows, OfAVisitFromTheDayBeforeBeginAtMidnight) {
  const auto rows = rows_of(visit(90, {}), {"2026-11-25", 1439}, {"2026-11-26", 0});
  EXPECT_EQ(value(rows, "opened_minute", ""), 0);
  EXPECT_EQ(value(rows, "closed_minute", ""), 0);
}

TEST(LocalDay, IsThatOfTheMachinesTimeZone) {
  ::setenv("TZ", "Asia-7", 1);
  ::tzset();
  EXPECT_EQ(local_time(1'795'712'399'000).day, "2026-11-26");
  EXPECT_EQ(local_time(1'795'712'399'000).minute, 1439);
  EXPECT_EQ(local_time(1'795'712'400'000).day, "2026-11-27");
  EXPECT_EQ(local_time(1'795'712'400'000).minute, 0);
}

}  // namespace
}  // namespace quay::daemon::usage
