// SPDX-License-Identifier: Apache-2.0
// The eSCL simulator as Debian's sane-airscan sees it: what tests/rig/README.md claims is checked here.
#include "tests/rig/support/sim_scanner.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include <gmock/gmock.h>

#include "tests/rig/pictures/page_store.hpp"
#include "tests/rig/support/page_images.hpp"
#include "tests/rig/support/sane_client.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

using Lines = std::vector<std::string>;

/// "start GOOD", "read EOF": the words before the figures.
Lines statuses(const Lines& lines) {
  Lines result;
  for (const std::string& line : lines) {
    result.push_back(line.substr(0, line.find(' ', line.find(' ') + 1)));
  }
  return result;
}

const Lines kFeederGray75 = {"open airscan:e0:Quay", "set source=ADF", "set mode=Gray", "set resolution=75"};

class EsclScanner : public testing::Test {
 protected:
  EsclScanner() : sim_(SimScanner::start(directory_.path()).value()) {
    environment_ = {{"SANE_CONFIG_DIR", sim_.write_sane_config().value()}};
  }

  static Lines after_setup(Lines calls) {
    calls.insert(calls.begin(), kFeederGray75.begin(), kFeederGray75.end());
    return calls;
  }

  /// Runs the calls on the open feeder; the lines they printed.
  Lines scan(const Lines& calls) {
    const auto lines = run_sane_client(after_setup(calls), environment_, directory_.path());
    EXPECT_TRUE(lines) << describe(lines.error());
    return lines ? Lines(lines->begin() + static_cast<std::ptrdiff_t>(kFeederGray75.size()), lines->end()) : Lines{};
  }

  ChildProcess scan_that_hangs(const Lines& calls) {
    return start_sane_client(after_setup(calls), environment_, directory_.path()).value();
  }

  void tell(const std::string& command) { ASSERT_TRUE(sim_.tell(command)) << command; }

  void expect_next_scan_is_fine() {
    tell("fault none");
    tell("plug");
    tell("load 1");
    EXPECT_THAT(statuses(scan({"batch"})), ElementsAre("start GOOD", "read EOF", "start NO_DOCS"));
  }

  TemporaryDirectory directory_;
  SimScanner sim_;
  std::map<std::string, std::string> environment_;
};

TEST_F(EsclScanner, ScanimageGetsThreeWholePagesFromTheFeeder) {
  ChildOptions scanimage;
  scanimage.arguments = {"scanimage",
                         "-d",
                         "airscan:e0:Quay",
                         "--source",
                         "ADF",
                         "--mode",
                         "Color",
                         "--resolution",
                         "150",
                         "--format=pnm",
                         "--batch=" + (directory_ / "page%d.pnm").string()};
  scanimage.environment = environment_;
  scanimage.output_directory = directory_.path();
  auto child = ChildProcess::start(scanimage);
  ASSERT_TRUE(child);
  ASSERT_EQ(child->wait().value(), (ChildExit{0, 0})) << child->transcript();
  const auto bed =
      read_paper({page_images_directory()}).transform([](auto sides) { return PageStore(std::move(sides)).bed(); });
  ASSERT_TRUE(bed);
  for (int page = 1; page <= 3; ++page) {
    std::ifstream file(directory_ / fmt::format("page{}.pnm", page), std::ios::binary);
    std::string magic;
    std::string comment;
    int width = 0;
    int height = 0;
    ASSERT_TRUE(std::getline(file, magic) && std::getline(file, comment) && file >> width >> height);
    EXPECT_EQ(magic, "P6");
    EXPECT_NEAR(width, bed->width / 2.0, 1);
    EXPECT_NEAR(height, bed->height / 2.0, 1);
  }
  EXPECT_FALSE(std::filesystem::exists(directory_ / "page4.pnm"));
  EXPECT_EQ(sim_.status("sheets"), "0");
}

TEST_F(EsclScanner, EveryPageHasAllTheBytesThatTheParametersPromise) {
  const Lines lines = scan({"start", "params", "read", "start", "read", "start", "read", "start"});
  ASSERT_EQ(lines.size(), 8U);
  int bytes_per_line = 0;
  int height = 0;
  ASSERT_EQ(
      std::sscanf(lines[1].c_str(), "params GOOD pixels=%*d lines=%d bytes_per_line=%d", &height, &bytes_per_line), 2);
  const std::string whole_page = fmt::format("read EOF bytes={} ", height * bytes_per_line);
  for (const int page : {2, 4, 6}) {
    EXPECT_THAT(lines[static_cast<std::size_t>(page)], StartsWith(whole_page));
  }
  EXPECT_NE(lines[2], lines[4]) << "two sheets, two pictures";
  EXPECT_EQ(lines[7], "start NO_DOCS");
}

TEST_F(EsclScanner, BothSidesOfEachSheetAreScanned) {
  tell("load 2");
  const Lines lines = scan({"set source=ADF Duplex", "batch"});
  EXPECT_EQ(std::ranges::count(statuses(lines), "read EOF"), 4);
  EXPECT_EQ(sim_.status("pages"), "4");
}

