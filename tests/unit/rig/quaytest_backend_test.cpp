// SPDX-License-Identifier: Apache-2.0
// The quaytest backend through the real libsane loader: what tests/rig/README.md claims is checked here.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/rig/support/fault_script.hpp"
#include "tests/rig/support/sane_client.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

using Lines = std::vector<std::string>;

const Lines kFeederGray75 = {"open quaytest:0", "set source=ADF", "set mode=Gray", "set resolution=75"};

class Backend : public testing::Test {
 protected:
  static Lines after_setup(Lines calls) {
    calls.insert(calls.begin(), kFeederGray75.begin(), kFeederGray75.end());
    return calls;
  }

  Lines run(const Lines& calls) {
    const auto lines = run_sane_client(calls, script_.environment(), directory_.path());
    EXPECT_TRUE(lines) << describe(lines.error());
    return lines.value_or(Lines{});
  }

  /// Runs the calls on the open feeder; the lines they printed.
  Lines scan(const Lines& calls) {
    const Lines lines = run(after_setup(calls));
    return lines.size() < kFeederGray75.size()
               ? lines
               : Lines(lines.begin() + static_cast<std::ptrdiff_t>(kFeederGray75.size()), lines.end());
  }

  /// The same, for what must not end by itself or ends by a signal.
  ChildProcess start(const Lines& calls) {
    return start_sane_client(after_setup(calls), script_.environment(), directory_.path()).value();
  }

  void expect_next_scan_is_fine() {
    script_.heal();
    script_.plug();
    script_.load(1);
    EXPECT_THAT(scan({"batch"}), ElementsAre("start GOOD", StartsWith("read EOF"), "start NO_DOCS"));
  }

  TemporaryDirectory directory_;
  FaultScript script_{directory_ / "sane"};
};

TEST_F(Backend, GivesThreeWholePagesAndThenNoDocs) {
  const Lines lines = scan({"start", "params", "read", "start", "read", "start", "read", "start"});
  ASSERT_EQ(lines.size(), 8U);
  int height = 0;
  int bytes_per_line = 0;
  ASSERT_EQ(
      std::sscanf(lines[1].c_str(), "params GOOD pixels=%*d lines=%d bytes_per_line=%d", &height, &bytes_per_line), 2);
  for (const std::size_t page : {2U, 4U, 6U}) {
    EXPECT_THAT(lines[page], StartsWith(fmt::format("read EOF bytes={} ", height * bytes_per_line)));
  }
  EXPECT_NE(lines[2], lines[4]) << "two sheets, two pictures";
  EXPECT_EQ(lines[7], "start NO_DOCS");
  EXPECT_EQ(script_.sheets_left(), 0);
}

TEST_F(Backend, SheetsAreTakenOnceWhateverProcessAsks) {
  EXPECT_THAT(scan({"start", "read 10", "cancel"}).at(0), "start GOOD");
  EXPECT_EQ(script_.sheets_left(), 2);
  EXPECT_EQ(std::ranges::count(scan({"batch"}), "start GOOD"), 2);
  EXPECT_THAT(scan({"batch"}), ElementsAre("start NO_DOCS"));
}

TEST_F(Backend, DuplexGivesTwoSidesASheet) {
  const Lines lines = scan({"set source=ADF Duplex", "batch"});
  EXPECT_EQ(std::ranges::count(lines, "start GOOD"), 6);
}

TEST_F(Backend, TheGlassNeverRunsOut) {
  const Lines lines = scan({"set source=Flatbed", "start", "read", "start", "read"});
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[2], lines[4]);
  EXPECT_EQ(script_.sheets_left(), 3);
}

TEST_F(Backend, ModesHaveTheirOwnDepth) {
  EXPECT_THAT(scan({"set br-x=101.6", "set mode=Color", "params"}).back(), HasSubstr("pixels=300"));
  EXPECT_THAT(scan({"set br-x=101.6", "set mode=Color", "params"}).back(), HasSubstr("bytes_per_line=900"));
  EXPECT_THAT(scan({"set br-x=101.6", "set mode=Gray", "params"}).back(), HasSubstr("bytes_per_line=300"));
  EXPECT_THAT(scan({"set br-x=101.6", "set mode=Lineart", "params"}).back(), HasSubstr("bytes_per_line=38"));
}

