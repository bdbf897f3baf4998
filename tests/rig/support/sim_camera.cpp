// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/sim_camera.hpp"

#include <fmt/format.h>

#include "tests/rig/control/line_server.hpp"
#include "tests/rig/support/page_images.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {

Result<SimCamera> SimCamera::start(const std::filesystem::path& directory, const SimCameraOptions& options) {
  const std::filesystem::path control = directory / "camera.sock";
  ChildOptions child;
  child.arguments = {QUAY_SIM_CAMERA, "--control", control, "--scenes"};
  for (const auto& scene : options.scenes.empty() ? page_images() : options.scenes) {
    child.arguments.push_back(scene);
  }
  child.arguments.insert(child.arguments.end(), options.more_arguments.begin(), options.more_arguments.end());
  child.output_directory = directory;
  child.output_name = "sim-camera";
  auto process = ChildProcess::start(child);
  if (!process) {
    return failure(process.error());
  }
  const auto settled = [&] { return process->output().find('\n') != std::string::npos || !process->running(); };
  if (!wait_until(settled) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.sim_camera", process->transcript());
  }
  std::string number = value_in(process->output(), "port");
  return SimCamera(std::move(*process), control, std::move(number));
}

Result<std::string> SimCamera::tell(std::string_view command) const { return ask(control_, command); }

std::string SimCamera::status(std::string_view key) const { return value_in(tell("status").value_or(""), key); }

std::string SimCamera::port() const { return fmt::format("ptpip:127.0.0.1:{0}:{0}", number_); }

}  // namespace quay::rig
