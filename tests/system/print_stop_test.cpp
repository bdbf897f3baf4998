// SPDX-License-Identifier: Apache-2.0
// Prints that are stopped, and the clerk's word on those of which nobody knows what came, through the whole of quayd:
// each ends, says what came of it, and drops no sheet later.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"
#include "tests/system/print_counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;
using protocol::PrintState;

TEST(PrintStop, TheClerkHasTheLastWordOnAnUncertainPrint) {
  PrintCounter desk;
  desk.start();
  desk.fault("power-cut at=1");
  const std::string id = desk.submit(desk.label());
  const protocol::Job job = desk.await_end(id);
  EXPECT_EQ(job.print->state, PrintState::uncertain);
  EXPECT_EQ(desk.sheets(id), 0);
  const protocol::Job settled = desk.settle(id, PrintState::not_printed);
  EXPECT_EQ(settled.print->state, PrintState::not_printed);
  EXPECT_TRUE(settled.print->settled);
  const auto twice =
      desk.client().call_as<protocol::Job>("print.settle", protocol::PrintSettleArguments{{}, id, PrintState::printed});
  EXPECT_EQ(code_of(twice), "job.finished");
}

TEST(PrintStop, ThatTheClerkSawIsDoneAfterAll) {
  PrintCounter desk;
  desk.start();
  desk.fault("power-cut at=1");
  const std::string id = desk.submit(desk.label());
  ASSERT_EQ(desk.await_end(id).print->state, PrintState::uncertain);
  const protocol::Job settled = desk.settle(id, PrintState::printed);
  EXPECT_EQ(settled.state, JobState::done);
  EXPECT_FALSE(settled.error);
  const protocol::Job now = desk.get(id);
  EXPECT_EQ(now.state, JobState::done);
  EXPECT_FALSE(now.error);
  EXPECT_EQ(now.print->state, PrintState::printed);
  const auto replay =
      desk.client().call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, 1, 200, {}});
  ASSERT_TRUE(replay);
  ASSERT_FALSE(replay->events.empty());
  EXPECT_EQ(replay->events.back().at("type").as_string(), "job.finished") << "who lists jobs hears of it";
  EXPECT_EQ(replay->events.back().at("data").at("state").as_string(), "done");
}

TEST(PrintStop, IsCancelledAtAnyMomentAndSaysWhatCame) {
  PrintCounter desk;
  desk.start();
  desk.fault("media-jam at=1");
  const std::string first = desk.submit(desk.label());
  ASSERT_TRUE(desk.waits_for(first, "printer.paper_jam")) << desk.counter().daemon().transcript();
  const std::string second = desk.submit(desk.label());
  ASSERT_TRUE(desk.client().call("job.cancel", {{"job", second}}));
  const protocol::Job waited = desk.await_end(second);
  EXPECT_EQ(waited.state, JobState::cancelled) << "it waited behind the first";
  EXPECT_EQ(desk.counter().code_of(waited), "print.cancelled");
  const auto refused = desk.client().call("visit.close", {{"visit", desk.visit()}});
  EXPECT_EQ(code_of(refused), "device.busy");
  ASSERT_TRUE(desk.client().call("job.cancel", {{"job", first}}));
  const protocol::Job job = desk.await_end(first);
  EXPECT_EQ(job.state, JobState::cancelled);
  EXPECT_EQ(desk.counter().code_of(job), "print.cancelled");
  EXPECT_EQ(job.print->state, PrintState::not_printed);
  desk.fault("none");
  EXPECT_EQ(desk.await_end(desk.submit(desk.label())).state, JobState::done) << "the printer is free again";
  EXPECT_EQ(desk.printer().status("sheets"), "1");
  EXPECT_TRUE(desk.client().call("visit.close", {{"visit", desk.visit()}}));
}

/// A print whose printer has a part of it, in a daemon whose configuration calls the printer otherwise by now.
std::string print_without_its_printer(PrintCounter& desk, const std::string& more = {}) {
  desk.start();
  desk.fault("media-jam at=1");
  const std::string id = desk.submit(desk.label());
  EXPECT_TRUE(desk.waits_for(id, "printer.paper_jam")) << desk.counter().daemon().transcript();
  desk.counter().stop_daemon();
  desk.configure_as("printer-2", {}, more);
  desk.counter().start();
  desk.connect_again();
  return id;
}

