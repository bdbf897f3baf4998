// SPDX-License-Identifier: Apache-2.0
// Pictures by the real libgphoto2 from a simulated camera, through the whole of quayd: what a camera has that no other
// source of pages has. The rest is asked in source_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>

#include <zmq.hpp>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using protocol::DeviceStatus;
using protocol::JobState;

constexpr Milliseconds kPatience{20'000};

class Camera : public testing::Test {
 protected:
  Camera() : Camera(with_camera({})) {}
  explicit Camera(const CounterOptions& options) : counter_(options) {}

  static CounterOptions with_camera(std::vector<std::string> arguments) {
    CounterOptions options;
    options.camera = true;
    options.camera_arguments = std::move(arguments);
    return options;
  }

  void SetUp() override {
    counter_.start();
    ASSERT_TRUE(counter_.device_becomes(DeviceStatus::ready, kCamera)) << counter_.daemon().transcript();
    visit_ = counter_.open_visit();
    client_.emplace(counter_.connect());
  }

  protocol::CameraCaptureArguments order(std::int32_t pictures = 1) const {
    protocol::CameraCaptureArguments wanted;
    wanted.visit = visit_;
    wanted.device = kCamera;
    wanted.pictures = pictures;
    return wanted;
  }

  std::string start(const protocol::CameraCaptureArguments& wanted) {
    const auto accepted = client_->call_as<protocol::JobAccepted>("camera.capture", wanted);
    EXPECT_TRUE(accepted) << (accepted ? "" : describe(accepted.error()));
    return accepted ? accepted->job : "";
  }

  protocol::Job capture(std::int32_t pictures = 1) { return counter_.await_end(start(order(pictures))); }

  protocol::Device camera() {
    return client_->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, kCamera})
        .value_or(protocol::Device{});
  }

  void tell(const std::string& command) { ASSERT_TRUE(counter_.camera().tell(command)) << command; }
  bool status_becomes(const std::string& key, const std::string& value) {
    return rig::wait_until([&] { return counter_.camera().status(key) == value; }, kPatience);
  }

  Counter counter_;
  std::string visit_;
  std::optional<client::Client> client_;
};

TEST_F(Camera, SaysWhatItIsAndCanDo) {
  const protocol::Device device = camera();
  EXPECT_EQ(device.kind, protocol::DeviceKind::camera);
  EXPECT_EQ(device.identity.model, "Q-1");
  EXPECT_FALSE(device.scanner);
  ASSERT_TRUE(device.camera);
  EXPECT_TRUE(device.camera->capture);
  EXPECT_TRUE(device.camera->live_view);
  EXPECT_THAT(device.camera->iso, testing::Contains("800"));
  EXPECT_EQ(device.camera->battery_percent, 80);
  EXPECT_EQ(device.camera->pictures_left, 100);
}

TEST_F(Camera, KeepsNoPictureThatIsSafeHere) {
  EXPECT_EQ(capture(2).state, JobState::done);
  EXPECT_TRUE(status_becomes("deleted", "2"));
  EXPECT_EQ(counter_.camera().status("pictures"), "0");
}

TEST_F(Camera, HoldsOneSessionOverManyPictures) {
  EXPECT_EQ(capture().state, JobState::done);
  EXPECT_EQ(capture().state, JobState::done);
  EXPECT_EQ(counter_.camera().status("sessions"), "1");
}

TEST_F(Camera, ASettingItDoesNotHaveIsRefusedWithTheChoices) {
  protocol::CameraCaptureArguments wanted = order();
  wanted.settings.iso = "12800";
  const protocol::Job job = counter_.await_end(start(wanted));
  EXPECT_EQ(counter_.code_of(job), "device.invalid_setting");
  EXPECT_EQ(counter_.camera().status("taken"), "0");
}

