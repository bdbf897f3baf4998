// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/describe.hpp"

#include <algorithm>
#include <cmath>

#include <sane/saneopts.h>

#include "devices/scanner/settings.hpp"
#include "devices/scanner/vocabulary.hpp"

namespace quay::scanner {
namespace {

using protocol::ScanMode;
using protocol::ScannerCapabilities;
using protocol::ScanSource;

std::vector<ScanMode> modes_of(const std::vector<Option>& options) {
  const Option* mode = find_option(options, SANE_NAME_SCAN_MODE);
  const TextList* names = mode == nullptr ? nullptr : std::get_if<TextList>(&mode->constraint);
  std::vector<ScanMode> modes;
  for (const ScanMode candidate : {ScanMode::color, ScanMode::gray, ScanMode::bitonal}) {
    if (names != nullptr && find_mode(*names, candidate)) {
      modes.push_back(candidate);
    }
  }
  return modes;
}

}  // namespace

void add_resolutions(const Option& resolution, ScannerCapabilities& capabilities) {
  if (const auto* list = std::get_if<NumberList>(&resolution.constraint)) {
    for (const double dpi : *list) {
      capabilities.resolutions_dpi.push_back(static_cast<std::int32_t>(std::lround(dpi)));
    }
    std::sort(capabilities.resolutions_dpi.begin(), capabilities.resolutions_dpi.end());
  }
  if (const std::optional<Bounds> bounds = bounds_of(resolution.constraint)) {
    capabilities.min_resolution_dpi = static_cast<std::int32_t>(std::lround(bounds->min));
    capabilities.max_resolution_dpi = static_cast<std::int32_t>(std::lround(bounds->max));
  }
}

Result<ScannerCapabilities> describe_device(OptionPanel& panel) {
  ScannerCapabilities capabilities;
  capabilities.sources = sources_of(panel.options());
  capabilities.modes = modes_of(panel.options());
  for (const char* name : {SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION}) {
    if (const Option* resolution = find_option(panel.options(), name); resolution != nullptr) {
      add_resolutions(*resolution, capabilities);
      break;
    }
  }
  for (const ScanSource source : capabilities.sources) {
    if (const Status selected = select_source(panel, source); !selected) {
      return failure(selected.error());
    }
    const PaperSize area = largest_area(panel);
    capabilities.max_width_mm = std::max(capabilities.max_width_mm, area.width.value);
    capabilities.max_height_mm = std::max(capabilities.max_height_mm, area.height.value);
  }
  return capabilities;
}

}  // namespace quay::scanner