TEST_F(EsclScanner, TheGlassGivesThePageThatLiesOnIt) {
  const Lines first = scan({"set source=Flatbed", "start", "read"});
  tell("place 2");
  const Lines second = scan({"set source=Flatbed", "start", "read"});
  ASSERT_EQ(second.size(), 3U);
  EXPECT_THAT(second[2], StartsWith("read EOF"));
  EXPECT_NE(first.back(), second.back());
  EXPECT_EQ(sim_.status("sheets"), "3");
}

TEST_F(EsclScanner, AWindowIsCutOutOfThePage) {
  const Lines lines = scan({"set br-x=100", "set br-y=50.8", "start", "params", "read"});
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_THAT(lines[3], testing::MatchesRegex("params GOOD pixels=29[4-6] lines=150 bytes_per_line=29[4-6]"));
}

class EsclSheetsFedAhead : public EsclScanner {
 protected:
  /// Scans the first of two sheets, cancels once the second was fed as well; then does `between`, and scans again
  /// after the feeder was loaded anew. Returns what the last read printed.
  std::string read_after_reload(Lines between) {
    const auto reloaded = directory_ / "reloaded";
    tell("load 2");
    Lines calls = {"start", "read", "cancel", "wait-for " + reloaded.string()};
    calls.insert(calls.end(), between.begin(), between.end());
    calls.insert(calls.end(), {"start", "read"});
    ChildProcess client = scan_that_hangs(calls);
    EXPECT_TRUE(wait_until(
        [&] { return client.output().find("\ncancel\n") != std::string::npos && sim_.status("job") == "Completed"; }));
    tell("load 1");
    std::ofstream(reloaded) << "now";
    EXPECT_EQ(client.wait().value(), (ChildExit{0, 0})) << client.transcript();
    const std::string output = client.output();
    return output.substr(output.rfind("read "));
  }
};

TEST_F(EsclSheetsFedAhead, CancelDoesNotForgetThemTheSameHandleHandsThemToTheNextScan) {
  tell("load 2");
  const Lines pages = scan({"start", "read", "start", "read"});
  ASSERT_EQ(pages.size(), 4U);
  EXPECT_EQ(read_after_reload({}), pages[3] + "\n");
}

TEST_F(EsclSheetsFedAhead, AFreshHandleForgetsThem) {
  const Lines pages = scan({"start", "read"});
  ASSERT_EQ(pages.size(), 2U);
  Lines reopen = kFeederGray75;
  reopen.insert(reopen.begin(), "close");
  EXPECT_EQ(read_after_reload(reopen), pages[1] + "\n");
}

TEST_F(EsclScanner, ASecondBatchFromAnotherProcessFindsTheFeederEmpty) {
  scan({"batch"});
  EXPECT_THAT(scan({"batch"}), ElementsAre("start NO_DOCS"));
}

/// A fault and what libsane's calls say of it, sheet by sheet of three.
struct FaultCase {
  const char* name;
  const char* fault;
  Lines statuses;
};

void PrintTo(const FaultCase& fault_case, std::ostream* out) { *out << fault_case.fault; }

class EsclFault : public EsclScanner, public testing::WithParamInterface<FaultCase> {};

TEST_P(EsclFault, SaysWhatTheReadmeSaysAndTheNextScanIsFine) {
  tell(std::string("fault ") + GetParam().fault);
  EXPECT_EQ(statuses(scan({"batch"})), GetParam().statuses);
  expect_next_scan_is_fine();
}

const Lines kOnePageThenIoError = {"start GOOD", "read EOF", "start IO_ERROR"};
const Lines kThreePages = {"start GOOD", "read EOF", "start GOOD",   "read EOF",
                           "start GOOD", "read EOF", "start NO_DOCS"};

INSTANTIATE_TEST_SUITE_P(
    Table, EsclFault,
    testing::Values(FaultCase{"Jam", "jam", {"start JAMMED"}},
                    FaultCase{"JamOnPage2", "jam page=2", {"start GOOD", "read EOF", "start JAMMED"}},
                    FaultCase{"CoverOpen", "cover-open", {"start COVER_OPEN"}},
                    FaultCase{"CoverOpenOnPage2", "cover-open page=2", {"start GOOD", "read EOF", "start COVER_OPEN"}},
                    FaultCase{"HatchOpen", "hatch-open", {"start IO_ERROR"}},
                    FaultCase{"Multipick", "multipick page=2", kOnePageThenIoError},
                    FaultCase{"Empty", "empty", {"start NO_DOCS"}},
                    FaultCase{"PostConflict", "post-409", {"start IO_ERROR"}},
                    FaultCase{"PostServerError", "post-500", {"start IO_ERROR"}},
                    FaultCase{"PostBusyTwice", "post-503 times=2", kThreePages},
                    FaultCase{"BusyForASecond", "next-503 page=2 seconds=0.5", kThreePages},
                    FaultCase{"LostPages", "lost-pages page=2", {"start GOOD", "read EOF", "start NO_DOCS"}},
                    FaultCase{"Truncated", "truncate page=2", kOnePageThenIoError},
                    FaultCase{"Dropped", "drop page=2", kOnePageThenIoError},
                    FaultCase{"Garbage", "garbage page=2", {"start GOOD", "read EOF", "start GOOD", "read IO_ERROR"}},
                    FaultCase{"HalfJpeg", "half-jpeg page=2", kThreePages},
                    FaultCase{"Slow", "slow page=2 seconds=0.3", kThreePages},
                    FaultCase{"Unplugged", "unplug page=2", kOnePageThenIoError}),
    [](const auto& instance) { return instance.param.name; });

