// SPDX-License-Identifier: Apache-2.0
// A citizen's phone behind quay-camera: nothing is changed on it, only pictures taken after it was plugged in come
// over, and what its owner has to do is said in a code of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rig/support/sim_camera.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/supervised_camera.hpp"

namespace quay::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr Milliseconds kPatience{20'000};

frames::Capture pictures(std::int32_t count) {
  frames::Capture order;
  order.pictures = count;
  return order;
}

class Phone : public testing::Test {
 protected:
  explicit Phone(std::vector<std::string> arguments = {"--phone", "android", "--old", "3"})
      : sim_(rig::SimCamera::start(directory_.path(), {{}, std::move(arguments)}).value()) {}

  void tell(const std::string& command) { ASSERT_TRUE(sim_.tell(command)) << command; }

  rig::TemporaryDirectory directory_;
  rig::SimCamera sim_;
  SupervisedCamera camera_{sim_.port()};
};

TEST_F(Phone, IsAGuestThatTakesNoOrders) {
  const CameraAnswers answers = camera_.describe(kPatience);
  ASSERT_EQ(answers.code(), "");
  EXPECT_TRUE(answers.described->guest);
  EXPECT_EQ(answers.described->identity.model, "SM-A156E");
  EXPECT_FALSE(answers.described->camera->capture);
  EXPECT_FALSE(answers.described->camera->live_view);
  EXPECT_EQ(answers.described->camera->battery_percent, 80);
  EXPECT_EQ(answers.described->camera->pictures_left, -1) << "its memory is its owner's business";
}

TEST_F(Phone, GivesOnlyPicturesThatWereTakenAfterItWasPluggedIn) {
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  ASSERT_EQ(camera_.look(kPatience).code(), "");
  tell("press");
  const CameraAnswers answers = camera_.capture(pictures(2), kPatience);
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(2));
  EXPECT_NE(answers.pages.at(0), answers.pages.at(1));
  EXPECT_EQ(sim_.status("pictures"), "5") << "those that were there, and the two, which stay its owner's";
  EXPECT_EQ(sim_.status("sessions"), "1");
}

TEST_F(Phone, IsWaitedForUntilItsOwnerTakesAPicture) {
  bool pressed = false;
  const auto press_when_asked = [&](const CameraAnswers& answers) {
    if (!pressed && !answers.stages.empty() && answers.stages.back() == frames::Stage::waiting_for_button) {
      pressed = true;
      tell("press");
    }
    return false;
  };
  const CameraAnswers answers = camera_.capture(pictures(1), kPatience, press_when_asked);
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(1));
}

TEST_F(Phone, IsNeverWrittenTo) {
  frames::Capture order = pictures(1);
  order.settings.iso = "800";
  order.settings.trigger = protocol::CameraTrigger::command;
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  EXPECT_EQ(camera_.capture(order, kPatience).code(), "");
  EXPECT_EQ(camera_.live_view(1, kPatience).code(), "device.unsupported");
  EXPECT_EQ(camera_.look(kPatience).code(), "");
  EXPECT_EQ(sim_.status("writes"), "0");
}

TEST_F(Phone, ThatWasUnpluggedIsNotTakenForTheOneThatComesNext) {
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  ASSERT_EQ(camera_.look(kPatience).code(), "");
  tell("unplug");
  tell("plug");
  EXPECT_EQ(camera_.look(kPatience).code(), "device.absent");
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  const auto enough = [](const CameraAnswers& answers) {
    return !answers.stages.empty() && answers.stages.back() == frames::Stage::waiting_for_button;
  };
  const CameraAnswers answers = camera_.capture(pictures(1), kPatience, enough);
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_THAT(answers.pages, SizeIs(0)) << "the picture of the phone before";
}

