// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/document_camera/document_camera_control.hpp"

#include <sstream>

#include <fmt/format.h>

namespace quay::rig {

std::string_view document_camera_commands_help() {
  return "sheet N       sheet N (from 1) lies on the desk; 0: none\n"
         "at X Y        where its middle lies, in percent of the frame's height from the frame's middle\n"
         "turn D        degrees clockwise\n"
         "height P      of the sheet, in percent of the frame's height\n"
         "light P       percent\n"
         "hand on|off   a hand lies on the sheet\n"
         "wobble on|off the sheet never lies still\n"
         "fault NAME [op=OPERATION] [above=PIXELS] [after=FRAMES]   see README.md; 'fault none' heals\n"
         "unplug, plug  pull the cable, put it back\n"
         "status        frames, streams, streaming, size, hertz, focus, exposure\n"
         "quit          end the program\n";
}

DocumentCameraControl::DocumentCameraControl(std::filesystem::path socket, DocumentCameraModel& camera,
                                             VideoServer& node, std::function<void()> quit)
    : camera_(camera),
      node_(node),
      server_(
          std::move(socket), [this](const std::string& verb, const std::string& rest) { return carry_out(verb, rest); },
          std::move(quit)) {}

/// What lies on the desk, and how.
std::string DocumentCameraControl::lay(const std::string& verb, const std::string& rest) {
  Desk desk = camera_.desk();
  std::istringstream words(rest);
  double first = 0;
  if (!(words >> first)) {
    return "error " + verb + ": a number was expected";
  }
  if (verb == "sheet") {
    desk.sheet = first >= 1 ? std::optional(static_cast<std::size_t>(first) - 1) : std::nullopt;
  } else if (verb == "at") {
    double second = 0;
    words >> second;
    desk.right = first / 100;
    desk.down = second / 100;
  } else if (verb == "turn") {
    desk.turn_deg = first;
  } else if (verb == "height") {
    desk.height = first / 100;
  } else {
    desk.light = first / 100;
  }
  camera_.set_desk(desk);
  return "ok " + rest;
}

std::string DocumentCameraControl::change_cable(const std::string& verb) {
  if (verb == "unplug") {
    node_.unplug();
    return "ok unplugged";
  }
  const Status plugged = node_.plug();
  return plugged ? "ok plugged" : "error " + describe(plugged.error());
}

std::string DocumentCameraControl::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "sheet" || verb == "at" || verb == "turn" || verb == "height" || verb == "light") {
    return lay(verb, rest);
  }
  if (verb == "hand") {
    Desk desk = camera_.desk();
    desk.hand = rest == "on";
    camera_.set_desk(desk);
    return "ok " + rest;
  }
  if (verb == "wobble") {
    camera_.set_wobble(rest == "on");
    return "ok " + rest;
  }
  if (verb == "fault") {
    const auto fault = parse_video_fault(rest);
    if (!fault) {
      return "error " + fault.error().detail;
    }
    camera_.set_fault(*fault);
    return "ok " + rest;
  }
  if (verb == "unplug" || verb == "plug") {
    return change_cable(verb);
  }
  if (verb == "status" || verb == "quit") {
    return "ok " + camera_.status_line();
  }
  return fmt::format(
      "error unknown command '{}': expected sheet at turn height light hand wobble fault unplug plug "
      "status quit",
      verb);
}

}  // namespace quay::rig