TEST_F(Backend, AResolutionThatItLacksIsRoundedAndSaidSo) {
  EXPECT_EQ(scan({"set resolution=200"}).back(), "set GOOD value=150 inexact=1");
  EXPECT_EQ(scan({"set resolution=300"}).back(), "set GOOD value=300 inexact=0");
  script_.set("resolutions range");
  EXPECT_EQ(scan({"set resolution=200"}).back(), "set GOOD value=200 inexact=0");
  EXPECT_EQ(scan({"set resolution=9999"}).back(), "set GOOD value=1200 inexact=1");
  EXPECT_THAT(scan({"set br-x=999"}).back(), testing::EndsWith("inexact=1"));
  EXPECT_THAT(scan({"set source=Camera"}).back(), StartsWith("set INVAL"));
}

TEST_F(Backend, ThePressedButtonIsSeenOnceAndPaperIsSensed) {
  script_.press();
  const Lines lines = run({"open quaytest:0", "get scan", "get scan", "get page-loaded"});
  EXPECT_THAT(lines, ElementsAre("open GOOD", "get GOOD value=1", "get GOOD value=0", "get GOOD value=1"));
  script_.load(0);
  EXPECT_EQ(run({"open quaytest:0", "get page-loaded"}).back(), "get GOOD value=0");
}

TEST_F(Backend, AHandScannerDoesNotKnowItsHeight) {
  script_.set("lines-unknown");
  const Lines lines = scan({"start", "params", "read"});
  EXPECT_THAT(lines.at(1), HasSubstr(" lines=-1 "));
  EXPECT_THAT(lines.at(2), StartsWith("read EOF bytes="));
}

TEST_F(Backend, RowsMayBeWiderThanTheirPixelsAndReadsShorterThanARow) {
  script_.set("row-padding 7");
  script_.set("read-limit 100");
  const Lines lines = scan({"set br-x=101.6", "set br-y=101.6", "start", "params", "read"});
  EXPECT_EQ(lines.at(3), "params GOOD pixels=300 lines=300 bytes_per_line=307");
  EXPECT_THAT(lines.at(4), StartsWith("read EOF bytes=92100 "));
}

TEST_F(Backend, EveryStatusCanBeSaidByStartOpenAndRead) {
  for (const char* status : {"UNSUPPORTED", "CANCELLED", "DEVICE_BUSY", "INVAL", "EOF", "JAMMED", "NO_DOCS",
                             "COVER_OPEN", "IO_ERROR", "NO_MEM", "ACCESS_DENIED", "WARMING_UP", "HW_LOCKED"}) {
    script_.heal();
    script_.load(3);
    script_.fault(fmt::format("read {} page=1 bytes=5000", status));
    script_.fault(fmt::format("start {} page=2", status));
    const Lines lines = scan({"set source=Flatbed", "start", "read", "start", "start"});
    ASSERT_EQ(lines.size(), 5U) << status;
    EXPECT_THAT(lines[2], StartsWith(fmt::format("read {} bytes=5000 ", status)));
    const bool ends_batch = std::string_view(status) != "EOF";
    EXPECT_EQ(lines[3], ends_batch ? "start GOOD" : "start EOF") << "an error ends the batch, its page count too";
    script_.heal();
    script_.fault(fmt::format("open {}", status));
    EXPECT_EQ(run({"open quaytest:0"}).back(), fmt::format("open {}", status));
  }
}

TEST_F(Backend, AJamOnPageTwoKeepsPageOneAndTheNextScanIsFine) {
  script_.fault("read JAMMED page=2 bytes=70000");
  EXPECT_THAT(scan({"batch"}),
              ElementsAre("start GOOD", StartsWith("read EOF"), "start GOOD", StartsWith("read JAMMED bytes=70000 ")));
  expect_next_scan_is_fine();
}

TEST_F(Backend, NoDocsMayComeWhileSheetsAreStillLoaded) {
  script_.fault("start NO_DOCS page=3");
  const Lines lines = scan({"start", "read", "start", "read", "start", "start", "read"});
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[4], "start NO_DOCS");
  EXPECT_EQ(lines[5], "start GOOD");
  EXPECT_THAT(lines[6], StartsWith("read EOF"));
  EXPECT_EQ(script_.sheets_left(), 0);
}

TEST_F(Backend, CancelIsAnsweredByCancelledOrWhenToldByEof) {
  script_.set("ppm 1");
  EXPECT_THAT(scan({"start", "cancel-after 2000"}).back(), StartsWith("read CANCELLED bytes=2000 "));
  script_.fault("cancel EOF");
  EXPECT_THAT(scan({"start", "cancel-after 2000"}).back(), StartsWith("read EOF bytes=2000 "));
}

