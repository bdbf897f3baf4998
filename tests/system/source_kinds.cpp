// SPDX-License-Identifier: Apache-2.0
// The kinds of sources that the conformance suite asks.
#include <fmt/format.h>

#include "tests/system/source.hpp"

namespace quay::system_test {
namespace {

/// A feeder behind the real libsane (the quaytest backend).
class ScannerSource final : public Source {
 public:
  CounterOptions options() const override { return {.sheets = 0}; }
  std::string device() const override { return kScanner; }
  std::string worker() const override { return "quay-scanner"; }
  protocol::DeviceKind kind() const override { return protocol::DeviceKind::scanner; }

  void load(Counter& counter, int pages) override {
    given_ = given(counter);
    counter.script().load(pages);
    loaded_ = pages;
  }
  Result<std::string> start(Counter& counter, const SourceOrder& order) override {
    Counter::Order wanted{.visit = order.visit, .pages_expected = order.pages};
    wanted.request_id = order.request_id;
    return counter.start_scan(wanted);
  }
  void slow_down(Counter& counter) override { counter.script().set("ppm 180"); }
  void hang(Counter& counter, int page) override {
    counter.script().fault(fmt::format("read hang page={} bytes=70000", page));
  }
  void tear(Counter& counter, int page) override {
    counter.script().fault(fmt::format("read unplug page={} bytes=5000", page));
  }
  void heal(Counter& counter) override {
    counter.script().heal();
    counter.script().plug();
  }
  int given(Counter& counter) override { return given_ + loaded_ - counter.script().sheets_left(); }

 private:
  int given_ = 0;  ///< before the last loading
  int loaded_ = 0;
};

/// Starts camera.capture on that camera.
Result<std::string> take_pictures(Counter& counter, const SourceOrder& order, const std::string& device,
                                  const std::string& image_size) {
  auto client = counter.try_connect();
  if (!client) {
    return failure(client.error());
  }
  protocol::CameraCaptureArguments wanted;
  wanted.visit = order.visit;
  wanted.device = device;
  wanted.pictures = order.pages;
  wanted.settings.image_size = image_size;
  client::CallOptions options;
  if (!order.request_id.empty()) {
    options.request_id = order.request_id;
  }
  const auto accepted = client->call_as<protocol::JobAccepted>("camera.capture", wanted, options);
  return accepted ? Result<std::string>(accepted->job) : failure(accepted.error());
}

/// A camera behind the real libgphoto2 (the PTP/IP simulator).
class CameraSource final : public Source {
 public:
  CounterOptions options() const override {
    CounterOptions options;
    options.camera = true;
    return options;
  }
  std::string device() const override { return kCamera; }
  std::string worker() const override { return "quay-camera"; }
  protocol::DeviceKind kind() const override { return protocol::DeviceKind::camera; }

  void load(Counter& /*counter*/, int /*pages*/) override {}
  Result<std::string> start(Counter& counter, const SourceOrder& order) override {
    return take_pictures(counter, order, kCamera, "");
  }
  void slow_down(Counter& counter) override { tell(counter, "pace 300"); }
  void hang(Counter& counter, int page) override { tell(counter, fmt::format("fault hang op=0x1009 at={}", page)); }
  void tear(Counter& counter, int page) override { tell(counter, fmt::format("fault cut op=0x1009 at={}", page)); }
  void heal(Counter& counter) override { tell(counter, "fault none"); }
  int given(Counter& counter) override { return std::stoi(counter.camera().status("taken")); }

 private:
  static void tell(Counter& counter, const std::string& command) {
    EXPECT_TRUE(counter.camera().tell(command)) << command;
  }
};

/// A document camera: the real V4L2 worker over the simulated video node. A page is the best of seven frames, of which
/// two show that the light is steady; a whole job is one stream.
class DocumentCameraSource final : public Source {
 public:
  CounterOptions options() const override { return {.document_camera = true}; }
  std::string device() const override { return kOverhead; }
  std::string worker() const override { return "quay-document-camera"; }
  protocol::DeviceKind kind() const override { return protocol::DeviceKind::camera; }

  void load(Counter& /*counter*/, int /*pages*/) override {}
  Result<std::string> start(Counter& counter, const SourceOrder& order) override {
    auto job = take_pictures(counter, order, kOverhead, "640x480");
    pages_ = job ? order.pages : pages_;
    return job;
  }
  void slow_down(Counter& /*counter*/) override {}  // seven frames at 15 a second are half a second
  void hang(Counter& counter, int page) override {
    tell(counter, fmt::format("fault hang op=dqbuf after={}", in_page(page)));
  }
  void tear(Counter& counter, int page) override { tell(counter, fmt::format("fault pull after={}", in_page(page))); }
  void heal(Counter& counter) override { tell(counter, "fault none"); }
  int given(Counter& counter) override { return pages_ * std::stoi(counter.document_camera().status("streams")); }

 private:
  static int in_page(int page) { return 7 * (page - 1) + 2; }
  static void tell(Counter& counter, const std::string& command) {
    EXPECT_TRUE(counter.document_camera().tell(command)) << command;
  }

  int pages_ = 0;  ///< of each job so far
};

}  // namespace

std::unique_ptr<Source> make_scanner_source() { return std::make_unique<ScannerSource>(); }
std::unique_ptr<Source> make_camera_source() { return std::make_unique<CameraSource>(); }

std::unique_ptr<Source> make_document_camera_source() { return std::make_unique<DocumentCameraSource>(); }

std::vector<SourceRow> sources() {
  return {{"Scanner", make_scanner_source},
          {"Camera", make_camera_source},
          {"DocumentCamera", make_document_camera_source}};
}

}  // namespace quay::system_test
