// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ctl/bundle/texts.hpp"

namespace quay::ctl::bundle {
namespace {

TEST(BundledSettings, TellNumbersSwitchesAndWhichDevices) {
  EXPECT_EQ(
      settings_text("[deadlines]\nstall_ms = 2000\n[scanner]\ndiscover = true\n[[scanner.device]]\nid = \"hp-1\"\n"),
      "[deadlines]\nstall_ms = 2000\n[scanner]\ndiscover = true\n[[scanner.device]]\nid = \"hp-1\"\n");
}

TEST(BundledSettings, TellOtherTextsByTheirLength) {
  EXPECT_EQ(settings_text("uri = \"ipp://clerk:secret@10.0.0.7/ipp\"\nname = 'Máy của chị Hoa'\n"),
            "uri = \"<31 bytes>\"\nname = \"<20 bytes>\"\n");
  EXPECT_EQ(settings_text("x = \"a \\\" secret # \"\n"), "x = \"<14 bytes>\"\n");
}

TEST(BundledSettings, LeaveCommentsOut) {
  EXPECT_EQ(settings_text("# Hoa, 0912345678\nport = 5001 # of Hoa\n\n"), "port = 5001\n");
}

TEST(BundledSettings, FollowAListOverLines) {
  EXPECT_EQ(settings_text("sane_backends = [\n  \"hp\",\n]\naccounts = [\n  \"hoa\",\n]\n"),
            "sane_backends = [\n\"hp\",\n]\naccounts = [\n\"<3 bytes>\",\n]\n");
}

TEST(BundledSettings, TellNothingOfALineThatIsNone) {
  EXPECT_EQ(settings_text("id = \"open text\nid2 \"secret\n"), "id = \"open text\"\nid2 \"<6 bytes>\"\n");
}

}  // namespace
}  // namespace quay::ctl::bundle
