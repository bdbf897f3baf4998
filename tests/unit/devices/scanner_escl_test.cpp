// SPDX-License-Identifier: Apache-2.0
// quay-scanner against the simulated eSCL scanner, through Debian's sane-airscan: real pages, and every way in which a
// network scanner fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rig/scanner/sane_config.hpp"
#include "tests/rig/support/sim_scanner.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/sane_setup.hpp"

namespace quay::test {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;
using testing::SizeIs;

class EsclScanner : public testing::Test {
 protected:
  void start(int sheets = 3) {
    rig::SimScannerOptions options;
    options.sheets = sheets;
    auto started = rig::SimScanner::start(directory_.path(), options);
    ASSERT_TRUE(started) << describe(started.error());
    scanner_.emplace(*std::move(started));
    ASSERT_TRUE(scanner_->write_sane_config());
    worker_ =
        std::make_unique<WorkerClient>(QUAY_SCANNER, std::vector<std::string>{"--device", rig::sane_device_name()},
                                       worker_environment(directory_.path() / "sane"));
    ASSERT_TRUE(worker_->greeted());
  }

  void tell(const std::string& command) {
    const auto reply = scanner_->tell(command);
    ASSERT_TRUE(reply) << describe(reply.error());
  }

  static frames::Scan a5(ScanSource source, std::int32_t max_pages = 0) {
    frames::Scan order = scan_order(source, ScanMode::gray, 100, max_pages);
    order.settings.width_mm = 148;
    order.settings.height_mm = 210;
    return order;
  }

  rig::TemporaryDirectory directory_;
  std::optional<rig::SimScanner> scanner_;
  std::unique_ptr<WorkerClient> worker_;
};

TEST_F(EsclScanner, DescribesItself) {
  start();
  const Answers answers = worker_->ask(frames::Describe{{}, 1});
  ASSERT_EQ(answers.code(), "");
  const protocol::ScannerCapabilities& can = answers.described->capabilities;
  EXPECT_THAT(can.sources, testing::ElementsAre(ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex));
  EXPECT_THAT(can.modes, testing::ElementsAre(ScanMode::color, ScanMode::gray));
  EXPECT_THAT(can.resolutions_dpi, testing::Contains(300));
  EXPECT_GE(can.max_width_mm, 210);
  EXPECT_GE(can.max_height_mm, 297);
  EXPECT_FALSE(answers.described->identity.model.empty());
}

TEST_F(EsclScanner, EmptiesTheFeeder) {
  start();
  const Answers answers = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(3));
  EXPECT_EQ(answers.finished->pages, 3);
}

TEST_F(EsclScanner, ScansBothSidesAndTheGlass) {
  start();
  EXPECT_THAT(worker_->ask(a5(ScanSource::adf_duplex)).pages, SizeIs(6));
  const Answers flatbed = worker_->ask(a5(ScanSource::flatbed));
  EXPECT_EQ(flatbed.code(), "");
  EXPECT_THAT(flatbed.pages, SizeIs(1));
}

TEST_F(EsclScanner, PagesHaveTheirTrueSize) {
  start();
  frames::Scan order = a5(ScanSource::flatbed);
  order.settings = {};  // A4, colour, 300 dpi
  const Answers answers = worker_->ask(order);
  ASSERT_EQ(answers.code(), "");
  const protocol::PageGeometry& geometry = answers.pages[0].frame.geometry;
  EXPECT_EQ(geometry.format, PixelFormat::rgb);
  EXPECT_DOUBLE_EQ(geometry.dpi, 300);
  EXPECT_NEAR(geometry.width_mm, 210, 0.3);
  EXPECT_NEAR(geometry.height_mm, 297, 0.3);
  EXPECT_THAT(answers.pages[0].frame.adjusted, testing::IsEmpty());
}

TEST_F(EsclScanner, AutomaticFallsBackToTheGlassWhenTheFeederIsEmpty) {
  start(0);
  EXPECT_EQ(worker_->ask(a5(ScanSource::adf)).code(), "paper.empty");
  const Answers answers = worker_->ask(a5(ScanSource::automatic));
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(1));
}

TEST_F(EsclScanner, PagesLostByAnAbortedJobAreFetchedByANewOne) {
  start(5);
  tell("fault lost-pages page=3 times=1");
  const Answers answers = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(5)) << "scanimage ends here with two pages and exit status 0";
}

TEST_F(EsclScanner, ASleepyScannerGetsASecondChance) {
  start();
  tell("fault drop page=1 times=1");
  const Answers answers = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(answers.code(), "");
  EXPECT_FALSE(answers.pages.empty());
}

struct FaultCase {
  const char* fault;
  const char* wire;
  std::size_t pages;
};
void PrintTo(const FaultCase& fault, std::ostream* out) { *out << fault.fault; }

class EsclFault : public EsclScanner, public testing::WithParamInterface<FaultCase> {};

TEST_P(EsclFault, HasItsCodeKeepsPagesAndHeals) {
  start();
  tell(std::string("fault ") + GetParam().fault);
  const Answers answers = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(answers.code(), GetParam().wire);
  EXPECT_THAT(answers.pages, SizeIs(GetParam().pages));
  tell("fault none");
  tell("load 1");
  EXPECT_THAT(worker_->ask(a5(ScanSource::adf)).pages, SizeIs(1)) << "nothing had to be restarted";
}

INSTANTIATE_TEST_SUITE_P(
    Airscan, EsclFault,
    testing::Values(FaultCase{"jam page=3", "paper.jam", 2}, FaultCase{"cover-open page=1", "cover.open", 0},
                    FaultCase{"truncate page=2", "device.io", 1}, FaultCase{"drop page=2", "device.io", 1},
                    FaultCase{"garbage page=2", "device.io", 1},
                    FaultCase{"half-jpeg page=3", "scan.page_incomplete", 2}, FaultCase{"post-500", "device.io", 0}));

TEST_F(EsclScanner, UnpluggedAndPluggedInAgainItScansWithoutARestart) {
  start();
  tell("fault unplug page=2");
  const Answers answers = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(answers.code(), "device.io");
  EXPECT_THAT(answers.pages, SizeIs(1));
  EXPECT_THAT(worker_->ask(a5(ScanSource::adf)).code(), testing::AnyOf("device.io", "device.absent"));
  tell("fault none");
  tell("plug");
  tell("load 2");
  const Answers again = worker_->ask(a5(ScanSource::adf));
  EXPECT_EQ(again.code(), "");
  EXPECT_THAT(again.pages, SizeIs(2));
}

TEST_F(EsclScanner, AStalledPageIsEndedByKillAndThePageBeforeItIsKept) {
  start();
  tell("fault stall page=2");
  worker_->send(a5(ScanSource::adf));
  ASSERT_TRUE(rig::wait_until([&] { return scanner_->status("stalled") == "1"; }));
  worker_->send(frames::Cancel{{}, 1});
  worker_->kill();
  const Answers answers = worker_->collect();
  EXPECT_THAT(answers.pages, SizeIs(1));
  EXPECT_EQ(worker_->ending(), "signal KILL");
}

}  // namespace
}  // namespace quay::test
