// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/describe.hpp"

#include <charconv>

#include "devices/camera/gphoto_error.hpp"

namespace quay::camera {
namespace {

/// Reads several settings; the first that cannot be read is the answer to all.
class Reading {
 public:
  explicit Reading(Session& session) : session_(session) {}

  std::string text(const char* name) {
    auto value = done_ ? session_.text_setting(name) : Result<std::string>();
    keep(value);
    return value.value_or(std::string());
  }
  std::vector<std::string> choices(const char* name) {
    auto value = done_ ? session_.choice_setting(name) : Result<std::optional<ChoiceSetting>>();
    keep(value);
    return value && *value ? std::move((*value)->choices) : std::vector<std::string>();
  }
  /// `value`, when all of it could be read.
  template <class Value>
  Result<Value> result(Value value) const {
    return done_ ? Result<Value>(std::move(value)) : failure(done_.error());
  }

 private:
  template <class Value>
  void keep(const Result<Value>& value) {
    if (!value) {
      done_ = failure(value.error());
    }
  }

  Session& session_;
  Status done_;
};

/// "80%" -> 80; -1 for "Unknown" and the like.
std::int32_t percent_of(const std::string& text) {
  std::int32_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && number >= 0 && number <= 100 ? number : -1;
}

}  // namespace

Result<protocol::DeviceIdentity> identity_of(Session& session) {
  Reading reading(session);
  protocol::DeviceIdentity identity;
  identity.maker = reading.text("manufacturer");
  identity.model = reading.text("cameramodel");
  identity.serial = session.is_guest() ? std::string() : reading.text("serialnumber");
  return reading.result(std::move(identity));
}

Result<protocol::CameraCapabilities> capabilities_of(Session& session) {
  Reading reading(session);
  protocol::CameraCapabilities can;
  const auto condition = condition_of(session, session.storage());
  if (!condition) {
    return failure(condition.error());
  }
  can.battery_percent = condition->battery_percent;
  can.pictures_left = condition->pictures_left;
  if (session.is_guest()) {
    return can;
  }
  can.capture = session.can(GP_OPERATION_CAPTURE_IMAGE | GP_OPERATION_TRIGGER_CAPTURE);
  // The drivers of a class of cameras claim what only some of the class can.
  can.live_view =
      session.can(GP_OPERATION_CAPTURE_PREVIEW) && (!session.is_generic() || session.has_setting("viewfinder"));
  can.iso = reading.choices("iso");
  can.white_balances = reading.choices("whitebalance");
  can.image_sizes = reading.choices("imagesize");
  return reading.result(std::move(can));
}

/// What is said of a phone's memory is the phone's owner's business.
Result<protocol::worker::Condition> condition_of(Session& session, const Result<Storage>& asked) {
  if (!asked && means_torn(asked.error())) {
    return failure(asked.error());
  }
  const auto battery = session.text_setting("batterylevel");
  if (!battery) {
    return failure(battery.error());
  }
  protocol::worker::Condition condition;
  condition.battery_percent = percent_of(*battery);
  condition.pictures_left = asked && !session.is_guest() ? asked->pictures_left.value_or(-1) : -1;
  return condition;
}

}  // namespace quay::camera
