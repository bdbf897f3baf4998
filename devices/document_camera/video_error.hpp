// SPDX-License-Identifier: Apache-2.0
// What the kernel's video driver says of trouble, in quay's words. The only place where its errno becomes an Error.
#pragma once

#include <string>

#include "base/result.hpp"

namespace quay::document_camera {

/// The error of a system call on a video node that failed with `number`.
Error video_error(int number, std::string operation);

}  // namespace quay::document_camera
