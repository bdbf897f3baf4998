// SPDX-License-Identifier: Apache-2.0
// The session is torn at every single PTP operation of everything that quay does with a camera. Whatever the operation:
// its own code within quayd's deadline, no picture lost or doubled, and the next picture comes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "protocol/json/writer.hpp"
#include "tests/rig/support/sim_camera.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/unit/devices/supervised_camera.hpp"

namespace quay::test {
namespace {

using testing::AnyOf;

/// What quayd allows between two signs of life; shorter than libgphoto2's own patience of 2.5 s a read.
constexpr Milliseconds kStall{400};
constexpr Milliseconds kPatience{10'000};
constexpr Milliseconds kLate{1'000};  // the simulator tells of its pictures at once

enum class Work : std::uint8_t { describe, look, capture, live_view };
constexpr const char* kWorkNames[] = {"Describe", "Look", "Capture", "LiveView"};

struct Tear {
  Work work;
  const char* fault;  ///< as the simulator spells it
  const char* name;
};

void PrintTo(const Tear& tear, std::ostream* out) {
  *out << kWorkNames[static_cast<int>(tear.work)] << ' ' << tear.fault;
}

class TornCamera : public testing::TestWithParam<Tear> {
 protected:
  static frames::Capture order(std::int32_t pictures = 1) {
    frames::Capture capture;
    capture.pictures = pictures;
    capture.settings.iso = "800";
    return capture;
  }

  static CameraAnswers work(SupervisedCamera& camera, Milliseconds stall) {
    switch (GetParam().work) {
      case Work::describe: return camera.describe(stall);
      case Work::look: return camera.look(stall);
      case Work::capture: return camera.capture(order(), stall);
      case Work::live_view: return camera.live_view(2, stall);
    }
    return {};
  }

  int number(const char* key) const { return std::stoi(sim_.status(key)); }
  void tell(const std::string& command) { ASSERT_TRUE(sim_.tell(command)) << command; }

  /// How many operations the undisturbed work takes with a fresh worker, and what a sound answer to it is.
  void measure() {
    tell("fault none");
    SupervisedCamera camera(sim_.port());
    const CameraAnswers sound = work(camera, kPatience);
    ASSERT_EQ(sound.code(), "");
    operations_ = number("operations");
    sound_ = sound.described;
  }

  void expect_sound(const CameraAnswers& answers) const {
    switch (GetParam().work) {
      case Work::describe:
        ASSERT_TRUE(answers.described);
        EXPECT_EQ(boost::json::serialize(protocol::to_json(*answers.described->camera)),
                  boost::json::serialize(protocol::to_json(*sound_->camera)));
        break;
      case Work::look: EXPECT_TRUE(answers.condition); break;
      case Work::capture: EXPECT_EQ(answers.pages.size(), 1U); break;
      case Work::live_view: EXPECT_GE(answers.live_frames, 2); break;
    }
  }

  rig::TemporaryDirectory directory_;
  rig::SimCamera sim_ = rig::SimCamera::start(directory_.path()).value();
  int operations_ = 0;
  std::optional<frames::Described> sound_;
};

TEST_P(TornCamera, AtAnyOperationEndsInItsCodeAndTheNextPictureComes) {
  ASSERT_NO_FATAL_FAILURE(measure());
  ASSERT_GT(operations_, 3);
  for (int at = 1; at <= operations_; ++at) {
    SCOPED_TRACE(fmt::format("operation {} of {}", at, operations_));
    SupervisedCamera camera(sim_.port(), "PTP/IP Camera", kLate);
    const int taken_before = number("taken");
    const int deleted_before = number("deleted");
    tell(fmt::format("fault {} at={} times=1", GetParam().fault, at));
    const CameraAnswers torn = work(camera, kStall);
    EXPECT_THAT(torn.code(),
                AnyOf("", "device.io", "device.timeout", "device.absent", "scan.page_incomplete", "camera.no_picture"));
    if (torn.code().empty()) {
      expect_sound(torn);
    }
    tell("fault none");
    const CameraAnswers next = camera.capture(order(), kPatience);
    EXPECT_EQ(next.code(), "");
    ASSERT_EQ(next.pages.size(), 1U);
    const int pages = static_cast<int>(torn.pages.size() + next.pages.size());
    const int taken = number("taken") - taken_before;
    const int deleted = number("deleted") - deleted_before;
    EXPECT_LE(deleted, pages) << "a picture is gone from the card that is not here";
    EXPECT_GE(taken, pages) << "one picture came twice";
    EXPECT_TRUE(torn.pages.empty() || torn.pages[0] != next.pages[0]) << "one picture came twice";
    EXPECT_LE(taken, 2) << "the shutter went once for each request";
  }
}

std::vector<Tear> every_tear() {
  std::vector<Tear> tears;
  tears.push_back({Work::look, "drop", "Dropped"});
  for (const Work work : {Work::describe, Work::capture, Work::live_view}) {
    tears.push_back({work, "drop", "Dropped"});
    tears.push_back({work, "hang", "Hanging"});
    tears.push_back({work, "bad-length", "WrongLength"});
  }
  tears.push_back({Work::capture, "short-data", "ShortData"});  // elsewhere a lie that nobody can see through
  return tears;
}

INSTANTIATE_TEST_SUITE_P(AtEveryOperation, TornCamera, testing::ValuesIn(every_tear()), [](const auto& test) {
  return fmt::format("{}{}", kWorkNames[static_cast<int>(test.param.work)], test.param.name);
});

}  // namespace
}  // namespace quay::test
