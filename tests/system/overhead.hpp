// SPDX-License-Identifier: Apache-2.0
// A counter with a document camera: the real quay-document-camera over the simulated video node.
#pragma once

#include <string>

#include "tests/system/counter.hpp"

namespace quay::system_test {

class Overhead : public testing::Test {
 protected:
  explicit Overhead(const CounterOptions& options = {.document_camera = true}) : counter_(options) {}
  void SetUp() override {
    counter_.start();
    if (HasFatalFailure()) {
      return;
    }
    visit_ = counter_.open_visit();
    client_.emplace(counter_.connect());
  }

  rig::SimDocumentCamera& sim() { return counter_.document_camera(); }
  void tell(const std::string& command) { ASSERT_TRUE(sim().tell(command)) << command; }

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
  std::string visit_;
  std::optional<client::Client> client_;
};

}  // namespace quay::system_test
