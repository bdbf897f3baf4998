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

class EsclScanner : public testing::Test {
 protected:
  void start(rig::SimScannerOptions options = {}) {
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
  EXPECT_EQ(answers.pages.size(), 3U);
  EXPECT_EQ(answers.finished.pages, 3);
}

}  // namespace
}  // namespace quay::test