TEST_F(Camera, PicturesOfItsOwnButtonBelongToTheVisitThatWaitsForThem) {
  tell("press");  // nobody waits: nobody's
  protocol::CameraCaptureArguments wanted = order(2);
  wanted.settings.trigger = protocol::CameraTrigger::button;
  const std::string job = start(wanted);
  const auto pages = [&] { return counter_.await(job, [](const protocol::Job&) { return true; }).pages; };
  // Pressed again where the camera was not listened to yet: such a picture is nobody's either.
  ASSERT_TRUE(rig::wait_until(
      [&] {
        tell("press");
        return rig::wait_until([&] { return pages() > 0; }, Milliseconds(1000));
      },
      kPatience));
  tell("press");
  const protocol::Job ended = counter_.await_end(job);
  EXPECT_EQ(ended.state, JobState::done);
  EXPECT_EQ(ended.pages, 2);
}

TEST_F(Camera, WaitingForTheButtonCanBeCancelled) {
  protocol::CameraCaptureArguments wanted = order(5);
  wanted.settings.trigger = protocol::CameraTrigger::button;
  const std::string job = start(wanted);
  ASSERT_TRUE(client_->call_as<protocol::Job>("job.cancel", protocol::JobArguments{{}, job}));
  EXPECT_EQ(counter_.await_end(job).state, JobState::cancelled);
  EXPECT_EQ(capture().state, JobState::done);
}

TEST_F(Camera, TellsWhatAPictureCostsItsBatteryAndItsCard) {
  ASSERT_EQ(camera().camera->battery_percent, 80);
  tell("battery 12");
  tell("room 34");
  const auto told = [&] {
    EXPECT_EQ(capture().state, JobState::done);
    const protocol::Device device = camera();
    return device.camera && device.camera->battery_percent == 12 && device.camera->pictures_left == 34;
  };
  EXPECT_TRUE(rig::wait_until(told, kPatience)) << counter_.daemon().transcript();
}

struct Fault {
  std::string text;
  std::string code;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.text; }

class CameraFaults : public Camera, public testing::WithParamInterface<Fault> {};

TEST_P(CameraFaults, EndInTheirOwnCodeAndTheNextPictureComes) {
  tell("fault " + GetParam().text);
  const protocol::Job failed = capture();
  EXPECT_EQ(counter_.code_of(failed), GetParam().code) << counter_.daemon().transcript();
  tell("fault none");
  const bool was_lost = GetParam().code == "device.io" || GetParam().code == "device.timeout";
  ASSERT_TRUE(!was_lost || counter_.device_becomes(DeviceStatus::ready, kCamera)) << counter_.daemon().transcript();
  const protocol::Job next = capture();
  EXPECT_EQ(next.state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(next.pages, 1);
}

INSTANTIATE_TEST_SUITE_P(Rig, CameraFaults,
                         testing::Values(Fault{"busy", "device.busy"}, Fault{"error", "device.io"},
                                         Fault{"no-focus", "camera.no_focus"}, Fault{"store-full", "camera.store_full"},
                                         Fault{"full-on-shot", "camera.store_full"},
                                         Fault{"no-object", "camera.no_picture"}, Fault{"drop op=0x100e", "device.io"},
                                         Fault{"drop op=0x1009", "device.io"},
                                         Fault{"short-data op=0x1009", "scan.page_incomplete"},
                                         Fault{"half-jpeg", "scan.page_incomplete"}));

TEST_F(Camera, APacketWhoseLengthIsNonsenseCostsAnOpeningAndNoPicture) {
  tell("fault bad-length op=0x1009 times=1");
  EXPECT_EQ(capture().state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(counter_.camera().status("sessions"), "2");
}

TEST_F(Camera, APictureWhoseCompletionIsNeverToldIsTakenAllTheSame) {
  tell("fault no-complete");
  const protocol::Job job = capture();
  EXPECT_EQ(job.state, JobState::done) << counter_.daemon().transcript();
}

TEST_F(Camera, ThatWasUnpluggedComesBackByItself) {
  tell("unplug");
  EXPECT_EQ(counter_.code_of(capture()), "device.absent");
  tell("plug");
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, kCamera));
  EXPECT_EQ(capture().state, JobState::done);
}

