// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/settings.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <sane/saneopts.h>

#include "devices/scanner/vocabulary.hpp"

namespace quay::scanner {
namespace {

using protocol::ScanMode;
using protocol::ScanSettings;
using protocol::ScanSource;

constexpr double kNoteworthyMm = 0.2;  // two pixels at 300 dpi: below that the paper itself is not exact
constexpr double kLargestMm = 5000;
constexpr double kSmallestMm = 1;        // an area below that is a backend's slip, not a scanner
constexpr double kLongestSheetMm = 432;  // tabloid: feeders allow metres, and not all of them notice the end of a sheet
constexpr std::int32_t kLargestDpi = 9600;

/// Options that choose the side of the sheet apart from the source: fujitsu, epson2, kvs and others.
constexpr const char* kSidesOptions[] = {"duplex", "adf-mode", "adf_mode"};

/// The four options of one direction.
struct Axis {
  const char* near_edge;
  const char* far_edge;
  const char* paper;  ///< what fujitsu, canon_dr and epjitsu want to know before they widen the area
  const char* setting;
};
constexpr Axis kAcross{SANE_NAME_SCAN_TL_X, SANE_NAME_SCAN_BR_X, SANE_NAME_PAGE_WIDTH, "width_mm"};
constexpr Axis kDown{SANE_NAME_SCAN_TL_Y, SANE_NAME_SCAN_BR_Y, SANE_NAME_PAGE_HEIGHT, "height_mm"};

const TextList* texts_of(const Option* option) {
  return option == nullptr ? nullptr : std::get_if<TextList>(&option->constraint);
}

bool offers_both_sides(const Option* option) {
  if (option == nullptr) {
    return false;
  }
  const TextList* texts = texts_of(option);
  return option->type == OptionType::boolean || (texts != nullptr && find_sides(*texts, true).has_value());
}

bool has(const std::vector<ScanSource>& list, ScanSource source) {
  return std::find(list.begin(), list.end(), source) != list.end();
}

std::vector<ScanSource> sources_without_names(const std::vector<Option>& options, bool both_sides) {
  const bool feeds = both_sides || find_option(options, SANE_NAME_PAGE_LOADED) != nullptr;
  if (!feeds) {
    return {ScanSource::flatbed};
  }
  return both_sides ? std::vector{ScanSource::adf, ScanSource::adf_duplex} : std::vector{ScanSource::adf};
}

Status set_sides(OptionPanel& panel, bool duplex) {
  for (const char* name : kSidesOptions) {
    const Option* option = panel.settable(name);
    if (option == nullptr) {
      continue;
    }
    if (option->type == OptionType::boolean) {
      return panel.set_flag(name, duplex);
    }
    const TextList* texts = texts_of(option);
    const std::optional<std::string> side = texts == nullptr ? std::nullopt : find_sides(*texts, duplex);
    if (side) {
      return panel.set_text(name, *side);
    }
  }
  return {};
}

Status set_mode(OptionPanel& panel, ScanMode asked) {
  const TextList* names = texts_of(panel.settable(SANE_NAME_SCAN_MODE));
  if (names == nullptr) {
    return {};
  }
  for (const ScanMode mode : acceptable_modes(asked)) {
    if (const std::optional<std::string> name = find_mode(*names, mode)) {
      return panel.set_text(SANE_NAME_SCAN_MODE, *name);
    }
  }
  return {};
}

Status set_depth(OptionPanel& panel) {
  constexpr double kBits = 8;
  const Option* depth = panel.settable(SANE_NAME_BIT_DEPTH);
  if (depth == nullptr || !depth->is_number() || nearest_allowed(depth->constraint, kBits) != kBits) {
    return {};
  }
  const Result<double> set = panel.set_number(SANE_NAME_BIT_DEPTH, kBits);
  return set ? Status() : failure(set.error());
}

/// The resolution as it now is, 0 when the device does not say.
double resolution_now(const OptionPanel& panel) {
  for (const char* name : {SANE_NAME_SCAN_RESOLUTION, SANE_NAME_SCAN_X_RESOLUTION}) {
    if (const Result<double> dpi = panel.number(name)) {
      return *dpi;
    }
  }
  return 0;
}

Status set_resolution(OptionPanel& panel, double wanted) {
  if (panel.settable(SANE_NAME_SCAN_RESOLUTION) != nullptr) {
    const Result<double> set = panel.set_number(SANE_NAME_SCAN_RESOLUTION, wanted);
    return set ? Status() : failure(set.error());
  }
  for (const char* name : {SANE_NAME_SCAN_X_RESOLUTION, SANE_NAME_SCAN_Y_RESOLUTION}) {
    if (panel.settable(name) == nullptr) {
      continue;
    }
    const Result<double> set = panel.set_number(name, wanted);
    if (!set) {
      return failure(set.error());
    }
    wanted = *set;  // the same down as across
  }
  return {};
}

/// How many of the option's units one millimetre is; 0 when that cannot be known.
double units_per_mm(const Option& option, double dpi) {
  return option.unit == SANE_UNIT_PIXEL ? dpi / kMillimetresPerInch : 1.0;
}

double largest_extent_mm(const OptionPanel& panel, const Axis& axis) {
  for (const char* name : {axis.paper, axis.far_edge}) {
    const Option* option = panel.settable(name);
    const std::optional<Bounds> bounds = option == nullptr ? std::nullopt : bounds_of(option->constraint);
    if (!bounds) {
      continue;
    }
    const double per_mm = units_per_mm(*option, resolution_now(panel));
    return per_mm > 0 ? bounds->max / per_mm : 0;
  }
  return 0;
}

/// Sets one direction of the area to `wanted_mm`, or to a whole sheet when that is 0. The extent got, in millimetres;
/// 0 when the device has no say in it.
Result<double> set_extent(OptionPanel& panel, const Axis& axis, double wanted_mm) {
  const double largest_mm = largest_extent_mm(panel, axis);
  if (largest_mm < kSmallestMm) {
    return 0.0;
  }
  const double extent_mm = wanted_mm > 0 ? wanted_mm : std::min(largest_mm, kLongestSheetMm);
  if (panel.settable(axis.paper) != nullptr) {
    if (const Result<double> set = panel.set_number(axis.paper, extent_mm); !set) {
      return set;
    }
  }
  const Option* far_edge = panel.settable(axis.far_edge);
  const double per_mm = far_edge == nullptr ? 0 : units_per_mm(*far_edge, resolution_now(panel));
  if (per_mm <= 0) {
    return 0.0;
  }
  double near_got = 0;
  if (const Option* near_edge = panel.settable(axis.near_edge); near_edge != nullptr) {
    const std::optional<Bounds> bounds = bounds_of(near_edge->constraint);
    const Result<double> set = panel.set_number(axis.near_edge, bounds ? bounds->min : 0);
    if (!set) {
      return set;
    }
    near_got = *set;
  }
  const Result<double> far_got = panel.set_number(axis.far_edge, near_got + extent_mm * per_mm);
  return far_got ? Result<double>((*far_got - near_got) / per_mm) : far_got;
}

/// Sets `axis` and notes in `adjusted` when it came out otherwise than asked.
Result<double> apply_extent(OptionPanel& panel, const Axis& axis, double wanted_mm, AppliedSettings& applied) {
  const Result<double> got = set_extent(panel, axis, wanted_mm);
  if (got && wanted_mm > 0 && *got > 0 && std::abs(*got - wanted_mm) > kNoteworthyMm) {
    applied.adjusted.push_back({{}, axis.setting, fmt::format("{:.1f}", wanted_mm), fmt::format("{:.1f}", *got)});
  }
  return got;
}

}  // namespace

std::vector<ScanSource> sources_of(const std::vector<Option>& options) {
  const bool both_sides = std::any_of(std::begin(kSidesOptions), std::end(kSidesOptions),
                                      [&](const char* name) { return offers_both_sides(find_option(options, name)); });
  const TextList* names = texts_of(find_option(options, SANE_NAME_SCAN_SOURCE));
  if (names == nullptr) {
    return sources_without_names(options, both_sides);
  }
  std::vector<ScanSource> sources;
  for (const ScanSource source : {ScanSource::flatbed, ScanSource::adf, ScanSource::adf_duplex}) {
    const bool by_option = source == ScanSource::adf_duplex && both_sides && has(sources, ScanSource::adf);
    if (by_option || find_source(*names, source)) {
      sources.push_back(source);
    }
  }
  return sources.empty() ? std::vector{ScanSource::flatbed} : sources;
}

Result<std::vector<ScanSource>> sources_to_try(ScanSource asked, const std::vector<ScanSource>& available,
                                               std::optional<bool> paper_loaded) {
  if (asked != ScanSource::automatic) {
    if (has(available, asked)) {
      return std::vector{asked};
    }
    return failure(Errc::device_unsupported, "scan.source",
                   std::string("the device has no source ") + protocol::enum_name(asked));
  }
  std::vector<ScanSource> order;
  const bool flatbed = has(available, ScanSource::flatbed);
  if (!flatbed || paper_loaded.value_or(true)) {
    for (const ScanSource feeder : {ScanSource::adf, ScanSource::adf_duplex}) {
      if (order.empty() && has(available, feeder)) {
        order.push_back(feeder);
      }
    }
  }
  if (flatbed) {
    order.push_back(ScanSource::flatbed);
  }
  return order;
}

std::optional<bool> paper_loaded(const OptionPanel& panel) {
  const Result<bool> loaded = panel.flag(SANE_NAME_PAGE_LOADED);
  return loaded ? std::optional(*loaded) : std::nullopt;
}

Status select_source(OptionPanel& panel, ScanSource source) {
  if (const TextList* names = texts_of(panel.settable(SANE_NAME_SCAN_SOURCE)); names != nullptr) {
    std::optional<std::string> name = find_source(*names, source);
    if (!name && source == ScanSource::adf_duplex) {
      name = find_source(*names, ScanSource::adf);
    }
    if (name) {
      if (Status set = panel.set_text(SANE_NAME_SCAN_SOURCE, *name); !set) {
        return set;
      }
    }
  }
  return source == ScanSource::flatbed ? Status() : set_sides(panel, source == ScanSource::adf_duplex);
}

Status check_settings(const ScanSettings& settings) {
  const auto refuse = [](std::string what) {
    return failure(Errc::device_invalid_setting, "scan.settings", std::move(what));
  };
  if (settings.resolution_dpi < 1 || settings.resolution_dpi > kLargestDpi) {
    return refuse(fmt::format("resolution_dpi {} where 1 to {} was expected", settings.resolution_dpi, kLargestDpi));
  }
  for (const double length : {settings.width_mm, settings.height_mm}) {
    if (!(length >= 0 && length <= kLargestMm)) {
      return refuse(fmt::format("{} mm where 0 to {} was expected", length, kLargestMm));
    }
  }
  return {};
}

Result<AppliedSettings> apply_settings(OptionPanel& panel, const ScanSettings& settings, ScanSource source) {
  if (const Status set = select_source(panel, source); !set) {
    return failure(set.error());
  }
  if (const Status set = set_mode(panel, settings.mode); !set) {
    return failure(set.error());
  }
  if (const Status set = set_depth(panel); !set) {
    return failure(set.error());
  }
  if (const Status set = set_resolution(panel, settings.resolution_dpi); !set) {
    return failure(set.error());
  }
  AppliedSettings applied;
  const Result<double> width = apply_extent(panel, kAcross, settings.width_mm, applied);
  if (!width) {
    return failure(width.error());
  }
  const Result<double> height = apply_extent(panel, kDown, settings.height_mm, applied);
  if (!height) {
    return failure(height.error());
  }
  applied.dpi = resolution_now(panel);
  if (applied.dpi > 0 && std::lround(applied.dpi) != settings.resolution_dpi) {
    applied.adjusted.push_back(
        {{}, "resolution_dpi", fmt::to_string(settings.resolution_dpi), fmt::format("{:g}", applied.dpi)});
  }
  const double tallest_mm = *height > 0 ? *height : settings.height_mm;
  applied.likely_rows = static_cast<std::int32_t>(std::lround(tallest_mm / kMillimetresPerInch * applied.dpi));
  return applied;
}

PaperSize largest_area(const OptionPanel& panel) {
  return {{largest_extent_mm(panel, kAcross)}, {largest_extent_mm(panel, kDown)}};
}

}  // namespace quay::scanner
