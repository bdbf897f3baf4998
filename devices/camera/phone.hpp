// SPDX-License-Identifier: Apache-2.0
// Whether a citizen's phone lets its pictures be seen, and what its owner has to do when it does not: read out of what
// libgphoto2 really answers.
#pragma once

#include "devices/camera/session.hpp"

namespace quay::camera {

/// What `asked`, the answer to the question for its memories, says. Errors: phone_locked, phone_no_file_transfer,
/// phone_not_trusted; those of the session.
Status phone_access(const Result<Storage>& asked, bool is_apple);

}  // namespace quay::camera
