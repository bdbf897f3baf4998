// SPDX-License-Identifier: Apache-2.0
// What an open device can do, read off its options.
#pragma once

#include <string>

#include "devices/scanner/option_panel.hpp"
#include "protocol/client/device.hpp"

namespace quay::scanner {

/// Resolutions a "resolution" option allows. Pure.
void add_resolutions(const Option& resolution, protocol::ScannerCapabilities& capabilities);

/// Sources, modes, resolutions and the largest area over all sources. Selects each source in turn: do not scan with
/// this handle afterwards. Errors: whatever the backend says.
Result<protocol::ScannerCapabilities> describe_device(OptionPanel& panel);

}  // namespace quay::scanner
