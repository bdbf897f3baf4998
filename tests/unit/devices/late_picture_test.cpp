// SPDX-License-Identifier: Apache-2.0
// What one job leaves in a camera does not reach the next, which may be another citizen's: a picture that comes when
// nobody waits for it any more, a setting, a request that goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>

#include "tests/rig/support/sim_camera.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/supervised_camera.hpp"

namespace quay::test {
namespace {

constexpr Milliseconds kPatience{20'000};
/// Long enough for a worker that does not wait to have let its shutter go.
constexpr Milliseconds kMoment{1'500};

class AfterAJob : public testing::Test {
 protected:
  void tell(const std::string& command) { ASSERT_TRUE(sim_.tell(command)) << command; }
  bool was_taken(const char* count, Milliseconds patience = kPatience) {
    return rig::wait_until([&] { return sim_.status("taken") == count; }, patience);
  }

  /// The picture of scene `number`, from 1.
  std::vector<std::uint8_t> picture_of(int number) {
    tell("aim " + std::to_string(number));
    const CameraAnswers answers = camera_.capture({}, kPatience);
    EXPECT_EQ(answers.pages.size(), 1U) << answers.code();
    return answers.pages.empty() ? std::vector<std::uint8_t>() : answers.pages.front();
  }

  /// The shutter goes, and the job is cancelled before its picture is told of.
  void cancel_after_the_shutter(const char* taken) {
    tell("hold on");
    const CameraAnswers cancelled =
        camera_.capture({}, kPatience, [&](const CameraAnswers&) { return was_taken(taken); });
    EXPECT_EQ(cancelled.code(), "scan.cancelled");
    EXPECT_EQ(cancelled.pages.size(), 0U);
  }

  rig::TemporaryDirectory directory_;
  rig::SimCamera sim_ = rig::SimCamera::start(directory_.path()).value();
  SupervisedCamera camera_{sim_.port()};
};

TEST_F(AfterAJob, ThePictureOfACancelledOneIsNotTheNextOnes) {
  const std::vector<std::uint8_t> first = picture_of(1);
  const std::vector<std::uint8_t> second = picture_of(2);
  ASSERT_NE(first, second);
  tell("aim 1");
  cancel_after_the_shutter("3");
  auto late = std::async(std::launch::async, [&] {
    was_taken("4", kMoment);  // of a worker that does not wait for what is on its way
    tell("hold off");
  });
  const CameraAnswers next = camera_.capture({}, kPatience);
  late.get();
  EXPECT_EQ(next.code(), "");
  ASSERT_EQ(next.pages.size(), 1U);
  EXPECT_TRUE(next.pages[0] == second) << "the picture of the job that was cancelled";
}

TEST_F(AfterAJob, ThePictureOfAWorkerThatDiedIsNotTheNextOnes) {
  const std::vector<std::uint8_t> first = picture_of(1);
  const std::vector<std::uint8_t> second = picture_of(2);
  ASSERT_NE(first, second);
  tell("aim 1");
  tell("hold on");
  const CameraAnswers torn = camera_.capture({}, kPatience, [&](const CameraAnswers&) {
    const bool went = was_taken("3");
    return went && ::kill(camera_.pid(), SIGKILL) == 0;
  });
  EXPECT_THAT(torn.code(), testing::AnyOf("worker.crashed", "device.timeout"));
  tell("aim 2");
  auto late = std::async(std::launch::async, [&] {
    was_taken("4", kMoment);  // of a worker that does not know of its predecessor's shutter
    tell("hold off");
  });
  const CameraAnswers next = camera_.capture({}, kPatience);
  late.get();
  EXPECT_EQ(next.code(), "");
  ASSERT_EQ(next.pages.size(), 1U);
  EXPECT_TRUE(next.pages[0] == second) << "the picture of the job whose worker died";
}

TEST_F(AfterAJob, ThePictureOfACancelledOneIsNotTheNextOnesAlsoWhenTheWorkerDiesInBetween) {
  const std::vector<std::uint8_t> second = picture_of(2);
  tell("aim 1");
  cancel_after_the_shutter("2");
  ASSERT_EQ(::kill(camera_.pid(), SIGKILL), 0);
  EXPECT_NE(camera_.look(kPatience).code(), "") << "who asks first finds it dead";
  auto late = std::async(std::launch::async, [&] {
    was_taken("3", kMoment);
    tell("hold off");
  });
  tell("aim 2");
  const CameraAnswers next = camera_.capture({}, kPatience);
  late.get();
  ASSERT_EQ(next.pages.size(), 1U) << next.code();
  EXPECT_TRUE(next.pages[0] == second) << "the picture of the job that was cancelled";
}

TEST_F(AfterAJob, APictureThatCameMeanwhileHoldsNobodyUp) {
  const std::vector<std::uint8_t> second = picture_of(2);
  tell("aim 1");
  cancel_after_the_shutter("2");
  tell("hold off");
  ASSERT_EQ(camera_.look(kPatience).code(), "");
  const CameraAnswers next = camera_.capture({}, kPatience);
  ASSERT_EQ(next.pages.size(), 1U) << next.code();
  EXPECT_TRUE(next.pages[0] == second);
}

TEST_F(AfterAJob, ACancelledOneWaitsForALatePictureNoLongerThanItsOwnCancelling) {
  cancel_after_the_shutter("1");
  const CameraAnswers next =
      camera_.capture({}, kPatience, [&](const CameraAnswers& answers) { return !answers.stages.empty(); });
  EXPECT_EQ(next.code(), "scan.cancelled");
  EXPECT_EQ(sim_.status("taken"), "1");
}

TEST_F(AfterAJob, ItsSettingsAreGivenBack) {
  frames::Capture order;
  order.settings.iso = "1600";
  EXPECT_EQ(camera_.capture(order, kPatience).code(), "");
  EXPECT_EQ(sim_.status("iso"), "400");
  EXPECT_EQ(camera_.capture({}, kPatience).code(), "");
  EXPECT_EQ(sim_.status("iso"), "400");
}

TEST_F(AfterAJob, TheSettingsOfACancelledOneAreGivenBack) {
  frames::Capture order;
  order.settings.iso = "1600";
  order.settings.trigger = protocol::CameraTrigger::button;
  const auto waits = [](const CameraAnswers& answers) {
    return !answers.stages.empty() && answers.stages.back() == frames::Stage::waiting_for_button;
  };
  EXPECT_EQ(camera_.capture(order, kPatience, waits).code(), "scan.cancelled");
  EXPECT_EQ(sim_.status("iso"), "400");
}

TEST_F(AfterAJob, ASlowLiveViewEndsWithinTheGrace) {
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  const pid_t before = camera_.pid();
  EXPECT_EQ(camera_.live_view(1, kPatience, 0.1).code(), "");
  EXPECT_EQ(camera_.pid(), before) << "it was killed";
  EXPECT_EQ(camera_.describe(kPatience).code(), "");
}

}  // namespace
}  // namespace quay::test
