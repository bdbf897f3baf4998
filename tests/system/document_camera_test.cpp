// SPDX-License-Identifier: Apache-2.0
// Pages from a document camera through the whole of quayd: the same job, the same pages as of any other device.
#include <gmock/gmock.h>

#include <zmq.hpp>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/overhead.hpp"

namespace quay::system_test {
namespace {

using protocol::DeviceStatus;
using protocol::JobState;

constexpr Milliseconds kPatience{20'000};

class DocumentCamera : public Overhead {
 protected:
  void SetUp() override {
    Overhead::SetUp();
    ASSERT_TRUE(counter_.device_becomes(DeviceStatus::ready, kOverhead)) << counter_.daemon().transcript();
  }
};

TEST_F(DocumentCamera, IsACameraToFrontEnds) {
  const auto device = client_->call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, kOverhead});
  ASSERT_TRUE(device);
  EXPECT_EQ(device->kind, protocol::DeviceKind::camera);
  EXPECT_EQ(device->identity.port_path, sim().node().string());
  EXPECT_EQ(device->identity.model, "Quay Document Camera");
  ASSERT_TRUE(device->camera);
  EXPECT_THAT(device->camera->image_sizes, testing::Contains("2048x1536"));
  EXPECT_EQ(device->camera->focus.value().most, 250);
}

TEST_F(DocumentCamera, GivesAPageOfTheSheetAlone) {
  const protocol::Job job = capture("2048x1536");
  ASSERT_EQ(job.state, JobState::done) << counter_.daemon().transcript();
  const auto captures = counter_.captures(visit_);
  ASSERT_EQ(captures.size(), 1U);
  const auto file = client::fetch_image(*client_, captures[0].capture, "page", deadline_in(kPatience));
  ASSERT_TRUE(file) << describe(file.error());
  EXPECT_EQ(std::string(file->bytes.begin(), file->bytes.begin() + 5), "%PDF-");
  const auto page =
      client_->call_as<protocol::Capture>("capture.get", protocol::CaptureArguments{{}, captures[0].capture});
  ASSERT_TRUE(page) << describe(page.error());
  ASSERT_TRUE(page->report);
  EXPECT_TRUE(page->report->sheet_found);
  EXPECT_NEAR(page->report->width_mm, 210, 8);
  EXPECT_NEAR(page->report->height_mm, 297, 8);
}

TEST_F(DocumentCamera, PulledOutIsAbsentAndComesBackByItself) {
  tell("unplug");
  EXPECT_EQ(counter_.code_of(capture()), "device.absent");
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::absent, kOverhead));
  tell("plug");
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, kOverhead));
  EXPECT_EQ(capture().state, JobState::done);
}

TEST_F(DocumentCamera, WhoseDriverHangsCostsItsJobAndNothingElse) {
  tell("fault hang op=streamon");
  const std::string hung = start_capture();
  EXPECT_EQ(counter_.scan({kScanner, visit_}).state, JobState::done);
  EXPECT_EQ(counter_.code_of(counter_.await_end(hung)), "device.timeout");
  tell("fault none");
  ASSERT_TRUE(counter_.device_becomes(DeviceStatus::ready, kOverhead)) << counter_.daemon().transcript();
  EXPECT_EQ(capture().state, JobState::done);
}

TEST_F(DocumentCamera, ThatAnotherProgramUsesSaysSo) {
  tell("fault busy");
  EXPECT_EQ(counter_.code_of(capture()), "device.busy");
}

TEST_F(DocumentCamera, WithoutUsbBandwidthSaysWhereToPlugIt) {
  tell("fault no-space");
  const protocol::Job job = capture();
  EXPECT_EQ(counter_.code_of(job), "camera.usb_bandwidth");
  EXPECT_THAT(job.error.value().vi, testing::HasSubstr("cổng khác"));
}

TEST_F(DocumentCamera, CanBeCancelledWhileItWaitsForAFrame) {
  tell("fault freeze");
  const std::string job = start_capture();
  ASSERT_TRUE(rig::wait_until([&] { return sim().status("streaming") == "1"; }, kPatience));
  ASSERT_TRUE(client_->call_as<protocol::Job>("job.cancel", protocol::JobArguments{{}, job}));
  EXPECT_EQ(counter_.await_end(job).state, JobState::cancelled);
  EXPECT_TRUE(rig::wait_until([&] { return sim().status("streaming") == "0"; }, kPatience));
}

TEST_F(DocumentCamera, ShowsWhatItSeesAndMakesWayForAPage) {
  protocol::CameraLiveArguments wanted;
  wanted.visit = visit_;
  wanted.device = kOverhead;
  wanted.frames_per_second = 15;
  const auto live = client_->call_as<protocol::CameraLiveResult>("camera.live", wanted);
  ASSERT_TRUE(live) << describe(live.error());
  zmq::context_t zmq;
  zmq::socket_t frames(zmq, zmq::socket_type::sub);
  frames.set(zmq::sockopt::rcvtimeo, 5000);
  frames.set(zmq::sockopt::linger, 0);
  frames.set(zmq::sockopt::subscribe, live->topic);
  frames.connect("ipc://" + (counter_.run_directory() / "live").string());
  const auto next = [&] {
    std::vector<zmq::message_t> parts(3);
    for (zmq::message_t& part : parts) {
      if (!frames.recv(part)) {
        return std::string();
      }
    }
    return parts[2].to_string();
  };
  EXPECT_EQ(next().substr(0, 2), "\xFF\xD8") << counter_.daemon().transcript();
  EXPECT_EQ(capture().state, JobState::done) << counter_.daemon().transcript();
  ASSERT_TRUE(rig::wait_until([&] { return sim().status("streaming") == "1"; }, kPatience));
  EXPECT_FALSE(next().empty());
}

class FoundDocumentCamera : public Overhead {
 protected:
  FoundDocumentCamera() : Overhead({.document_camera = true, .discover_document_cameras = true}) {}
};

TEST_F(FoundDocumentCamera, GetsAnIdFromItsNameAndTakesPages) {
  std::string id;
  const bool found = rig::wait_until(
      [&] {
        const auto list = client_->call_as<protocol::DeviceListResult>("device.list", protocol::NoArguments{});
        for (const protocol::Device& device : list ? list->devices : std::vector<protocol::Device>()) {
          id = device.kind == protocol::DeviceKind::camera ? device.id : id;
        }
        return !id.empty();
      },
      kPatience);
  ASSERT_TRUE(found) << counter_.daemon().transcript();
  EXPECT_THAT(id, testing::StartsWith("quay-document-camera-"));
  EXPECT_TRUE(counter_.device_becomes(DeviceStatus::ready, id));
}

}  // namespace
}  // namespace quay::system_test
