// SPDX-License-Identifier: Apache-2.0
// Bytes in place of those that a session leaves out: a page of lines, in the size and form that the frame tells.
#pragma once

#include "base/shared_buffer.hpp"
#include "protocol/json/parse.hpp"

namespace quay::rig {

/// What goes beside `frame`, `bytes` long. A picture file takes the geometry's size and changes `bytes` in the frame to
/// what it came to. Errors: device_no_memory, image_encode_failed.
Result<WritableBuffer> make_up(std::uint64_t bytes, boost::json::object& frame);

}  // namespace quay::rig
