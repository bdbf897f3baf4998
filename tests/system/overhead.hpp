// SPDX-License-Identifier: Apache-2.0
// A counter with a document camera: the real quay-document-camera over the simulated video node.
#pragma once

#include <string>

#include "tests/rig/support/sim_document_camera.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {

inline constexpr const char* kOverhead = "overhead-1";

class Overhead : public testing::Test {
 protected:
  void SetUp() override {
    auto sim = rig::SimDocumentCamera::start(counter_.path(), {{}, {"--fps", "15"}});
    ASSERT_TRUE(sim) << describe(sim.error());
    sim_.emplace(*std::move(sim));
    const std::filesystem::path place = counter_.path() / "libexec" / "quay-document-camera";
    ASSERT_TRUE(sim_->wrap(std::filesystem::path(QUAY_BIN_DIRECTORY) / "quay-document-camera", place));
    counter_.write_config(camera_section());
    counter_.start();
    if (HasFatalFailure()) {
      return;
    }
    visit_ = counter_.open_visit();
    client_.emplace(counter_.connect());
  }

  virtual std::string camera_section() const {
    return "[[document_camera.device]]\nid = \"" + std::string(kOverhead) + "\"\nvideo = \"" + sim_->node().string() +
           "\"\n";
  }

  void tell(const std::string& command) { ASSERT_TRUE(sim_->tell(command)) << command; }

  std::string start_capture(const std::string& image_size = "1280x720") {
    protocol::CameraCaptureArguments wanted;
    wanted.visit = visit_;
    wanted.device = kOverhead;
    wanted.settings.image_size = image_size;
    const auto accepted = client_->call_as<protocol::JobAccepted>("camera.capture", wanted);
    EXPECT_TRUE(accepted) << (accepted ? "" : describe(accepted.error()));
    return accepted ? accepted->job : "";
  }
  protocol::Job capture(const std::string& image_size = "1280x720") {
    return counter_.await_end(start_capture(image_size));
  }

  Counter counter_;
  std::optional<rig::SimDocumentCamera> sim_;
  std::string visit_;
  std::optional<client::Client> client_;
};

}  // namespace quay::system_test