TEST_F(Backend, CancelEndsAReadThatWaitsForASlowLine) {
  script_.set("line-delay-us 600000000");
  const auto order = directory_ / "cancel-now";
  ChildProcess client = start({"start", "cancel-when " + order.string()});
  ASSERT_TRUE(wait_until([&] { return client.output().find("start GOOD") != std::string::npos; }));
  std::ofstream(order) << "now";
  ASSERT_EQ(client.wait().value(), (ChildExit{0, 0}));
  EXPECT_THAT(client.output(), HasSubstr("read CANCELLED bytes=0"));
}

TEST_F(Backend, AnUnpluggedScannerIsGoneUntilItIsPluggedAgain) {
  script_.fault("read unplug page=2 bytes=3000");
  EXPECT_THAT(scan({"batch"}).back(), StartsWith("read IO_ERROR bytes=3000 "));
  EXPECT_THAT(run({"list", "open quaytest:0"}), ElementsAre("list GOOD", "open INVAL"));
  script_.heal();
  script_.plug();
  EXPECT_THAT(run({"list", "open quaytest:0"}), ElementsAre("list GOOD quaytest:0", "open GOOD"));
  expect_next_scan_is_fine();
}

TEST_F(Backend, WarmingUpMakesOnlyTheFirstStartWait) {
  script_.set("warm-up 0.2");
  EXPECT_EQ(std::ranges::count(scan({"batch"}), "start GOOD"), 3);
}

TEST_F(Backend, PacingLosesNoByte) {
  script_.set("ppm 600");
  EXPECT_THAT(scan({"start", "read", "start", "read"}).back(), StartsWith("read EOF"));
}

struct EndCase {
  const char* name;
  const char* fault;
  Lines calls;
};

void PrintTo(const EndCase& end_case, std::ostream* out) { *out << end_case.fault; }

class BackendHang : public Backend, public testing::WithParamInterface<EndCase> {};

TEST_P(BackendHang, HearsNothingButSigkillAndTheNextScanIsFine) {
  script_.fault(GetParam().fault);
  ChildProcess client = start_sane_client(GetParam().calls, script_.environment(), directory_.path()).value();
  const auto hangs = [&] { return script_.trace().find(" hang ") != std::string::npos; };
  ASSERT_TRUE(wait_until(hangs)) << client.transcript();
  client.send_signal(SIGTERM);
  EXPECT_FALSE(client.wait(Milliseconds(100)));
  client.send_signal(SIGKILL);
  EXPECT_EQ(client.wait().value(), (ChildExit{-1, SIGKILL}));
  expect_next_scan_is_fine();
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, BackendHang,
    testing::Values(EndCase{"GetDevices", "get_devices hang", {"list"}},
                    EndCase{"Open", "open hang", {"open quaytest:0"}},
                    EndCase{"Start", "start hang page=1", {"open quaytest:0", "start"}},
                    EndCase{"Read", "read hang page=1 bytes=1000", {"open quaytest:0", "start", "read"}},
                    EndCase{"Cancel", "cancel hang", {"open quaytest:0", "start", "read 100", "cancel"}},
                    EndCase{"Close", "close hang", {"open quaytest:0", "start", "read 100", "cancel", "close"}}),
    [](const auto& instance) { return instance.param.name; });

struct CrashCase {
  const char* fault;
  int signal;
};

class BackendCrash : public Backend, public testing::WithParamInterface<CrashCase> {};

TEST_P(BackendCrash, KillsItsProcessAndTheNextScanIsFine) {
  script_.fault(GetParam().fault);
  ChildProcess client = start({"batch"});
  EXPECT_EQ(client.wait().value(), (ChildExit{-1, GetParam().signal})) << client.transcript();
  expect_next_scan_is_fine();
}

INSTANTIATE_TEST_SUITE_P(Everywhere, BackendCrash,
                         testing::Values(CrashCase{"read segv page=2 bytes=1000", SIGSEGV},
                                         CrashCase{"read abort page=1", SIGABRT},
                                         CrashCase{"start segv page=2", SIGSEGV},
                                         CrashCase{"read sigpipe page=1 bytes=10", SIGPIPE}));

}  // namespace
}  // namespace quay::rig
