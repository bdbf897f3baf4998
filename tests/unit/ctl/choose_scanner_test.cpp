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

TEST(ChooseSource, TakesTheOnlyScannerThereIs) {
  const auto chosen = choose_source({device_of("lp", printer), device_of("adf", scanner)}, "");
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->id, "adf");
}

TEST(ChooseSource, AsksWhichOneWhenThereAreSeveral) {
  const auto chosen = choose_source({device_of("a", scanner), device_of("b", scanner)}, "");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().code, Errc::usage);
  EXPECT_NE(chosen.error().detail.find("a, b"), std::string::npos) << chosen.error().detail;
}

TEST(ChooseSource, RefusesADeviceThatGivesNoPages) {
  const auto chosen = choose_source({device_of("lp", printer), device_of("a", scanner)}, "lp");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().code, Errc::device_unknown);
}

TEST(ChooseSource, TakesTheOnlyCameraWhereThereIsNoScannerAndAnyThatIsNamed) {
  const auto only = choose_source({device_of("lp", printer), device_of("eos", camera)}, "");
  ASSERT_TRUE(only);
  EXPECT_EQ(only->id, "eos");
  const auto named = choose_source({device_of("eos", camera), device_of("adf", scanner)}, "eos");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->id, "eos");
  EXPECT_EQ(choose_source({device_of("eos", camera), device_of("adf", scanner)}, "")->id, "adf");
}

TEST(ChooseSource, SaysThatThereIsNone) {
  const auto chosen = choose_source({}, "");
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
