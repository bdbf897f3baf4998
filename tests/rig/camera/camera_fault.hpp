// SPDX-License-Identifier: Apache-2.0
// What can be made to go wrong with the simulated camera. What libgphoto2 makes of each is in ../README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quay::rig {

/// Spelled with hyphens in commands ("no-complete").
enum class CameraFaultKind : std::uint8_t {
  none,
  busy,          ///< a capture is refused: Device Busy
  error,         ///< a capture is refused: General Error, and nothing follows
  no_focus,      ///< a capture is refused: Nikon's Out Of Focus
  store_full,    ///< a capture is refused: Store Full
  full_on_shot,  ///< the shutter goes, then the card is full
  no_complete,   ///< the picture is told, its completion never
  no_object,     ///< the completion is told, a picture never
  hang,          ///< operation `op` is never answered
  drop,          ///< both connections are closed when `op` arrives
  cut,           ///< half of the data of `op`, then both connections are closed
  short_data,    ///< half of the data of `op`, announced as if it were all
  long_size,     ///< GetObjectInfo names twice the size that the picture has
  half_jpeg,     ///< the picture on the card ends in its middle
  bad_length,    ///< the answer to `op` names a packet of 4 GiB
  count_
};

/// A fault and when it strikes.
struct CameraFault {
  CameraFaultKind kind = CameraFaultKind::none;
  std::uint16_t operation = 0;  ///< for hang, drop, cut, short_data and bad_length: which PTP operation; 0: every one
  int times = 0;                ///< how often it strikes before it heals; 0: until switched off
  int at = 1;                   ///< of those operations the first that it strikes, counted from when it was set

  bool operator==(const CameraFault&) const = default;
};

/// "drop op=0x1009 times=1", "hang at=17". Errors: usage, naming the word and what was expected.
Result<CameraFault> parse_camera_fault(std::string_view text);

}  // namespace quay::rig
