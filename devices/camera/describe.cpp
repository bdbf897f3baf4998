// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/describe.hpp"

#include <charconv>

namespace quay::camera {
namespace {

std::vector<std::string> choices_of(Session& session, const char* name) {
  auto setting = session.choice_setting(name);
  return setting ? std::move(setting->choices) : std::vector<std::string>();
}

/// "80%" -> 80; -1 for "Unknown" and the like.
std::int32_t percent_of(const std::string& text) {
  std::int32_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && number >= 0 && number <= 100 ? number : -1;
}

}  // namespace

protocol::DeviceIdentity identity_of(Session& session) {
  protocol::DeviceIdentity identity;
  identity.maker = session.text_setting("manufacturer");
  identity.model = session.text_setting("cameramodel");
  identity.serial = session.text_setting("serialnumber");
  return identity;
}

protocol::CameraCapabilities capabilities_of(Session& session) {
  protocol::CameraCapabilities can;
  can.capture = session.can(GP_OPERATION_CAPTURE_IMAGE | GP_OPERATION_TRIGGER_CAPTURE);
  // The drivers of a class of cameras claim what only some of the class can.
  can.live_view =
      session.can(GP_OPERATION_CAPTURE_PREVIEW) && (!session.is_generic() || session.has_setting("viewfinder"));
  can.iso = choices_of(session, "iso");
  can.white_balances = choices_of(session, "whitebalance");
  can.image_sizes = choices_of(session, "imagesize");
  can.battery_percent = percent_of(session.text_setting("batterylevel"));
  can.pictures_left = session.pictures_left().value_or(-1);
  return can;
}

}  // namespace quay::camera
