// SPDX-License-Identifier: Apache-2.0
// quay-sim-document-camera: a V4L2 document camera without a kernel module. For tests, the demo and a clerk's training.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tests/rig/control/program.hpp"
#include "tests/rig/document_camera/document_camera_control.hpp"

namespace quay::rig {
namespace {

constexpr const char* kProgram = "quay-sim-document-camera";

struct Arguments {
  std::filesystem::path node;
  std::filesystem::path control;
  std::vector<std::filesystem::path> sheets;
  std::vector<std::string> tell;
  std::string fault = "none";
  bool yuyv_only = false;
  DocumentCameraOptions camera;
};

void describe_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--node", arguments.node, "where the video node shall be: a UNIX socket");
  app.add_option("--control", arguments.control, "UNIX socket for commands")->required();
  app.add_option("--sheets", arguments.sheets, "JPEG files, or folders of *.jpg: what is laid on the desk, in order");
  app.add_option("--fps", arguments.camera.frames_per_second, "frames a second")->capture_default_str();
  app.add_option("--card", arguments.camera.card, "what the camera calls itself")->capture_default_str();
  app.add_flag("--tables", arguments.camera.tables, "frames carry their Huffman tables");
  app.add_flag("--yuyv-only", arguments.yuyv_only, "a camera that does not compress");
  app.add_flag("!--no-dials", arguments.camera.dials, "a camera whose focus and exposure cannot be set");
  app.add_option("--fault", arguments.fault, "what goes wrong from the start")->capture_default_str();
  app.add_option("--tell", arguments.tell, "send a command to --control of a running simulator, print its reply");
  app.footer(fmt::format("Commands on the control socket:\n{}", document_camera_commands_help()));
}

int simulate(const Arguments& arguments) {
  const EndSignals end;
  auto sheets = read_paper(arguments.sheets);
  const auto fault = parse_video_fault(arguments.fault);
  if (!sheets || !fault) {
    return complain(kProgram, sheets ? fault.error() : sheets.error());
  }
  DocumentCameraOptions options = arguments.camera;
  if (arguments.yuyv_only) {
    std::erase_if(options.offers, [](const VideoOffer& offer) { return offer.coding == VideoCoding::mjpg; });
  }
  DocumentCameraModel camera(std::move(options), std::move(*sheets));
  camera.set_fault(*fault);
  VideoServer node(arguments.node, camera);
  DocumentCameraControl control(arguments.control, camera, node, [] { ::kill(::getpid(), SIGTERM); });
  for (const Status& opened : {control.open(), node.plug()}) {
    if (!opened) {
      return complain(kProgram, opened.error());
    }
  }
  fmt::print("ready node={} control={}\n", arguments.node.string(), arguments.control.string());
  std::fflush(stdout);
  end.wait();
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("V4L2 document camera simulator: real sheets on a desk, faults on command");
  Arguments arguments;
  describe_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (!arguments.tell.empty()) {
    return tell_running(kProgram, arguments.control, arguments.tell);
  }
  if (arguments.sheets.empty() || arguments.node.empty()) {
    return complain(kProgram, make_error(Errc::usage, "arguments", "expected --node PATH and --sheets PATH..."));
  }
  return simulate(arguments);
}

}  // namespace
}  // namespace quay::rig

int main(int argc, char** argv) { return quay::rig::run(argc, argv); }
