// SPDX-License-Identifier: Apache-2.0
// Prints over deaths through the whole of quayd: none of quayd, of its worker or of the printer prints one twice, loses
// one in silence, or calls one printed that nobody counted.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/print_counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;
using protocol::PrintState;

TEST(Print, GoesOnOverADeathOfQuayd) {
  PrintCounter desk;
  desk.start();
  desk.fault("media-jam at=1");
  const std::string id = desk.submit(desk.label());
  ASSERT_TRUE(desk.waits_for(id, "printer.paper_jam"));
  const std::string behind = desk.submit(desk.label());
  desk.counter().kill_daemon();
  desk.fault("none");
  desk.counter().start();
  desk.connect_again();
  EXPECT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.await_end(behind).state, JobState::done);
  EXPECT_EQ(desk.sheets(id), 1);
  EXPECT_EQ(desk.sheets(behind), 1);
}

TEST(Print, GoesOnOverAnOrderlyEndOfQuayd) {
  PrintCounter desk;
  desk.start();
  desk.fault("media-jam at=1");
  const std::string id = desk.submit(desk.label());
  ASSERT_TRUE(desk.waits_for(id, "printer.paper_jam"));
  desk.counter().stop_daemon();
  desk.fault("none");
  desk.counter().start();
  desk.connect_again();
  EXPECT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.sheets(id), 1);
}

TEST(Print, GoesOnOverADeathOfItsWorker) {
  PrintCounter desk;
  desk.start();
  desk.fault("media-jam at=1");
  const std::string id = desk.submit(desk.label());
  ASSERT_TRUE(desk.waits_for(id, "printer.paper_jam"));
  for (const pid_t worker : desk.counter().workers("quay-printer")) {
    ::kill(worker, SIGKILL);
  }
  desk.fault("none");
  EXPECT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.sheets(id), 1);
}

/// What is killed while prints are under way.
enum class Victim : std::uint8_t { nobody, quayd, worker, printer };

/// Kills one of the three at a moment that differs from round to round, and sees to it that all three run again.
void strike(PrintCounter& desk, Victim victim) {
  if (victim == Victim::quayd) {
    desk.counter().kill_daemon();
    desk.counter().start();
    desk.connect_again();
  } else if (victim == Victim::worker) {
    for (const pid_t worker : desk.counter().workers("quay-printer")) {
      ::kill(worker, SIGKILL);
    }
  } else if (victim == Victim::printer) {
    ASSERT_TRUE(desk.printer().kill_and_restart());
  }
}

/// How far a print has come when something is killed.
enum class Step : std::uint8_t { accepted, document_there, first_sheet, last_sheet };

void reach(PrintCounter& desk, const std::string& job, Step step) {
  const auto there = [&] {
    switch (step) {
      case Step::accepted: return true;
      case Step::document_there: return std::filesystem::exists(desk.file_of(job));
      case Step::first_sheet: return desk.sheets(job) >= 1;
      case Step::last_sheet: return desk.sheets(job) >= 2;
    }
    return false;
  };
  EXPECT_TRUE(rig::wait_until(there)) << desk.counter().daemon().transcript();
}

int jobs_to_kill_over() {
  const char* wanted = std::getenv("QUAY_PRINT_KILLS");
  return wanted == nullptr ? 16 : std::atoi(wanted);
}

TEST(PrintKillPoints, NoPrintIsLostOrDoubledAndEachUncertainOneIsTold) {
  PrintCounter desk({"--sheet-ms", "20"});
  desk.configure();
  desk.start();
  std::vector<std::string> jobs;
  const int wanted = jobs_to_kill_over();
  for (int round = 0; round < wanted; ++round) {
    protocol::PrintSubmitArguments label = desk.label();
    label.copies = 2;
    jobs.push_back(desk.submit(label, "wish-" + std::to_string(round)));
    ASSERT_TRUE(is_uuid(jobs.back())) << jobs.back() << desk.counter().daemon().transcript();
    reach(desk, jobs.back(), static_cast<Step>(round / 4 % 4));
    strike(desk, static_cast<Victim>(round % 4));
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    EXPECT_EQ(desk.submit(label, "wish-" + std::to_string(round)), jobs.back());
  }
  int printed = 0;
  int uncertain = 0;
  for (const std::string& id : jobs) {
    const protocol::Job job = desk.await_end(id);
    ASSERT_TRUE(job.print) << id;
    const int sheets = desk.sheets(id);
    EXPECT_LE(sheets, 2) << id << " was doubled";
    if (job.print->state == PrintState::printed) {
      EXPECT_EQ(sheets, 2) << id;
      ++printed;
    } else {
      EXPECT_TRUE(job.print->state == PrintState::uncertain || job.print->state == PrintState::partly)
          << id << " " << protocol::enum_name(job.print->state) << " " << desk.counter().code_of(job) << " with "
          << sheets;
      ++uncertain;
    }
  }
  EXPECT_GT(printed, wanted / 2) << uncertain << " uncertain";
  RecordProperty("printed", printed);
  RecordProperty("uncertain", uncertain);
  std::printf("prints: %d printed, %d uncertain of %d\n", printed, uncertain, wanted);
}

}  // namespace
}  // namespace quay::system_test