TEST_F(Camera, ThatSleptIsOpenedAnewWithoutAWord) {
  EXPECT_EQ(capture().state, JobState::done);
  tell("unplug");
  tell("plug");
  EXPECT_EQ(capture().state, JobState::done) << counter_.daemon().transcript();
}

class Phone : public Camera {
 protected:
  explicit Phone(std::vector<std::string> arguments = {"--phone", "android", "--old", "2"})
      : Camera(with_camera(std::move(arguments))) {}
};

TEST_F(Phone, GivesWhatItsOwnerPhotographsToOneVisitAndKeepsItsOwnCopy) {
  EXPECT_TRUE(camera().guest);
  tell("press");
  tell("press");
  const protocol::Job job = capture(2);
  EXPECT_EQ(job.state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(job.pages, 2);
  EXPECT_EQ(counter_.camera().status("pictures"), "4");
  EXPECT_EQ(counter_.camera().status("writes"), "0");
}

TEST_F(Phone, EndsWithItsVisitUntilItWasUnplugged) {
  tell("press");
  EXPECT_EQ(capture().state, JobState::done) << counter_.daemon().transcript();
  const std::string theirs = counter_.open_visit();
  counter_.share_keys(*client_);
  protocol::CameraCaptureArguments wanted = order();
  wanted.visit = theirs;
  const auto code = [&] { return code_of(client_->call_as<protocol::JobAccepted>("camera.capture", wanted)); };
  EXPECT_EQ(code(), "device.leased");
  ASSERT_TRUE(client_->call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_}));
  EXPECT_EQ(code(), "phone.visit_over");
  EXPECT_EQ(camera().status, DeviceStatus::needs_attention);
  EXPECT_THAT(camera().reasons, testing::ElementsAre("phone.visit_over"));
  tell("unplug");
  EXPECT_TRUE(rig::wait_until([&] { return camera().status == DeviceStatus::absent; }, kPatience));
  tell("plug");
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, kCamera)) << counter_.daemon().transcript();
  tell("press");
  const protocol::Job next = counter_.await_end(start(wanted));
  EXPECT_EQ(next.state, JobState::done) << counter_.daemon().transcript();
  EXPECT_EQ(counter_.captures(theirs).size(), 1U);
}

/// A phone that quayd could not get to know before it is used.
class UnknownPhone : public Phone {
 protected:
  UnknownPhone() : Phone({"--phone", "android", "--fault", "hang op=0x1001 times=1"}) {}
  void SetUp() override { counter_.start(); }
};

TEST_F(UnknownPhone, BelongsToTheVisitThatUsesItFirst) {
  client_.emplace(counter_.connect());
  visit_ = counter_.open_visit();
  const std::string theirs = counter_.open_visit();
  counter_.share_keys(*client_);
  ASSERT_FALSE(camera().camera) << "nobody knows it yet";
  const std::string job = start(order());
  ASSERT_TRUE(rig::wait_until([&] { return counter_.camera().status("sessions") == "1"; }, kPatience));
  const auto pages = [&] { return counter_.await(job, [](const protocol::Job&) { return true; }).pages; };
  ASSERT_TRUE(rig::wait_until(
      [&] {
        tell("press");
        return rig::wait_until([&] { return pages() > 0; }, Milliseconds(1000));
      },
      kPatience))
      << counter_.daemon().transcript();
  EXPECT_EQ(counter_.await_end(job).state, JobState::done);
  protocol::CameraCaptureArguments wanted = order();
  wanted.visit = theirs;
  const auto code = [&] { return code_of(client_->call_as<protocol::JobAccepted>("camera.capture", wanted)); };
  EXPECT_EQ(code(), "device.leased");
  EXPECT_TRUE(camera().guest);
  ASSERT_TRUE(client_->call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_}));
  EXPECT_EQ(code(), "phone.visit_over");
}