TEST(PrintStop, ThatWasCancelledEndsAlsoWhenItsPrinterIsNotThereAnyMore) {
  PrintCounter desk;
  const std::string id = print_without_its_printer(desk);
  EXPECT_TRUE(desk.waits_for(id, "device.unknown")) << "the clerk sees why nothing comes";
  ASSERT_TRUE(desk.client().call("job.cancel", {{"job", id}}));
  const protocol::Job job = desk.await_end(id);
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(job.print->state, PrintState::uncertain) << "sheets may have come";
  EXPECT_EQ(desk.counter().code_of(job), "print.uncertain");
  EXPECT_TRUE(desk.client().call("visit.close", {{"visit", desk.visit()}}));
}

TEST(PrintStop, OfAPrinterThatIsGoneDoesNotKeepAVisitOverItsHardLimit) {
  PrintCounter desk;
  print_without_its_printer(desk, "[visits]\nidle_ms = 600000\nlongest_ms = 3000\nwarning_ms = 1000\n");
  const auto closed = [&] {
    const auto visits = desk.client().call_as<protocol::VisitListResult>("visit.list", protocol::NoArguments{});
    return visits && visits->visits.empty();
  };
  EXPECT_TRUE(rig::wait_until(closed)) << desk.counter().daemon().transcript();
}

/// A cancelled print of which nobody knows what came, whose job still stands at its printer.
std::string stuck_at_its_printer(PrintCounter& desk) {
  const std::string id = print_without_its_printer(desk);
  EXPECT_TRUE(desk.client().call("job.cancel", {{"job", id}}));
  EXPECT_EQ(desk.await_end(id).print->state, PrintState::uncertain);
  EXPECT_EQ(desk.printer().status("open"), "1");
  desk.configure();
  return id;
}

/// The printer has no job left, and nothing of that one comes after its jam was cleared.
void expect_stopped(PrintCounter& desk, const std::string& id) {
  EXPECT_TRUE(rig::wait_until([&] { return desk.printer().status("open") == "0"; }))
      << desk.counter().daemon().transcript();
  desk.fault("none");
  EXPECT_EQ(desk.sheets(id), 0);
}

TEST(PrintStop, ThatEndedWithoutItsPrinterIsStoppedThereWhenThatIsBackAlsoAfterItsVisit) {
  PrintCounter desk;
  const std::string id = stuck_at_its_printer(desk);
  ASSERT_TRUE(desk.client().call("visit.close", {{"visit", desk.visit()}}));
  desk.counter().daemon().send_signal(SIGHUP);
  expect_stopped(desk, id);
}

TEST(PrintStop, ThatTheClerkDidNotSeeDoesNotComeOutLater) {
  PrintCounter desk;
  const std::string id = stuck_at_its_printer(desk);
  desk.counter().stop_daemon();  // it asked the printer nothing more
  desk.counter().start();
  desk.connect_again();
  EXPECT_EQ(desk.printer().status("open"), "1");
  desk.settle(id, PrintState::not_printed);
  expect_stopped(desk, id);
  EXPECT_EQ(desk.await_end(desk.submit(desk.label())).state, JobState::done) << "the printer is free again";
  EXPECT_EQ(desk.printer().status("sheets"), "1");
}

TEST(PrintStop, ThatWasCancelledEndsAlsoWhenItsPrinterDoesNotAnswer) {
  PrintCounter desk;
  desk.start();
  desk.fault("media-jam at=1");
  const std::string id = desk.submit(desk.label());
  ASSERT_TRUE(desk.waits_for(id, "printer.paper_jam"));
  ASSERT_TRUE(desk.printer().tell("unplug"));
  ASSERT_TRUE(desk.client().call("job.cancel", {{"job", id}}));
  const protocol::Job job = desk.await_end(id);
  EXPECT_EQ(job.print->state, PrintState::uncertain);
  EXPECT_EQ(desk.counter().code_of(job), "print.uncertain");
}

}  // namespace
}  // namespace quay::system_test
