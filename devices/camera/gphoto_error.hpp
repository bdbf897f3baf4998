// SPDX-License-Identifier: Apache-2.0
// What libgphoto2 says of trouble, in quay's words. The only place where its numbers become an Error.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace quay::camera {

/// The error of a call that returned `number` < GP_OK. `said`: what the driver told through the context meanwhile; PTP
/// drivers name there what their one number GP_ERROR cannot ("PTP Store Full").
Error gphoto_error(int number, std::string operation, const std::string& said);

/// What trouble at the opening of a camera at `port` (libgphoto2's name of it) is to a clerk. Nobody answers on the
/// network: it is off. Silence on USB is a camera that hangs: USB lists it, so it is plugged in and has power.
Errc trouble_of_opening(Errc code, std::string_view port);

/// Trouble after which a session is of no use any more.
bool means_torn(const Error& error);

}  // namespace quay::camera
