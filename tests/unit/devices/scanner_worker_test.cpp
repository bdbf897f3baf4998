// SPDX-License-Identifier: Apache-2.0
// The real quay-scanner over its channel, with the real libsane and the backends it ships for tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/devices/sane_setup.hpp"

namespace quay::test {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;
using testing::ElementsAre;

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
  SaneSetup sane("test", "");
  const auto worker = sane.worker("test:0");
  const Answers answers = worker->ask(scan_order(ScanSource::flatbed, ScanMode::color, 100));
  ASSERT_EQ(answers.code(), "");
  ASSERT_EQ(answers.pages.size(), 1U);
  const protocol::PageGeometry& geometry = answers.pages[0].frame.geometry;
  EXPECT_EQ(geometry.width, 393);
  EXPECT_EQ(geometry.height, 590);
  EXPECT_EQ(geometry.format, PixelFormat::rgb);
  EXPECT_DOUBLE_EQ(geometry.dpi, 100);
  EXPECT_NEAR(geometry.width_mm, 100, 0.3);
  EXPECT_NEAR(geometry.height_mm, 150, 0.3);
  EXPECT_THAT(answers.pages[0].frame.adjusted, testing::IsEmpty());
  EXPECT_EQ(answers.finished.pages, 1);
}

TEST(ScannerWorker, ScansAsManyPagesAsAskedFromTheFeeder) {
  SaneSetup sane("test", "");
  const auto worker = sane.worker("test:0");
  const Answers answers = worker->ask(scan_order(ScanSource::adf, ScanMode::gray, 75, 4));
  ASSERT_EQ(answers.code(), "");
  ASSERT_EQ(answers.pages.size(), 4U);
  EXPECT_EQ(answers.pages[3].frame.page, 4);
  EXPECT_EQ(answers.pages[3].frame.geometry.format, PixelFormat::gray);
}

}  // namespace
}  // namespace quay::test