TEST_F(Phone, WhoseSessionTearsBehindItsLastPictureIsNotOpenedAnewInSilence) {
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  ASSERT_EQ(camera_.look(kPatience).code(), "");
  tell("fault drop op=0x1004 at=3 times=1");  // the question for its condition, when the picture is here
  EXPECT_EQ(camera_.capture(pictures(1), kPatience).pages.size(), 1U);
  EXPECT_EQ(sim_.status("sessions"), "1");
  EXPECT_EQ(camera_.describe(kPatience).code(), "device.absent");
  EXPECT_EQ(camera_.describe(kPatience).code(), "");
}

TEST_F(Phone, KeepsItsNumberToItself) {
  const CameraAnswers answers = camera_.describe(kPatience);
  ASSERT_TRUE(answers.described);
  EXPECT_EQ(answers.described->identity.serial, "") << "whose phone it is, is nobody's business";
}

class PhoneWithHeic : public Phone {
 protected:
  PhoneWithHeic() : Phone({"--phone", "iphone", "--heic"}) {}
};

TEST_F(PhoneWithHeic, GivesItAsItIs) {
  ASSERT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  const CameraAnswers answers = camera_.capture(pictures(1), kPatience);
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.media_types, ElementsAre("image/heic"));
}

struct Closed {
  const char* phone;
  const char* access;
  const char* code;
};

void PrintTo(const Closed& closed, std::ostream* out) { *out << closed.phone << ' ' << closed.access; }

class ClosedPhone : public Phone, public testing::WithParamInterface<Closed> {
 protected:
  ClosedPhone() : Phone({"--phone", GetParam().phone, "--access", GetParam().access}) {}
};

TEST_P(ClosedPhone, SaysWhatItsOwnerHasToDoAndOpensInTheSameSession) {
  const CameraAnswers closed = camera_.describe(kPatience);
  EXPECT_EQ(closed.code(), GetParam().code);
  ASSERT_TRUE(closed.described) << "it is a phone all the same";
  EXPECT_TRUE(closed.described->guest);
  EXPECT_EQ(camera_.capture(pictures(1), kPatience).code(), GetParam().code);
  tell("access file-transfer");
  EXPECT_EQ(camera_.describe(kPatience).code(), "");
  tell("press");
  EXPECT_THAT(camera_.capture(pictures(1), kPatience).pages, SizeIs(1));
  EXPECT_EQ(sim_.status("sessions"), "1");
}

INSTANTIATE_TEST_SUITE_P(Rig, ClosedPhone,
                         testing::Values(Closed{"android", "locked", "phone.no_file_transfer"},
                                         Closed{"android", "charge-only", "phone.no_file_transfer"},
                                         Closed{"android", "denied", "phone.locked"},
                                         Closed{"iphone", "locked", "phone.locked"},
                                         Closed{"iphone", "untrusted", "phone.not_trusted"},
                                         Closed{"iphone", "denied", "phone.locked"}),
                         [](const auto& test) {
                           std::string name = std::string(test.param.phone) + test.param.access;
                           std::erase(name, '-');
                           return name;
                         });

class RawCamera : public Phone {
 protected:
  explicit RawCamera(const char* kind = "--raw") : Phone({kind}) {}
};

TEST_F(RawCamera, IsSetToTheFinestJpeg) {
  const CameraAnswers answers = camera_.capture(pictures(1), kPatience);
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.media_types, ElementsAre("image/jpeg"));
}

class CameraOfRawFilesOnly : public RawCamera {
 protected:
  CameraOfRawFilesOnly() : RawCamera("--raw-only") {}
};

TEST_F(CameraOfRawFilesOnly, SaysWhatToDo) {
  EXPECT_EQ(camera_.capture(pictures(1), kPatience).code(), "camera.raw_only");
}

TEST(MemoryOfAPhone, ThatIsOnlyAFolderTakesNoPicturesAndSaysSo) {
  const rig::TemporaryDirectory directory;
  SupervisedCamera memory("disk:" + directory.path().string(), "Directory Browse");
  const CameraAnswers answers = memory.describe(kPatience);
  EXPECT_EQ(answers.code(), "");
  EXPECT_FALSE(answers.described->camera->capture);
  EXPECT_EQ(memory.capture(pictures(1), kPatience).code(), "device.unsupported");
}

}  // namespace
}  // namespace quay::test
