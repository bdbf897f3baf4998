// SPDX-License-Identifier: Apache-2.0
// quayctl selftest over every kind of device.
#include <gmock/gmock.h>

#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(Selftest, LetsEachDeviceDoItsWorkAndErasesIt) {
  Counter counter({.sheets = 2, .camera = true, .card = true});
  counter.start();
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kCamera));
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kCardReader));
  const Said said = counter.quayctl({"selftest"});
  EXPECT_EQ(said.code, 0) << said.output << said.errors;
  EXPECT_THAT(said.output, AllOf(ContainsRegex("ok +scanner-1 .*1 page, "), ContainsRegex("ok +camera-1 .*1 page, "),
                                 ContainsRegex("ok +card .*slot")));
  EXPECT_EQ(counter.script().sheets_left(), 1) << "one page, not the whole feeder";
  client::Client client = counter.connect();
  const auto visits = client.call_as<protocol::VisitListResult>("visit.list", protocol::NoArguments{});
  ASSERT_TRUE(visits);
  EXPECT_TRUE(visits->visits.empty());
}

TEST(Selftest, SaysWhatIsWrongWithADeviceAndGoesOnWithTheNext) {
  Counter counter({.sheets = 1, .two_scanners = true});
  counter.start();
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kSecondScanner));
  counter.script().fault("start COVER_OPEN page=1");
  const Said said = counter.quayctl({"selftest"});
  EXPECT_EQ(said.code, 4) << "somebody at the device can put it right";
  EXPECT_THAT(said.output, AllOf(ContainsRegex("FAULT +scanner-1 .*cover.open"), ContainsRegex("ok +scanner-2 ")));
}

TEST(Selftest, TestsOnlyWhatIsNamed) {
  Counter counter({.two_scanners = true});
  counter.start();
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::ready, kSecondScanner));
  const Said said = counter.quayctl({"--json", "selftest", kSecondScanner});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.output,
              AllOf(HasSubstr("\"device\":\"scanner-2\",\"verdict\":\"ok\""), Not(HasSubstr("scanner-1"))));
  EXPECT_THAT(counter.quayctl({"selftest", "scanner-9"}).errors, HasSubstr("device.unknown"));
}

}  // namespace
}  // namespace quay::system_test
