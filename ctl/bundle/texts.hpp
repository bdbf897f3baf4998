// SPDX-License-Identifier: Apache-2.0
// Texts of a support bundle: facts of the machine and its settings, so told that nothing personal is in them.
#pragma once

#include <string>
#include <string_view>

#include "ctl/doctor/machine.hpp"

namespace quay::ctl::bundle {

/// System, kernel, memory, room, versions of packages that matter, USB devices by class and number. No serial numbers:
/// one of them may be a citizen's phone.
std::string machine_text(const doctor::Machine& machine);

/// A configuration without comments. Texts stand as "<N bytes>" but for those of a few keys that say which device and
/// which driver; numbers and switches stand as they are.
std::string settings_text(std::string_view toml);

}  // namespace quay::ctl::bundle
