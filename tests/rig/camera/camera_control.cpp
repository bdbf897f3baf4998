// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/camera_control.hpp"

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr int kMost = 10'000;

}  // namespace

std::string_view camera_commands_help() {
  return "press         the camera's own button\n"
         "aim N         scene N (from 1) before the lens, then the next with each shot\n"
         "room N        pictures that still fit on the card\n"
         "battery N     percent\n"
         "pace N        milliseconds from the shutter to the file\n"
         "hold on|off   pictures are taken and not told of until it ends\n"
         "fault NAME [op=0xHHHH] [at=N] [times=T]   see README.md; 'fault none' heals\n"
         "access NAME   what a phone lets be seen: file-transfer, locked, charge-only, untrusted, denied\n"
         "unplug, plug  pull the cable, put it back\n"
         "status        pictures on the card, taken, deleted, sessions, live view, frames, battery, room, operations, "
         "writes, iso\n"
         "quit          end the program\n";
}

CameraControl::CameraControl(std::filesystem::path socket, CameraModel& camera, PtpIpServer& wire,
                             std::function<void()> quit)
    : camera_(camera),
      wire_(wire),
      server_(
          std::move(socket), [this](const std::string& verb, const std::string& rest) { return carry_out(verb, rest); },
          std::move(quit)) {}

std::string CameraControl::set_number(const std::string& verb, const std::string& rest) {
  const auto number = parse_number(rest, kMost);
  if (!number || (verb == "aim" && *number == 0)) {
    return fmt::format("error {}: expected a number up to {}", verb, kMost);
  }
  if (verb == "aim") {
    camera_.aim(static_cast<std::size_t>(*number - 1));
  } else if (verb == "room") {
    camera_.set_room(*number);
  } else if (verb == "pace") {
    camera_.set_pace(Milliseconds(*number));
  } else {
    camera_.set_battery(*number);
  }
  return "ok " + rest;
}

std::string CameraControl::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "aim" || verb == "room" || verb == "battery" || verb == "pace") {
    return set_number(verb, rest);
  }
  if (verb == "access") {
    const auto access = phone_access_named(rest);
    if (!access) {
      return "error access: expected file-transfer, locked, charge-only, untrusted or denied";
    }
    camera_.set_access(*access);
    return "ok " + rest;
  }
  if (verb == "hold" && (rest == "on" || rest == "off")) {
    camera_.hold(rest == "on");
    return "ok " + camera_.status_line();
  }
  if (verb == "press") {
    camera_.press();
    return "ok " + camera_.status_line();
  }
  if (verb == "fault") {
    const auto fault = parse_camera_fault(rest);
    if (!fault) {
      return "error " + fault.error().detail;
    }
    camera_.set_fault(*fault);
    return "ok " + rest;
  }
  if (verb == "unplug") {
    wire_.unplug();
    return "ok unplugged";
  }
  if (verb == "plug") {
    const Status plugged = wire_.plug();
    return plugged ? "ok plugged" : "error " + describe(plugged.error());
  }
  if (verb == "status" || verb == "quit") {
    return "ok " + camera_.status_line();
  }
  return fmt::format(
      "error unknown command '{}': expected press aim room battery pace hold access fault unplug plug status quit",
      verb);
}

}  // namespace quay::rig
