// SPDX-License-Identifier: Apache-2.0
// What changes of a camera while it is used is told when it is asked, and with each capture.
#include <gtest/gtest.h>

#include "tests/rig/support/sim_camera.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/supervised_camera.hpp"

namespace quay::test {
namespace {

constexpr Milliseconds kPatience{20'000};

TEST(CameraCondition, IsToldWithEachCaptureAndEachLook) {
  const rig::TemporaryDirectory directory;
  const rig::SimCamera sim = rig::SimCamera::start(directory.path(), {{}, {"--room", "10"}}).value();
  SupervisedCamera camera(sim.port());
  const CameraAnswers described = camera.describe(kPatience);
  ASSERT_EQ(described.code(), "");
  EXPECT_TRUE(described.described->looks);
  EXPECT_EQ(described.described->camera->pictures_left, 10);
  ASSERT_TRUE(sim.tell("battery 41"));
  ASSERT_TRUE(sim.tell("room 7"));
  std::optional<frames::Condition> told;
  const auto look = [&] {
    told = camera.look(kPatience).condition;
    return told && told->battery_percent == 41;
  };
  EXPECT_TRUE(rig::wait_until(look, kPatience)) << "the driver remembers a property for two seconds";
  EXPECT_EQ(told->pictures_left, 7);
  ASSERT_TRUE(sim.tell("room 5"));
  const CameraAnswers captured = camera.capture({}, kPatience);
  ASSERT_TRUE(captured.condition);
  EXPECT_EQ(captured.condition->battery_percent, 41);
  EXPECT_EQ(captured.condition->pictures_left, 5) << "the picture went from the card again";
  EXPECT_EQ(sim.status("sessions"), "1");
}

TEST(CameraCondition, PicturesOfItsButtonThatNobodyWaitedForAreNobodys) {
  const rig::TemporaryDirectory directory;
  const rig::SimCamera sim = rig::SimCamera::start(directory.path()).value();
  SupervisedCamera camera(sim.port());
  ASSERT_EQ(camera.describe(kPatience).code(), "");
  ASSERT_TRUE(sim.tell("press"));
  ASSERT_EQ(camera.look(kPatience).code(), "");
  ASSERT_TRUE(sim.tell("press"));
  EXPECT_EQ(camera.capture({}, kPatience).pages.size(), 1U);
  EXPECT_EQ(sim.status("taken"), "3");
  EXPECT_EQ(sim.status("deleted"), "1");
}

}  // namespace
}  // namespace quay::test
