// SPDX-License-Identifier: Apache-2.0
// The real quay-scanner over its channel, with the real libsane and its `test` backend: settings, frames, statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/devices/sane_setup.hpp"

namespace quay::test {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint8_t> pixels_of(const SeenPage& page) {
  return {page.pixels.bytes().begin(), page.pixels.bytes().end()};
}

/// One page from a `test` scanner with these lines of test.conf.
Answers scan_with(const std::string& configuration, const frames::Scan& order) {
  SaneSetup sane("test", configuration);
  return sane.worker("test:0")->ask(order);
}

TEST(ScannerWorker, DescribesTheDevice) {
  SaneSetup sane("test", "");
  const Answers answers = sane.worker("test:0")->ask(frames::Describe{{}, 1});
  ASSERT_EQ(answers.code(), "");
  ASSERT_TRUE(answers.described);
  EXPECT_EQ(answers.described->identity.maker, "Noname");
  EXPECT_EQ(answers.described->identity.model, "frontend-tester");
  const protocol::ScannerCapabilities& can = answers.described->capabilities;
  EXPECT_THAT(can.sources, ElementsAre(ScanSource::flatbed, ScanSource::adf));
  EXPECT_THAT(can.modes, ElementsAre(ScanMode::color, ScanMode::gray));
  EXPECT_EQ(can.min_resolution_dpi, 1);
  EXPECT_EQ(can.max_resolution_dpi, 1200);
  EXPECT_DOUBLE_EQ(can.max_width_mm, 200);
  EXPECT_DOUBLE_EQ(can.max_height_mm, 200);
}

TEST(ScannerWorker, ScansOnePageFromTheFlatbed) {
  const Answers answers = scan_with("", scan_order(ScanSource::flatbed, ScanMode::color, 100, 5));
  ASSERT_EQ(answers.code(), "");
  ASSERT_EQ(answers.pages.size(), 1U);
  const protocol::PageGeometry& geometry = answers.pages[0].frame.geometry;
  EXPECT_EQ(geometry.width, 393);
  EXPECT_EQ(geometry.height, 590);
  EXPECT_EQ(geometry.format, PixelFormat::rgb);
  EXPECT_DOUBLE_EQ(geometry.dpi, 100);
  EXPECT_NEAR(geometry.width_mm, 100, 0.3);
  EXPECT_NEAR(geometry.height_mm, 150, 0.3);
  EXPECT_THAT(answers.pages[0].frame.adjusted, IsEmpty());
  EXPECT_EQ(answers.finished->pages, 1);
}

TEST(ScannerWorker, ScansAsManyPagesAsAskedFromTheFeeder) {
  const Answers answers = scan_with("", scan_order(ScanSource::adf, ScanMode::gray, 75, 4));
  ASSERT_EQ(answers.code(), "");
  ASSERT_EQ(answers.pages.size(), 4U);
  EXPECT_EQ(answers.pages[3].frame.page, 4);
  EXPECT_EQ(answers.pages[3].frame.geometry.format, PixelFormat::gray);
}

TEST(ScannerWorker, AFeederThatIsNeverReallyEmptyDoesNotScanForEver) {
  // The test backend says NO_DOCS after ten pages and then has ten more, again and again.
  const Answers answers = scan_with("", scan_order(ScanSource::adf, ScanMode::gray, 50));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(answers.pages.size(), 40U);
}

TEST(ScannerWorker, ReportsProgressFromTheFirstRowToTheLast) {
  const Answers answers = scan_with("", scan_order(ScanSource::flatbed, ScanMode::color, 300));
  ASSERT_EQ(answers.code(), "");
  ASSERT_GE(answers.progress.size(), 3U);
  EXPECT_EQ(answers.progress[0].stage, frames::Stage::opening);
  EXPECT_EQ(answers.progress[1].stage, frames::Stage::feeding);
  EXPECT_EQ(answers.progress.back().stage, frames::Stage::reading);
  EXPECT_EQ(answers.progress.back().rows_done, answers.progress.back().rows_total);
  EXPECT_EQ(answers.progress.back().rows_total, answers.pages[0].frame.geometry.height);
}

std::string adjustments_of(const SeenPage& page) {
  std::string all;
  for (const protocol::SettingAdjustment& one : page.frame.adjusted) {
    all += one.setting + ":" + one.asked + "->" + one.got + " ";
  }
  return all;
}

TEST(ScannerWorker, SaysWhatItHadToRound) {
  frames::Scan order = scan_order(ScanSource::flatbed, ScanMode::bitonal, 2400);
  order.settings.width_mm = 20;
  order.settings.height_mm = 250;
  const Answers answers = scan_with("", order);
  ASSERT_EQ(answers.code(), "");
  EXPECT_EQ(adjustments_of(answers.pages[0]), "height_mm:250.0->200.0 resolution_dpi:2400->1200 mode:bitonal->gray ");
  EXPECT_DOUBLE_EQ(answers.pages[0].frame.geometry.dpi, 1200);
}

TEST(ScannerWorker, ASizeOfZeroMeansTheWholeBed) {
  frames::Scan order = scan_order(ScanSource::flatbed, ScanMode::gray, 50);
  order.settings.width_mm = 0;
  order.settings.height_mm = 0;
  const Answers answers = scan_with("", order);
  ASSERT_EQ(answers.code(), "");
  EXPECT_NEAR(answers.pages[0].frame.geometry.width_mm, 200, 0.6);
  EXPECT_NEAR(answers.pages[0].frame.geometry.height_mm, 200, 0.6);
  EXPECT_THAT(answers.pages[0].frame.adjusted, IsEmpty());
}

TEST(ScannerWorker, AThreePassScanHasThePixelsOfAOnePassScan) {
  const std::string picture = "test-picture \"Color pattern\"\nmode Color\n";
  const frames::Scan order = scan_order(ScanSource::flatbed, ScanMode::color, 72);
  const Answers one = scan_with(picture, order);
  for (const char* turn : {"RGB", "BRG", "GBR"}) {
    const Answers three = scan_with(picture + "three-pass true\nthree-pass-order " + turn + "\n", order);
    ASSERT_EQ(three.code(), "") << turn;
    EXPECT_EQ(three.pages[0].frame.geometry.format, PixelFormat::rgb);
    EXPECT_TRUE(pixels_of(three.pages[0]) == pixels_of(one.pages[0])) << turn;
  }
}

TEST(ScannerWorker, AHandScannerMayNotKnowItsLength) {
  const Answers answers = scan_with("hand-scanner true\ntest-picture \"Solid white\"\n",
                                    scan_order(ScanSource::flatbed, ScanMode::gray, 75));
  ASSERT_EQ(answers.code(), "");
  const SeenPage& page = answers.pages[0];
  EXPECT_NEAR(page.frame.geometry.width_mm, 110, 0.5) << "the backend's own width";
  EXPECT_GT(page.frame.geometry.height, 0);
  EXPECT_EQ(page.frame.bytes,
            page.frame.geometry.stride_bytes * static_cast<std::uint64_t>(page.frame.geometry.height));
  EXPECT_EQ(std::ranges::count(page.pixels.bytes(), 0xff), static_cast<std::ptrdiff_t>(page.frame.bytes));
}

TEST(ScannerWorker, OddFramesAndSmallReadsMakeTheSamePage) {
  const std::string picture = "test-picture \"Grid\"\n";
  const frames::Scan order = scan_order(ScanSource::flatbed, ScanMode::gray, 60);
  const Answers plain = scan_with(picture, order);
  for (const char* oddity : {"fuzzy-parameters true", "read-limit true\nread-limit-size 37"}) {
    const Answers odd = scan_with(picture + oddity + "\n", order);
    ASSERT_EQ(odd.code(), "") << oddity;
    EXPECT_TRUE(pixels_of(odd.pages[0]) == pixels_of(plain.pages[0])) << oddity;
  }
}

struct StatusCase {
  const char* sane;
  const char* wire;
};
void PrintTo(const StatusCase& status, std::ostream* out) { *out << status.sane; }

class EveryReadStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(EveryReadStatus, BecomesItsOwnCodeAndNoPage) {
  const Answers answers = scan_with(std::string("read-status-code \"") + GetParam().sane + "\"\n",
                                    scan_order(ScanSource::flatbed, ScanMode::gray, 75));
  EXPECT_EQ(answers.code(), GetParam().wire);
  EXPECT_THAT(answers.pages, IsEmpty());
  EXPECT_EQ(answers.finished->pages, 0);
}

INSTANTIATE_TEST_SUITE_P(TestBackend, EveryReadStatus,
                         testing::Values(StatusCase{"SANE_STATUS_UNSUPPORTED", "device.unsupported"},
                                         StatusCase{"SANE_STATUS_CANCELLED", "scan.cancelled"},
                                         StatusCase{"SANE_STATUS_DEVICE_BUSY", "device.busy"},
                                         StatusCase{"SANE_STATUS_INVAL", "device.invalid_setting"},
                                         StatusCase{"SANE_STATUS_EOF", "scan.page_incomplete"},
                                         StatusCase{"SANE_STATUS_JAMMED", "paper.jam"},
                                         StatusCase{"SANE_STATUS_NO_DOCS", "paper.empty"},
                                         StatusCase{"SANE_STATUS_COVER_OPEN", "cover.open"},
                                         StatusCase{"SANE_STATUS_IO_ERROR", "device.io"},
                                         StatusCase{"SANE_STATUS_NO_MEM", "device.no_memory"},
                                         StatusCase{"SANE_STATUS_ACCESS_DENIED", "device.access_denied"}));

TEST(ScannerWorker, AnUnknownDeviceIsAbsent) {
  SaneSetup sane("test", "");
  const auto worker = sane.worker("test:7");
  EXPECT_EQ(worker->ask(scan_order(ScanSource::flatbed, ScanMode::gray, 75)).code(), "device.absent");
  EXPECT_EQ(worker->ask(frames::Describe{{}, 2}).code(), "device.absent");
}

TEST(ScannerWorker, ASourceTheDeviceLacksIsRefused) {
  const Answers answers = scan_with("", scan_order(ScanSource::adf_duplex, ScanMode::gray, 75));
  EXPECT_EQ(answers.code(), "device.unsupported");
}

TEST(ScannerWorker, SettingsNoScannerCanMeanAreRefused) {
  EXPECT_EQ(scan_with("", scan_order(ScanSource::flatbed, ScanMode::gray, -1)).code(), "device.invalid_setting");
}

}  // namespace
}  // namespace quay::test
