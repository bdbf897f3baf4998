// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_document_camera.hpp"

#include <fstream>

#include <fmt/format.h>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/support/page_images.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {

namespace fs = std::filesystem;

Result<SimDocumentCamera> SimDocumentCamera::start(const fs::path& directory, const SimDocumentCameraOptions& options) {
  const fs::path control = directory / "document-camera.sock";
  const fs::path node = directory / "v4l" / "by-id" / "usb-Quay_Document_Camera_1-video-index0";
  fs::create_directories(node.parent_path());
  ChildOptions child;
  child.arguments = {QUAY_SIM_DOCUMENT_CAMERA, "--control", control, "--node", node, "--sheets"};
  for (const auto& sheet : options.sheets.empty() ? page_images() : options.sheets) {
    child.arguments.push_back(sheet);
  }
  child.arguments.insert(child.arguments.end(), options.more_arguments.begin(), options.more_arguments.end());
  child.output_directory = directory;
  child.output_name = "sim-document-camera";
  auto process = ChildProcess::start(child);
  if (!process) {
    return failure(process.error());
  }
  const auto settled = [&] { return process->output().find('\n') != std::string::npos || !process->running(); };
  if (!wait_until(settled) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.sim_document_camera", process->transcript());
  }
  return SimDocumentCamera(std::move(*process), control, node);
}

Result<std::string> SimDocumentCamera::tell(std::string_view command) const { return ask(control_, command); }

std::string SimDocumentCamera::status(std::string_view key) const { return value_in(tell("status").value_or(""), key); }

std::string SimDocumentCamera::preload() { return QUAY_VIDEO_SHIM; }

Status SimDocumentCamera::wrap(const fs::path& program, const fs::path& place) const {
  std::ofstream script(place, std::ios::trunc);
  script << fmt::format("#!/bin/sh\nexport LD_PRELOAD='{}'\nexec '{}' --names '{}' \"$@\"\n", preload(),
                        program.string(), names().string());
  script.close();
  std::error_code failed;
  fs::permissions(place, fs::perms::owner_all, failed);
  return script && !failed ? Status() : Status(failure(Errc::file_unwritable, "rig.wrap", place.string()));
}

}  // namespace quay::rig
