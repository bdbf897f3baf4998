// SPDX-License-Identifier: Apache-2.0
// The two tables of printing: no state moves without an event, and no print is called printed that nobody counted.
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/core/print_machine.hpp"

namespace quay::daemon::core {
namespace {

using protocol::PrintState;
using protocol::worker::PrinterJobState;
using protocol::worker::PrintSeen;

PrintSeen seen(PrinterJobState state, std::int32_t sheets, bool sent = true) {
  PrintSeen said;
  said.state = state;
  said.sheets = sheets;
  said.sent = sent;
  return said;
}

PrintEvent event_of(const PrintSeen& said, bool trust = false) { return judge(facts_of(said, 3), trust).event; }

TEST(PrintOutcome, OnlyTheSheetsExpectedAreAPrint) {
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, 3)), PrintEvent::printed);
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, 0)), PrintEvent::not_printed);
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, 2)), PrintEvent::partly);
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, 4)), PrintEvent::partly);
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, -1)), PrintEvent::uncertain);
}

TEST(PrintOutcome, SaysWhyNothingCame) {
  EXPECT_EQ(judge(facts_of(seen(PrinterJobState::completed, 0), 3), false).code, Errc::print_no_sheets);
  EXPECT_EQ(judge(facts_of(seen(PrinterJobState::aborted, 0), 3), false).code, Errc::print_refused);
  EXPECT_EQ(judge(facts_of(seen(PrinterJobState::missing, -1, false), 3), false).code, Errc::print_not_sent);
}

TEST(PrintOutcome, TrustIsForCompletedJobsWithoutACountAndNothingElse) {
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, -1), true), PrintEvent::printed);
  EXPECT_EQ(event_of(seen(PrinterJobState::completed, 0), true), PrintEvent::not_printed);
  EXPECT_EQ(event_of(seen(PrinterJobState::missing, -1), true), PrintEvent::uncertain);
  PrintSeen forgotten = seen(PrinterJobState::completed, -1);
  forgotten.whole = false;
  EXPECT_EQ(event_of(forgotten, true), PrintEvent::uncertain);
}

TEST(PrintOutcome, WhatNeverLeftMayBeSentAgainAndWhatMayHaveLeftMayNot) {
  for (const auto state : {PrinterJobState::missing, PrinterJobState::pending, PrinterJobState::held}) {
    EXPECT_EQ(event_of(seen(state, -1, false)), PrintEvent::taken_back);
    EXPECT_EQ(event_of(seen(state, -1, true)), PrintEvent::uncertain);
  }
  PrintSeen cut = seen(PrinterJobState::canceled, 0);
  cut.broke_off = true;
  EXPECT_EQ(event_of(cut), PrintEvent::taken_back);
  cut.sheets = 1;
  EXPECT_EQ(event_of(cut), PrintEvent::partly) << "it printed what it had";
}

TEST(PrintOutcome, TheTableHasEveryEndWithEveryCountOnce) {
  for (const auto end : {PrinterEnd::missing, PrinterEnd::open, PrinterEnd::stopped_early, PrinterEnd::completed}) {
    for (const auto count : {SheetCount::untold, SheetCount::none, SheetCount::expected, SheetCount::other}) {
      const auto rows = print_outcomes();
      EXPECT_EQ(std::count_if(rows.begin(), rows.end(),
                              [&](const OutcomeRow& row) { return row.end == end && row.count == count; }),
                1);
    }
  }
}

TEST(PrintMachine, APrintThatIsKnownNeverMovesAgain) {
  for (const PrintTransition& row : print_transitions()) {
    EXPECT_NE(row.from, PrintState::printed);
    EXPECT_NE(row.from, PrintState::not_printed);
  }
}

TEST(PrintMachine, TheClerkIsAskedOnlyWhereNobodyKnows) {
  for (const auto word : {PrintEvent::clerk_saw_it, PrintEvent::clerk_saw_nothing}) {
    EXPECT_TRUE(step(PrintState::uncertain, word));
    EXPECT_TRUE(step(PrintState::partly, word));
    EXPECT_FALSE(step(PrintState::sending, word));
    EXPECT_FALSE(step(PrintState::printed, word));
  }
}

}  // namespace
}  // namespace quay::daemon::core