TEST_F(Phone, ThatIsGoneLeavesNothingOfItself) {
  tell("press");
  EXPECT_EQ(capture().state, JobState::done);
  EXPECT_EQ(camera().identity.model, "SM-A156E");
  tell("unplug");
  ASSERT_TRUE(rig::wait_until([&] { return camera().status == DeviceStatus::absent; }, kPatience));
  EXPECT_EQ(camera().identity.model, "");
  EXPECT_FALSE(camera().guest);
}

class HeicPhone : public Phone {
 protected:
  HeicPhone() : Phone({"--phone", "iphone", "--heic"}) {}
};

TEST_F(HeicPhone, ItsPicturesBecomePagesAsAnyOther) {
  tell("press");
  EXPECT_EQ(capture().state, JobState::done) << counter_.daemon().transcript();
  const std::vector<protocol::Capture> captures = counter_.captures(visit_);
  ASSERT_EQ(captures.size(), 1U);
  const auto file = client::fetch_image(*client_, captures[0].capture, "page", deadline_in(kPatience));
  ASSERT_TRUE(file) << describe(file.error());
  EXPECT_EQ(std::string(file->bytes.begin(), file->bytes.begin() + 5), "%PDF-");
}

class ClosedPhone : public Phone {
 protected:
  ClosedPhone() : Phone({"--phone", "android", "--access", "locked"}) {}
  void SetUp() override { counter_.start(); }
};

TEST_F(ClosedPhone, TellsEverybodyWhatItsOwnerHasToDoAndIsReadyWhenThatIsDone) {
  client_.emplace(counter_.connect());
  EXPECT_TRUE(rig::wait_until([&] { return camera().status == DeviceStatus::needs_attention; }, kPatience));
  EXPECT_THAT(camera().reasons, testing::ElementsAre("phone.no_file_transfer"));
  EXPECT_TRUE(camera().guest);
  tell("access file-transfer");
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, kCamera)) << counter_.daemon().transcript();
}

class LiveView : public Camera {
 protected:
  protocol::CameraLiveResult live(double frames_per_second) {
    protocol::CameraLiveArguments wanted;
    wanted.visit = visit_;
    wanted.device = kCamera;
    wanted.frames_per_second = frames_per_second;
    const auto given = client_->call_as<protocol::CameraLiveResult>("camera.live", wanted);
    EXPECT_TRUE(given) << describe(given.error());
    return given.value_or(protocol::CameraLiveResult{});
  }

  zmq::socket_t subscribe(const std::string& topic) {
    zmq::socket_t socket(zmq_, zmq::socket_type::sub);
    socket.set(zmq::sockopt::rcvtimeo, 3000);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::subscribe, topic);
    socket.connect("ipc://" + (counter_.run_directory() / "live").string());
    return socket;
  }

  /// The JPEG of the next frame; empty when none comes.
  static std::string next_frame(zmq::socket_t& socket) {
    std::vector<zmq::message_t> parts(3);
    for (zmq::message_t& part : parts) {
      if (!socket.recv(part)) {
        return {};
      }
    }
    return parts[2].to_string();
  }

  zmq::context_t zmq_;
};

TEST_F(LiveView, ShowsWhatTheLensSeesUntilItIsEnded) {
  zmq::socket_t frames = subscribe(live(30).topic);
  const std::string first = next_frame(frames);
  const std::string second = next_frame(frames);
  EXPECT_EQ(first.substr(0, 2), "\xFF\xD8") << counter_.daemon().transcript();
  EXPECT_NE(first, second);
  live(0);
  EXPECT_TRUE(status_becomes("live", "0"));
  EXPECT_EQ(camera().status, DeviceStatus::ready);
}

