// SPDX-License-Identifier: Apache-2.0
// camera.*: pictures as a job, and the live view with its frames. What is asked of the camera itself: device.hpp.
#pragma once

#include "protocol/client/device.hpp"

namespace quay::protocol {

struct CameraCaptureArguments {
  std::string visit;
  std::string device;
  CameraSettings settings;
  std::string profile = "hoso";
  std::int32_t pictures = 1;  ///< 1 to 100; with trigger `button` the job waits for so many
  static constexpr bool is_optional(std::string_view name) { return name != "visit" && name != "device"; }
};

struct CameraLiveArguments {
  std::string visit;
  std::string device;
  double frames_per_second = 10;  ///< at most; 0 ends the live view, 30 is the most
  static constexpr bool is_optional(std::string_view name) { return name == "frames_per_second"; }
};

/// Where the frames come: on the socket `live`, to whoever subscribes to exactly this topic. It cannot be guessed: only
/// those see the camera's view whom the visit's owner tells it.
struct CameraLiveResult : AllOptional {
  std::string device;
  std::string topic;  ///< empty: the live view has ended
  double frames_per_second = 0;
};

/// The middle of three frames on `live`: topic, this, a JPEG. Newest wins; a slow reader misses frames.
struct LiveFrame : AllOptional {
  std::int32_t v = 1;
  std::string type = "live.frame";
  std::string device;
  std::uint64_t frame = 0;  ///< from 1, counts what the camera gave
  std::uint64_t bytes = 0;
};

BOOST_DESCRIBE_STRUCT(CameraCaptureArguments, (), (visit, device, settings, profile, pictures))
BOOST_DESCRIBE_STRUCT(CameraLiveArguments, (), (visit, device, frames_per_second))
BOOST_DESCRIBE_STRUCT(CameraLiveResult, (), (device, topic, frames_per_second))
BOOST_DESCRIBE_STRUCT(LiveFrame, (), (v, type, device, frame, bytes))

}  // namespace quay::protocol
