// SPDX-License-Identifier: Apache-2.0
// quay-camera: libgphoto2 for one camera, in a process that may crash or hang without harm. Started by quayd with the
// worker channel on descriptor 3, or with --list to look for cameras.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/camera/camera_device.hpp"
#include "devices/camera/found_cameras.hpp"
#include "devices/worker/found_list.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-camera";

}  // namespace

int main(int argc, char** argv) {
  quay::camera::Address address{"PTP/IP Camera", {}};
  bool list = false;
  std::int64_t picture_may_come_ms = 0;
  CLI::App app("Takes pictures for quayd through libgphoto2.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  app.add_option("--model", address.model, "libgphoto2's name of the camera")->capture_default_str();
  auto* what = app.add_option_group("what to do");
  what->add_option("--port", address.port, "serve the camera at this port; the worker channel is descriptor 3");
  what->add_flag("--list", list, "print the cameras libgphoto2 finds as a JSON array");
  what->require_option(1);
  app.add_option("--picture-may-come-ms", picture_may_come_ms,
                 "the process before this one ended within a capture: so long its picture may come, and is nobody's");
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    log.error("{}", quay::describe(set_up.error()));
    return 1;
  }
  if (list) {
    return quay::worker::print_found(log, quay::camera::find_cameras());
  }
  quay::camera::CameraDevice device(std::move(address), log);
  device.expect_late_picture(quay::Milliseconds(picture_may_come_ms));
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
