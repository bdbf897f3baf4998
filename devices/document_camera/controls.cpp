// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/controls.hpp"

#include <charconv>

#include <fmt/format.h>

#include "devices/document_camera/video_error.hpp"

namespace quay::document_camera {
namespace {

/// A dial and the switch beside it that leaves it to the camera.
struct DialIds {
  const char* name;
  std::uint32_t dial;
  std::uint32_t automatic;
  std::int32_t by_camera;  ///< what the switch says then
  std::int32_t by_hand;
};

constexpr DialIds kFocus{"focus", V4L2_CID_FOCUS_ABSOLUTE, V4L2_CID_FOCUS_AUTO, 1, 0};
constexpr DialIds kExposure{"exposure", V4L2_CID_EXPOSURE_ABSOLUTE, V4L2_CID_EXPOSURE_AUTO,
                            V4L2_EXPOSURE_APERTURE_PRIORITY, V4L2_EXPOSURE_MANUAL};

std::optional<v4l2_queryctrl> query(const VideoNode& node, std::uint32_t id) {
  v4l2_queryctrl control{};
  control.id = id;
  const bool there = node.ask(VIDIOC_QUERYCTRL, &control) == 0;
  return there && (control.flags & V4L2_CTRL_FLAG_DISABLED) == 0 ? std::optional(control) : std::nullopt;
}

Status set(const VideoNode& node, std::uint32_t id, std::int32_t value) {
  v4l2_control control{id, value};
  return node.tell(VIDIOC_S_CTRL, &control, "VIDIOC_S_CTRL");
}

std::optional<protocol::CameraDial> dial_of(const VideoNode& node, const DialIds& ids) {
  const auto dial = query(node, ids.dial);
  const bool automatic = query(node, ids.automatic).has_value();
  if (!dial && !automatic) {
    return std::nullopt;
  }
  protocol::CameraDial found;
  found.automatic = automatic;
  if (dial) {
    found.least = dial->minimum;
    found.most = dial->maximum;
    found.step = dial->step;
  }
  return found;
}

tl::unexpected<Error> refused(const DialIds& ids, const std::string& wanted, const std::string& expected) {
  return failure(Errc::device_invalid_setting, ids.name, fmt::format("\"{}\": {} was expected", wanted, expected));
}

Status set_automatic(const VideoNode& node, const DialIds& ids) {
  if (!query(node, ids.automatic)) {
    return refused(ids, "auto", "a number");
  }
  return set(node, ids.automatic, ids.by_camera);
}

Status set_number(const VideoNode& node, const DialIds& ids, const std::string& wanted) {
  const auto dial = query(node, ids.dial);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), value);
  const bool is_number = error == std::errc{} && end == wanted.data() + wanted.size();
  if (!dial || !is_number || value < dial->minimum || value > dial->maximum) {
    return refused(ids, wanted, dial ? fmt::format("auto, or {} to {}", dial->minimum, dial->maximum) : "auto");
  }
  if (query(node, ids.automatic)) {
    if (Status by_hand = set(node, ids.automatic, ids.by_hand); !by_hand) {
      return by_hand;
    }
  }
  return set(node, ids.dial, value);
}

/// A wish only. What is so already is not set again: some lenses begin to hunt.
void preset(const VideoNode& node, const v4l2_queryctrl& control) {
  v4l2_control now{control.id, 0};
  if (node.ask(VIDIOC_G_CTRL, &now) != 0 || now.value != control.default_value) {
    [[maybe_unused]] const Status done = set(node, control.id, control.default_value);
  }
}

/// As the camera comes: what one visit set is not the next one's.
void reset_dial(const VideoNode& node, const DialIds& ids) {
  const auto automatic = query(node, ids.automatic);
  if (automatic) {
    preset(node, *automatic);
  }
  const auto dial = query(node, ids.dial);
  if (dial && (!automatic || automatic->default_value == ids.by_hand)) {
    preset(node, *dial);
  }
}

Status set_dial(const VideoNode& node, const DialIds& ids, const std::string& wanted) {
  if (wanted.empty()) {
    reset_dial(node, ids);
    return {};
  }
  return wanted == "auto" ? set_automatic(node, ids) : set_number(node, ids, wanted);
}

/// Lamps of Vietnam flicker at twice 50 Hz; most cameras come set to 60, and draw bands over the paper. A wish only.
void expect_fifty_hertz(const VideoNode& node) {
  const auto control = query(node, V4L2_CID_POWER_LINE_FREQUENCY);
  if (control && control->minimum <= V4L2_CID_POWER_LINE_FREQUENCY_50HZ &&
      control->maximum >= V4L2_CID_POWER_LINE_FREQUENCY_50HZ) {
    [[maybe_unused]] const Status done = set(node, V4L2_CID_POWER_LINE_FREQUENCY, V4L2_CID_POWER_LINE_FREQUENCY_50HZ);
  }
}

}  // namespace

std::optional<protocol::CameraDial> focus_dial(const VideoNode& node) { return dial_of(node, kFocus); }

std::optional<protocol::CameraDial> exposure_dial(const VideoNode& node) { return dial_of(node, kExposure); }

Status set_controls(const VideoNode& node, const protocol::CameraSettings& wanted) {
  for (const auto& [name, value] : {std::pair("iso", &wanted.iso), std::pair("white_balance", &wanted.white_balance)}) {
    if (!value->empty()) {
      return failure(Errc::device_invalid_setting, name, "a document camera has no such setting");
    }
  }
  expect_fifty_hertz(node);
  if (Status done = set_dial(node, kFocus, wanted.focus); !done) {
    return done;
  }
  return set_dial(node, kExposure, wanted.exposure);
}

}  // namespace quay::document_camera
