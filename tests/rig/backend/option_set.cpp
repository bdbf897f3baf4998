// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/option_set.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

#include <sane/saneopts.h>

namespace quay::rig {
namespace {

constexpr SANE_Int kSettable = SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT;
constexpr SANE_Int kStringBytes = 16;

SANE_Option_Descriptor group(const char* title) {
  SANE_Option_Descriptor descriptor{};
  descriptor.name = "";
  descriptor.title = title;
  descriptor.desc = "";
  descriptor.type = SANE_TYPE_GROUP;
  return descriptor;
}

SANE_Option_Descriptor word(const char* name, const char* title, SANE_Value_Type type, SANE_Unit unit) {
  SANE_Option_Descriptor descriptor{};
  descriptor.name = name;
  descriptor.title = title;
  descriptor.desc = title;
  descriptor.type = type;
  descriptor.unit = unit;
  descriptor.size = sizeof(SANE_Word);
  descriptor.cap = kSettable;
  return descriptor;
}

SANE_Option_Descriptor choice(const char* name, const char* title, const SANE_String_Const* values) {
  SANE_Option_Descriptor descriptor = word(name, title, SANE_TYPE_STRING, SANE_UNIT_NONE);
  descriptor.size = kStringBytes;
  descriptor.constraint_type = SANE_CONSTRAINT_STRING_LIST;
  descriptor.constraint.string_list = values;
  return descriptor;
}

SANE_Word clamp_to(const SANE_Range& range, SANE_Word value) { return std::clamp(value, range.min, range.max); }

/// `list` in SANE's form: its first word counts the others.
SANE_Word nearest_in(const std::vector<SANE_Word>& list, SANE_Word value) {
  return *std::min_element(list.begin() + 1, list.end(),
                           [value](SANE_Word a, SANE_Word b) { return std::abs(a - value) < std::abs(b - value); });
}

SANE_Status choose(std::span<const SANE_String_Const> values, const void* wanted, std::string& chosen) {
  for (const char* value : values) {
    if (value != nullptr && std::strcmp(value, static_cast<const char*>(wanted)) == 0) {
      chosen = value;
      return SANE_STATUS_GOOD;
    }
  }
  return SANE_STATUS_INVAL;
}

void put(const std::string& text, void* value) { std::memcpy(value, text.c_str(), text.size() + 1); }

}  // namespace

OptionSet::OptionSet(const std::vector<int>& resolutions, double bed_width_mm, double bed_height_mm)
    : width_range_{0, SANE_FIX(bed_width_mm), 0}, height_range_{0, SANE_FIX(bed_height_mm), 0} {
  if (!resolutions.empty()) {
    resolutions_.push_back(static_cast<SANE_Word>(resolutions.size()));
    resolutions_.insert(resolutions_.end(), resolutions.begin(), resolutions.end());
    resolution_ = nearest_in(resolutions_, resolution_);
  }
  describe_standard();
  at(Option::geometry_group) = group("Geometry");
  describe_corner(Option::tl_x, SANE_NAME_SCAN_TL_X, "Top-left x", width_range_);
  describe_corner(Option::tl_y, SANE_NAME_SCAN_TL_Y, "Top-left y", height_range_);
  describe_corner(Option::br_x, SANE_NAME_SCAN_BR_X, "Bottom-right x", width_range_);
  describe_corner(Option::br_y, SANE_NAME_SCAN_BR_Y, "Bottom-right y", height_range_);
  corner_value(Option::br_x) = width_range_.max;
  corner_value(Option::br_y) = height_range_.max;
  at(Option::sensors_group) = group("Sensors");
  describe_sensor(Option::page_loaded, SANE_NAME_PAGE_LOADED, "Page loaded", SANE_CAP_SOFT_DETECT);
  describe_sensor(Option::scan_button, SANE_NAME_SCAN, "Scan button", SANE_CAP_HARD_SELECT | SANE_CAP_SOFT_DETECT);
}

void OptionSet::describe_standard() {
  at(Option::count) = word("", "Number of options", SANE_TYPE_INT, SANE_UNIT_NONE);
  at(Option::count).cap = SANE_CAP_SOFT_DETECT;
  at(Option::standard_group) = group("Standard");
  at(Option::source) = choice(SANE_NAME_SCAN_SOURCE, "Source", sources_.data());
  at(Option::mode) = choice(SANE_NAME_SCAN_MODE, "Mode", modes_.data());
  auto& resolution = at(Option::resolution);
  resolution = word(SANE_NAME_SCAN_RESOLUTION, "Resolution", SANE_TYPE_INT, SANE_UNIT_DPI);
  if (resolutions_.empty()) {
    resolution.constraint_type = SANE_CONSTRAINT_RANGE;
    resolution.constraint.range = &resolution_range_;
  } else {
    resolution.constraint_type = SANE_CONSTRAINT_WORD_LIST;
    resolution.constraint.word_list = resolutions_.data();
  }
}

void OptionSet::describe_corner(Option corner, const char* name, const char* title, const SANE_Range& range) {
  at(corner) = word(name, title, SANE_TYPE_FIXED, SANE_UNIT_MM);
  at(corner).constraint_type = SANE_CONSTRAINT_RANGE;
  at(corner).constraint.range = &range;
}

void OptionSet::describe_sensor(Option sensor, const char* name, const char* title, SANE_Int capabilities) {
  at(sensor) = word(name, title, SANE_TYPE_BOOL, SANE_UNIT_NONE);
  at(sensor).cap = capabilities;
}

const SANE_Option_Descriptor* OptionSet::descriptor(SANE_Int number) const {
  const bool known = number >= 0 && static_cast<std::size_t>(number) < descriptors_.size();
  return known ? &descriptors_[static_cast<std::size_t>(number)] : nullptr;
}

SANE_Status OptionSet::get(Option option, void* value) const {
  switch (option) {
    case Option::count: *static_cast<SANE_Word*>(value) = static_cast<SANE_Word>(Option::count_); break;
    case Option::source: put(source_, value); break;
    case Option::mode: put(mode_, value); break;
    case Option::resolution: *static_cast<SANE_Word*>(value) = resolution_; break;
    case Option::tl_x:
    case Option::tl_y:
    case Option::br_x:
    case Option::br_y: *static_cast<SANE_Word*>(value) = corners_[corner_index(option)]; break;
    default: return SANE_STATUS_INVAL;
  }
  return SANE_STATUS_GOOD;
}

SANE_Status OptionSet::set(Option option, void* value, SANE_Int& info) {
  if (option == Option::source) {
    info |= SANE_INFO_RELOAD_OPTIONS | SANE_INFO_RELOAD_PARAMS;
    return choose(sources_, value, source_);
  }
  if (option == Option::mode) {
    info |= SANE_INFO_RELOAD_PARAMS;
    return choose(modes_, value, mode_);
  }
  const bool corner = option >= Option::tl_x && option <= Option::br_y;
  if (!corner && option != Option::resolution) {
    return SANE_STATUS_INVAL;
  }
  const SANE_Word wanted = *static_cast<SANE_Word*>(value);
  SANE_Word& kept = corner ? corner_value(option) : resolution_;
  if (corner) {
    kept = clamp_to(*at(option).constraint.range, wanted);
  } else {
    kept = resolutions_.empty() ? clamp_to(resolution_range_, wanted) : nearest_in(resolutions_, wanted);
  }
  *static_cast<SANE_Word*>(value) = kept;
  info |= SANE_INFO_RELOAD_PARAMS | (kept != wanted ? SANE_INFO_INEXACT : 0);
  return SANE_STATUS_GOOD;
}

double OptionSet::millimetres(Option corner) const { return SANE_UNFIX(corners_[corner_index(corner)]); }

}  // namespace quay::rig