TEST_F(EsclScanner, APageThatStallsInTheMiddleWaitsForEverAndTheScannerOutlivesTheReader) {
  for (const char* fault : {"fault stall page=2", "fault stall-headers page=2"}) {
    tell("load 3");
    tell(fault);
    ChildProcess client = scan_that_hangs({"batch"});
    ASSERT_TRUE(wait_until([&] { return sim_.status("stalled") == "1"; })) << client.transcript();
    EXPECT_TRUE(client.running());
    client.send_signal(SIGKILL);
    EXPECT_EQ(client.wait().value(), (ChildExit{-1, SIGKILL}));
    ASSERT_TRUE(wait_until([&] { return sim_.status("stalled") == "0"; }));
    expect_next_scan_is_fine();
  }
}

TEST_F(EsclScanner, AStallThatIsHealedGoesOnWhereItStopped) {
  tell("fault stall page=2");
  ChildProcess client = scan_that_hangs({"batch"});
  ASSERT_TRUE(wait_until([&] { return sim_.status("stalled") == "1"; })) << client.transcript();
  tell("fault none");
  ASSERT_EQ(client.wait().value(), (ChildExit{0, 0}));
  EXPECT_THAT(client.output(), HasSubstr("start NO_DOCS"));
  EXPECT_EQ(sim_.status("pages"), "3");
}

TEST_F(EsclScanner, CancelOfAStalledPageEndsTheReadAfterTenSeconds) {
  tell("fault stall page=1");
  const auto order = directory_ / "cancel-now";
  ChildProcess client = scan_that_hangs({"start", "cancel-when " + order.string()});
  ASSERT_TRUE(wait_until([&] { return sim_.status("stalled") == "1"; })) << client.transcript();
  std::ofstream(order) << "now";
  ASSERT_EQ(client.wait(std::chrono::seconds(60)).value(), (ChildExit{0, 0})) << client.transcript();
  EXPECT_THAT(client.output(), HasSubstr("read CANCELLED bytes=0"));
}

TEST_F(EsclScanner, AScannerThatAnswersNothingCannotBeOpened) {
  tell("fault mute");
  const auto lines = run_sane_client({"open airscan:e0:Quay"}, environment_, directory_.path());
  ASSERT_TRUE(lines);
  EXPECT_THAT(*lines, ElementsAre("open IO_ERROR"));
  expect_next_scan_is_fine();
}

TEST_F(EsclScanner, AnUnpluggedScannerIsStillListedButCannotBeOpened) {
  tell("unplug");
  const auto lines = run_sane_client({"list", "open airscan:e0:Quay"}, environment_, directory_.path());
  ASSERT_TRUE(lines);
  EXPECT_THAT(*lines, ElementsAre("list GOOD airscan:e0:Quay", "open IO_ERROR"));
  expect_next_scan_is_fine();
}

TEST_F(EsclScanner, SigtermEndsItAndTakesItsSocketsAway) {
  EXPECT_EQ(sim_.process().stop(), (ChildExit{0, 0})) << sim_.process().transcript();
  EXPECT_FALSE(std::filesystem::exists(sim_.socket()));
  EXPECT_FALSE(std::filesystem::exists(sim_.control()));
}

TEST_F(EsclScanner, QuitEndsIt) {
  tell("quit");
  EXPECT_EQ(sim_.process().wait().value(), (ChildExit{0, 0}));
}

TEST_F(EsclScanner, ItTellsWhatHappensInPlainWords) {
  scan({"batch"});
  EXPECT_THAT(sim_.process().errors(), HasSubstr("scanner: sheet 2 of 3 fed"));
}

TEST(EsclScannerStart, WithoutPagesItSaysWhatIsMissing) {
  const TemporaryDirectory directory;
  SimScannerOptions options;
  options.pages = {directory.path()};
  const auto sim = SimScanner::start(directory.path(), options);
  ASSERT_FALSE(sim);
  EXPECT_THAT(sim.error().detail, HasSubstr("no *.jpg found"));
}

}  // namespace
}  // namespace quay::rig
