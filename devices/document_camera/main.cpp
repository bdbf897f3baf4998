// SPDX-License-Identifier: Apache-2.0
// quay-document-camera: V4L2 for one document camera, in a process that may crash or hang without harm. Started by
// quayd with the worker channel on descriptor 3, or with --list to look for document cameras.
#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "devices/document_camera/document_camera_device.hpp"
#include "devices/document_camera/found_document_cameras.hpp"
#include "devices/worker/found_list.hpp"
#include "devices/worker/process_setup.hpp"
#include "devices/worker/worker.hpp"

namespace {

constexpr const char* kProgram = "quay-document-camera";

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path video;
  std::filesystem::path names = quay::document_camera::kVideoNames;
  bool list = false;
  CLI::App app("Takes pictures for quayd through V4L2.", kProgram);
  app.set_version_flag("--version", QUAY_VERSION);
  app.add_option("--names", names, "where --list looks for cameras: a folder with by-id and by-path")
      ->capture_default_str();
  auto* what = app.add_option_group("what to do");
  what->add_option("--video", video, "serve the camera behind this node; the worker channel is descriptor 3");
  what->add_flag("--list", list, "print the document cameras of this machine as a JSON array");
  what->require_option(1);
  CLI11_PARSE(app, argc, argv);

  const quay::Log log(kProgram);
  if (const quay::Status set_up = quay::worker::set_up_process(); !set_up) {
    log.error("{}", quay::describe(set_up.error()));
    return 1;
  }
  if (list) {
    using Found = std::vector<quay::protocol::worker::FoundDocumentCamera>;
    return quay::worker::print_found(log, quay::Result<Found>(quay::document_camera::find_document_cameras(names)));
  }
  quay::document_camera::DocumentCameraDevice device(std::move(video), log);
  quay::worker::Worker(quay::UniqueFd(quay::worker::kChannelDescriptor), device, log, QUAY_VERSION).run(kProgram);
}
