// SPDX-License-Identifier: Apache-2.0
// quay's scan settings onto SANE options: source, mode, depth, resolution, paper size, in the order in which they
// depend on each other. What a device rounds or lacks is reported, never hidden.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "devices/scanner/option_panel.hpp"
#include "protocol/client/device.hpp"

namespace quay::scanner {

/// Where this device can take paper from, as its options tell. Never empty: a device without a word about it is a
/// flatbed. Pure.
std::vector<protocol::ScanSource> sources_of(const std::vector<Option>& options);

/// The sources to try for `asked`, in order: the next one when the feeder of the one before is empty. Automatic means
/// the feeder first, unless the device's own sensor says there is no paper in it. Pure.
/// Errors: device_unsupported when the device has no such source.
Result<std::vector<protocol::ScanSource>> sources_to_try(protocol::ScanSource asked,
                                                         const std::vector<protocol::ScanSource>& available,
                                                         std::optional<bool> paper_loaded);

/// What the feeder's sensor says, where the device has one ("page-loaded").
std::optional<bool> paper_loaded(const OptionPanel& panel);

/// Sets source and sides. Errors: whatever the backend says.
Status select_source(OptionPanel& panel, protocol::ScanSource source);

/// What came of the settings.
struct AppliedSettings {
  double dpi = 0;                ///< 0: the device does not say
  std::int32_t likely_rows = 0;  ///< 0: not known
  std::vector<protocol::SettingAdjustment> adjusted;
};

/// Refuses what no scanner can mean. Pure. Errors: device_invalid_setting naming the member.
Status check_settings(const protocol::ScanSettings& settings);

/// Applies all of `settings` but with `source` in place of theirs. Errors: whatever the backend says.
Result<AppliedSettings> apply_settings(OptionPanel& panel, const protocol::ScanSettings& settings,
                                       protocol::ScanSource source);

/// Largest width and height in millimetres as set up now; 0 where the device does not say.
PaperSize largest_area(const OptionPanel& panel);

}  // namespace quay::scanner
