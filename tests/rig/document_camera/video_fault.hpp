// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong with the simulated document camera. How quay answers each is in ../README.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace quay::rig {

/// Spelled with hyphens in commands ("no-space").
enum class VideoFaultKind : std::uint8_t {
  none,
  busy,        ///< another program streams: EBUSY
  no_space,    ///< VIDIOC_STREAMON: ENOSPC for pictures of more than `above` pixels
  freeze,      ///< the stream stops after `after` frames, and says nothing
  hang,        ///< the request `op` never returns, `after` frames were taken out of the stream
  pull,        ///< the cable is pulled when `after` frames were taken out of the stream
  half_frame,  ///< frames end in their middle
  damaged,     ///< frames carry V4L2_BUF_FLAG_ERROR
  garbage,     ///< frames are no JPEG
  dark_start,  ///< the first `after` frames are dark, and become lighter
  hunt,        ///< the lens hunts: of four frames three are out of focus
  blurred,     ///< none is in focus
  other_size,  ///< VIDIOC_S_FMT gives half of what was asked
  count_
};

/// Requests of videodev2.h that `hang` can name.
enum class VideoOperation : std::uint8_t { none, querycap, s_fmt, reqbufs, streamon, dqbuf, streamoff, count_ };

struct VideoFault {
  VideoFaultKind kind = VideoFaultKind::none;
  VideoOperation operation = VideoOperation::none;
  int above = 0;
  int after = 0;

  bool operator==(const VideoFault&) const = default;
};

/// "hang op=streamon", "no-space above=2000000". Errors: usage, naming the word and what was expected.
Result<VideoFault> parse_video_fault(std::string_view text);

}  // namespace quay::rig
