// SPDX-License-Identifier: Apache-2.0
// Bad luck, from the device side: every fault ends in its own code within the deadline, pages already read are kept,
// and the next scan works without restarting anything. What holds for every source is asked in source_test.cpp.
#include <csignal>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;

struct Misfortune {
  const char* name;
  const char* fault;
  const char* code;
  int pages_kept;
};

void PrintTo(const Misfortune& misfortune, std::ostream* out) { *out << misfortune.name; }

class Misfortunes : public testing::TestWithParam<Misfortune> {};

TEST_P(Misfortunes, EndInTheirOwnCodeAndTheNextScanWorks) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.script().fault(GetParam().fault);
  const protocol::Job job = counter.scan({.visit = visit});
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(counter.code_of(job), GetParam().code) << counter.daemon().transcript();
  EXPECT_EQ(job.pages, GetParam().pages_kept);
  for (const protocol::Capture& capture : counter.captures(visit)) {
    EXPECT_EQ(capture.state, protocol::CaptureState::ready);
  }
  counter.script().heal();
  counter.script().load(2);
  ASSERT_TRUE(rig::wait_until([&] { return !counter.workers("quay-scanner").empty(); }, Milliseconds(10'000)));
  const protocol::Job next = counter.scan({.visit = visit});
  EXPECT_EQ(next.state, JobState::done) << counter.daemon().transcript();
  EXPECT_EQ(next.pages, 2);
}

INSTANTIATE_TEST_SUITE_P(
    OfAScanner, Misfortunes,
    testing::Values(Misfortune{"JamOnPage3", "start JAMMED page=3", "paper.jam", 2},
                    Misfortune{"JamInMidPage", "read JAMMED page=2 bytes=70000", "paper.jam", 1},
                    Misfortune{"CoverOpen", "start COVER_OPEN page=1", "cover.open", 0},
                    Misfortune{"CoverOpensInMidPage", "read COVER_OPEN page=2 bytes=5000", "cover.open", 1},
                    Misfortune{"LostContact", "read IO_ERROR page=2 bytes=5000", "device.io", 1},
                    Misfortune{"PageCutShort", "read EOF page=2 bytes=70000", "scan.page_incomplete", 1},
                    Misfortune{"AccessDenied", "start ACCESS_DENIED page=1", "device.access_denied", 0},
                    Misfortune{"HangsInStart", "start hang page=2", "device.timeout", 1},
                    Misfortune{"HangsInOpen", "open hang", "device.timeout", 0},
                    Misfortune{"CrashesInRead", "read segv page=2 bytes=70000", "worker.crashed", 1},
                    Misfortune{"AbortsInStart", "start abort page=2", "worker.crashed", 1}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Misfortune, AnEmptyFeederIsSaidAtOnce) {
  Counter counter({.sheets = 0});
  counter.start();
  const std::string visit = counter.open_visit();
  EXPECT_EQ(counter.code_of(counter.scan({.visit = visit})), "paper.empty");
}

TEST(Misfortune, AScannerThatWasNeverThereIsNotAskedWithoutPause) {
  Counter counter;
  counter.script().unplug();
  ASSERT_FALSE(counter.try_start()) << "it is waited for some seconds";
  const std::string log = counter.daemon().transcript();
  int asked = 0;
  for (std::size_t at = log.find("ended after 0 pages"); at != std::string::npos;
       at = log.find("ended after", at + 1)) {
    ++asked;
  }
  EXPECT_LT(asked, 20) << log.substr(0, 4000);
}

TEST(Misfortune, AFalseEndOfPaperLosesNoSheet) {
  Counter counter({.sheets = 4});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.script().fault("start NO_DOCS page=3");
  const protocol::Job job = counter.scan({.visit = visit, .pages_expected = 4});
  EXPECT_EQ(job.state, JobState::done) << counter.daemon().transcript();
  EXPECT_EQ(job.pages, 4);
}

TEST(Misfortune, FewerPagesThanSheetsIsSaid) {
  Counter counter({.sheets = 2});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit, .pages_expected = 3});
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(counter.code_of(job), "scan.pages_missing");
  EXPECT_EQ(job.pages, 2);
}

TEST(Misfortune, AnAirscanPageThatStallsForEverEndsInATimeout) {
  Counter counter({.escl = true});
  counter.start();
  const std::string visit = counter.open_visit();
  ASSERT_TRUE(counter.sim().tell("fault stall page=2"));
  const protocol::Job job = counter.scan({.visit = visit});
  EXPECT_EQ(counter.code_of(job), "device.timeout");
  EXPECT_EQ(job.pages, 1);
  ASSERT_TRUE(counter.sim().tell("fault none"));
  ASSERT_TRUE(counter.sim().tell("load 2"));
  EXPECT_EQ(counter.scan({.visit = visit}).pages, 2) << counter.daemon().transcript();
}

TEST(Misfortune, KillingTheScannerWorkerFailsOnlyItsJob) {
  Counter counter({.sheets = 20, .two_scanners = true});
  counter.script().set("ppm 120");
  counter.second_script().set("ppm 240");
  counter.start();
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kSecondScanner));
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  const auto other = counter.start_scan({.device = kSecondScanner, .visit = visit});
  ASSERT_TRUE(other);
  counter.await(*job, [](const protocol::Job& state) { return state.pages >= 1; });
  const std::vector<pid_t> workers = counter.workers("quay-scanner");
  ASSERT_EQ(workers.size(), 2U);
  ::kill(std::min(workers[0], workers[1]), SIGKILL);
  const protocol::Job first = counter.await_end(*job);
  const protocol::Job second = counter.await_end(*other);
  const bool first_failed = first.state == JobState::failed;
  EXPECT_NE(first_failed, second.state == JobState::failed);
  EXPECT_EQ(counter.code_of(first_failed ? first : second), "worker.crashed");
  EXPECT_EQ((first_failed ? second : first).pages, 20);
}

TEST(Misfortune, KillingAnImageWorkerCostsNoPage) {
  Counter counter({.sheets = 6});
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit, .resolution_dpi = 300});
  ASSERT_TRUE(job);
  counter.await(*job, [](const protocol::Job& state) { return state.pages >= 1; });
  for (const pid_t worker : counter.workers("quay-imaging")) {
    ::kill(worker, SIGKILL);
  }
  const protocol::Job ended = counter.await_end(*job);
  EXPECT_EQ(ended.state, JobState::done) << counter.daemon().transcript();
  EXPECT_EQ(ended.pages, 6);
}

TEST(Misfortune, AnImageWorkerThatDiesWithThePageDeliveredCostsAndDoublesNothing) {
  Counter counter({.sheets = 2, .imaging = "quay-rig-wordless-end"});
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job ended = counter.scan({.visit = visit});
  EXPECT_EQ(ended.state, JobState::done) << counter.daemon().transcript();
  const std::vector<protocol::Capture> captures = counter.captures(visit);
  ASSERT_EQ(captures.size(), 2);
  for (const protocol::Capture& page : captures) {
    EXPECT_EQ(page.state, protocol::CaptureState::ready);
  }
}

}  // namespace
}  // namespace quay::system_test
