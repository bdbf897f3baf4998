// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ctl/scan_job.hpp"

namespace quay::ctl {
namespace {

protocol::Device device_of(const std::string& id, protocol::DeviceKind kind) {
  protocol::Device device;
  device.id = id;
  device.kind = kind;
  return device;
}

using enum protocol::DeviceKind;

TEST(ChooseScanner, TakesTheOnlyScannerThereIs) {
  const auto chosen = choose_scanner({device_of("lp", printer), device_of("adf", scanner)}, "");
  ASSERT_TRUE(chosen);
  EXPECT_EQ(*chosen, "adf");
}

TEST(ChooseScanner, AsksWhichOneWhenThereAreSeveral) {
  const auto chosen = choose_scanner({device_of("a", scanner), device_of("b", scanner)}, "");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().code, Errc::usage);
  EXPECT_NE(chosen.error().detail.find("a, b"), std::string::npos) << chosen.error().detail;
}

TEST(ChooseScanner, RefusesADeviceThatIsNoScanner) {
  const auto chosen = choose_scanner({device_of("lp", printer), device_of("a", scanner)}, "lp");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().code, Errc::device_unknown);
}

TEST(ChooseScanner, SaysThatThereIsNone) {
  const auto chosen = choose_scanner({}, "");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().code, Errc::device_absent);
}

/// Whether a visit may be closed decides whether pages can be lost.
TEST(ScanOutcome, KeepsTheVisitOpenWheneverPagesMayBeInIt) {
  ScanOutcome outcome;
  outcome.visit = "v";
  outcome.own_visit = true;
  EXPECT_TRUE(outcome.may_close_visit()) << "all is delivered";
  outcome.error = make_error(Errc::device_busy, "", "");
  EXPECT_TRUE(outcome.may_close_visit()) << "no job was ever started";
  outcome.job = "j";
  EXPECT_FALSE(outcome.may_close_visit()) << "nobody knows whether there are pages";
  outcome.kept = 0;
  EXPECT_TRUE(outcome.may_close_visit());
  outcome.kept = 2;
  EXPECT_FALSE(outcome.may_close_visit());
  outcome.error.reset();
  outcome.own_visit = false;
  EXPECT_FALSE(outcome.may_close_visit()) << "somebody else opened it";
}

}  // namespace
}  // namespace quay::ctl