TEST_F(LiveView, IsSeenByNobodyWhoWasNotToldTheTopic) {
  zmq::socket_t stranger = subscribe("");
  zmq::socket_t guesser = subscribe("live.camera-1");
  zmq::socket_t owner = subscribe(live(30).topic);
  EXPECT_FALSE(next_frame(owner).empty());
  stranger.set(zmq::sockopt::rcvtimeo, 500);
  guesser.set(zmq::sockopt::rcvtimeo, 500);
  EXPECT_TRUE(next_frame(stranger).empty());
  EXPECT_TRUE(next_frame(guesser).empty());
}

TEST_F(LiveView, MakesWayForAPictureAndGoesOn) {
  zmq::socket_t frames = subscribe(live(30).topic);
  ASSERT_FALSE(next_frame(frames).empty());
  const protocol::Job job = capture();
  EXPECT_EQ(job.state, JobState::done) << counter_.daemon().transcript();
  const std::string before = counter_.camera().status("frames");
  EXPECT_TRUE(rig::wait_until([&] { return counter_.camera().status("frames") != before; }, kPatience));
  EXPECT_FALSE(next_frame(frames).empty());
}

TEST_F(LiveView, ThatHasNotBegunYetCancelsNobodysRequest) {
  const auto workers = [&] { return counter_.workers("quay-camera"); };
  const std::vector<pid_t> before = workers();
  ASSERT_EQ(before.size(), 1U);
  ::kill(before[0], SIGSTOP);
  // quayd's own look at the camera, which is not answered for now.
  ASSERT_TRUE(rig::wait_until([&] { return camera().status == DeviceStatus::busy; }, kPatience));
  live(30);
  auto ended = std::async(std::launch::async, [&] {
    client::Client other = counter_.connect();
    protocol::CameraLiveArguments wanted;
    wanted.visit = visit_;
    wanted.device = kCamera;
    wanted.frames_per_second = 0;
    return other.call_as<protocol::CameraLiveResult>("camera.live", wanted).has_value();
  });
  EXPECT_FALSE(rig::wait_until([&] { return workers() != before; }, Milliseconds(2'000))) << "the look was cancelled";
  ::kill(before[0], SIGCONT);
  EXPECT_TRUE(ended.get());
  EXPECT_EQ(workers(), before);
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, kCamera));
}

TEST_F(LiveView, OfTheCamerasOwnButtonCapturesNothingByItself) {
  protocol::CameraLiveArguments wanted;
  wanted.visit = visit_;
  wanted.device = kCamera;
  wanted.auto_capture = true;
  wanted.settings.trigger = protocol::CameraTrigger::button;
  const auto refused = client_->call_as<protocol::CameraLiveResult>("camera.live", wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::request_bad_argument);
  EXPECT_THAT(refused.error().detail, testing::HasSubstr("/args/settings/trigger"));
}

TEST_F(LiveView, EndsWithItsVisit) {
  zmq::socket_t frames = subscribe(live(30).topic);
  ASSERT_FALSE(next_frame(frames).empty());
  ASSERT_TRUE(client_->call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_}));
  EXPECT_TRUE(status_becomes("live", "0"));
}

TEST_F(LiveView, OfAVisitThatIsClosedIsRefused) {
  ASSERT_TRUE(client_->call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_}));
  protocol::CameraLiveArguments wanted;
  wanted.visit = visit_;
  wanted.device = kCamera;
  const auto refused = client_->call_as<protocol::CameraLiveResult>("camera.live", wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::visit_closed);
  EXPECT_TRUE(status_becomes("live", "0"));
}

TEST_F(LiveView, OfACameraThatAnotherVisitUsesIsRefused) {
  live(30);
  protocol::CameraLiveArguments other;
  other.visit = counter_.open_visit();
  other.device = kCamera;
  counter_.share_keys(*client_);
  const auto refused = client_->call_as<protocol::CameraLiveResult>("camera.live", other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_leased);
}

}  // namespace
}  // namespace quay::system_test
