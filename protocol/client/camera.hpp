// SPDX-License-Identifier: Apache-2.0
// camera.*: pictures as a job, and the live view with its frames. What is asked of the camera itself: device.hpp.
#pragma once

#include "protocol/client/device.hpp"
#include "protocol/client/error_body.hpp"
#include "protocol/client/page_report.hpp"

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
  bool auto_capture = false;      ///< a sheet that lies still and is good is captured by itself, once
  std::string profile = "hoso";   ///< of pages that are captured so
  CameraSettings settings;        ///< of those captures
  static constexpr bool is_optional(std::string_view name) { return name != "visit" && name != "device"; }
};

/// Where the frames come: on the socket `live`, to whoever subscribes to exactly this topic. It cannot be guessed: only
/// those see the camera's view whom the visit's owner tells it.
struct CameraLiveResult : AllOptional {
  std::string device;
  std::string topic;  ///< empty: the live view has ended
  double frames_per_second = 0;
  bool auto_capture = false;
};

/// The middle of three frames on `live`: topic, this, a JPEG. Newest wins; a slow reader misses frames.
struct LiveFrame : AllOptional {
  std::int32_t v = 1;
  std::string type = "live.frame";
  std::string device;
  std::uint64_t frame = 0;  ///< from 1, counts what the camera gave
  std::uint64_t bytes = 0;
};

/// Where an automatic capture stands with the sheet before the lens.
enum class PageTurn : std::uint8_t {
  off,       ///< nobody asked for it
  empty,     ///< no sheet is there
  moving,    ///< a sheet or a hand moves
  settling,  ///< a new sheet lies still; good enough, it is captured next
  taken,     ///< this sheet has been captured: nothing more until another lies there
};
BOOST_DESCRIBE_ENUM(PageTurn, off, empty, moving, settling, taken)

/// What is seen on a frame that was sent: the topic, this, and an empty third part. Not of every frame: the newest is
/// looked at whenever the one before is done. Boxes and corners are pixels of that frame.
struct LiveJudgement : AllOptional {
  std::int32_t v = 1;
  std::string type = "live.judgement";
  std::string device;
  std::uint64_t frame = 0;
  std::int32_t width = 0;
  std::int32_t height = 0;
  bool sheet_found = false;
  std::vector<std::vector<double>> quad_px;  ///< the sheet's corners clockwise, as [x, y]; empty: none was found
  std::vector<QualityBody> quality;          ///< worst first; empty: good
  PageTurn page = PageTurn::off;
  std::optional<ErrorBody> error;  ///< why this sheet was not captured by itself
};

BOOST_DESCRIBE_STRUCT(CameraCaptureArguments, (), (visit, device, settings, profile, pictures))
BOOST_DESCRIBE_STRUCT(CameraLiveArguments, (), (visit, device, frames_per_second, auto_capture, profile, settings))
BOOST_DESCRIBE_STRUCT(CameraLiveResult, (), (device, topic, frames_per_second, auto_capture))
BOOST_DESCRIBE_STRUCT(LiveFrame, (), (v, type, device, frame, bytes))
BOOST_DESCRIBE_STRUCT(LiveJudgement, (),
                      (v, type, device, frame, width, height, sheet_found, quad_px, quality, page, error))

}  // namespace quay::protocol
