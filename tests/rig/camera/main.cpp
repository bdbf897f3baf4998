// SPDX-License-Identifier: Apache-2.0
// quay-sim-camera: a PTP/IP camera without a lens. For tests, the demo and a clerk's training.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/camera/camera_control.hpp"
#include "tests/rig/control/program.hpp"

namespace quay::rig {
namespace {

constexpr const char* kProgram = "quay-sim-camera";

struct Arguments {
  std::uint16_t port = 0;
  std::filesystem::path control;
  std::vector<std::filesystem::path> scenes;
  std::vector<std::string> tell;
  std::string fault = "none";
  std::string access = "file-transfer";
  CameraOptions camera;
};

void describe_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--port", arguments.port, "of 127.0.0.1; 0: any that is free")->capture_default_str();
  app.add_option("--control", arguments.control, "UNIX socket for commands")->required();
  app.add_option("--scenes", arguments.scenes, "JPEG files, or folders of *.jpg: what the lens sees, in order");
  app.add_option("--room", arguments.camera.room, "pictures that fit on the card")->capture_default_str();
  app.add_option("--battery", arguments.camera.battery, "percent")->capture_default_str();
  app.add_flag("!--no-live-view", arguments.camera.live_view, "a camera without live view");
  const std::map<std::string, PhoneKind> phones{{"android", PhoneKind::android}, {"iphone", PhoneKind::iphone}};
  app.add_option("--phone", arguments.camera.phone, "a citizen's phone instead of a camera: android, iphone")
      ->transform(CLI::CheckedTransformer(phones));
  app.add_option("--access", arguments.access, "what a phone lets be seen at first")->capture_default_str();
  app.add_option("--old", arguments.camera.old, "pictures that lie in it from the start")->capture_default_str();
  app.add_flag("--heic", arguments.camera.heic, "it keeps pictures as HEIC");
  app.add_flag("--raw", arguments.camera.raw, "it keeps raw files until it is set to JPEG");
  app.add_flag("--raw-only", arguments.camera.raw_only, "the same, and it cannot be set to JPEG");
  app.add_option("--fault", arguments.fault, "what goes wrong from the start")->capture_default_str();
  app.add_option("--tell", arguments.tell, "send a command to --control of a running simulator, print its reply");
  app.footer(fmt::format("Commands on the control socket:\n{}", camera_commands_help()));
}

int simulate(const Arguments& arguments) {
  const EndSignals end;
  auto scenes = read_paper(arguments.scenes);
  const auto fault = parse_camera_fault(arguments.fault);
  if (!scenes || !fault) {
    return complain(kProgram, scenes ? fault.error() : scenes.error());
  }
  const auto access = phone_access_named(arguments.access);
  if (!access) {
    return complain(kProgram, make_error(Errc::usage, "--access", "no such access"));
  }
  CameraModel camera(arguments.camera, std::move(*scenes));
  camera.set_fault(*fault);
  camera.set_access(*access);
  PtpIpServer wire(arguments.port, camera);
  CameraControl control(arguments.control, camera, wire, [] { ::kill(::getpid(), SIGTERM); });
  for (const Status& opened : {control.open(), wire.plug()}) {
    if (!opened) {
      return complain(kProgram, opened.error());
    }
  }
  fmt::print("ready port={} control={}\n", wire.port(), arguments.control.string());
  std::fflush(stdout);
  end.wait();
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("PTP/IP camera simulator: real pictures, a card that fills, faults on command");
  Arguments arguments;
  describe_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (!arguments.tell.empty()) {
    return tell_running(kProgram, arguments.control, arguments.tell);
  }
  if (arguments.scenes.empty()) {
    return complain(kProgram, make_error(Errc::usage, "arguments", "expected --scenes PATH..."));
  }
  return simulate(arguments);
}

}  // namespace
}  // namespace quay::rig

int main(int argc, char** argv) { return quay::rig::run(argc, argv); }
