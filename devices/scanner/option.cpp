// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/option.hpp"

#include <algorithm>
#include <cmath>

namespace quay::scanner {
namespace {

OptionType type_of(SANE_Value_Type type) {
  switch (type) {
    case SANE_TYPE_BOOL: return OptionType::boolean;
    case SANE_TYPE_INT: return OptionType::integer;
    case SANE_TYPE_FIXED: return OptionType::fixed;
    case SANE_TYPE_STRING: return OptionType::text;
    case SANE_TYPE_BUTTON:
    case SANE_TYPE_GROUP: return OptionType::other;
  }
  return OptionType::other;
}

double to_number(SANE_Word word, SANE_Value_Type type) {
  return type == SANE_TYPE_FIXED ? SANE_UNFIX(word) : static_cast<double>(word);
}

Constraint word_list(const SANE_Option_Descriptor& descriptor) {
  NumberList numbers;
  const SANE_Word* list = descriptor.constraint.word_list;
  for (SANE_Word i = 1; list != nullptr && i <= list[0]; ++i) {
    numbers.push_back(to_number(list[i], descriptor.type));
  }
  return numbers;
}

Constraint string_list(const SANE_Option_Descriptor& descriptor) {
  TextList texts;
  for (const SANE_String_Const* at = descriptor.constraint.string_list; at != nullptr && *at != nullptr; ++at) {
    texts.emplace_back(*at);
  }
  return texts;
}

Constraint constraint_of(const SANE_Option_Descriptor& descriptor) {
  switch (descriptor.constraint_type) {
    case SANE_CONSTRAINT_NONE: return {};
    case SANE_CONSTRAINT_WORD_LIST: return word_list(descriptor);
    case SANE_CONSTRAINT_STRING_LIST: return string_list(descriptor);
    case SANE_CONSTRAINT_RANGE:
      if (const SANE_Range* range = descriptor.constraint.range; range != nullptr) {
        return NumberRange{to_number(range->min, descriptor.type), to_number(range->max, descriptor.type),
                           to_number(range->quant, descriptor.type)};
      }
      return {};
  }
  return {};
}

double nearest_in(const NumberRange& range, double wanted) {
  const double clamped = std::clamp(wanted, std::min(range.min, range.max), std::max(range.min, range.max));
  if (range.step <= 0) {
    return clamped;
  }
  const double stepped = range.min + std::round((clamped - range.min) / range.step) * range.step;
  return stepped > range.max ? stepped - range.step : stepped;
}

double nearest_in(const NumberList& list, double wanted) {
  const auto distance = [wanted](double value) {
    return value > 0 && wanted > 0 ? std::abs(std::log(value / wanted)) : std::abs(value - wanted);
  };
  double best = list.empty() ? wanted : list.front();
  for (const double value : list) {
    const double gain = distance(best) - distance(value);
    if (gain > 1e-9 || (gain > -1e-9 && value > best)) {
      best = value;
    }
  }
  return best;
}

}  // namespace

Option to_option(const SANE_Option_Descriptor& descriptor, SANE_Int index) {
  Option option;
  option.index = index;
  option.name = descriptor.name != nullptr ? descriptor.name : "";
  option.type = type_of(descriptor.type);
  option.unit = descriptor.unit;
  option.size = descriptor.size > 0 ? static_cast<std::size_t>(descriptor.size) : 0;
  const bool active = SANE_OPTION_IS_ACTIVE(descriptor.cap);
  option.settable = active && SANE_OPTION_IS_SETTABLE(descriptor.cap);
  option.readable = active && (descriptor.cap & SANE_CAP_SOFT_DETECT) != 0;
  option.constraint = constraint_of(descriptor);
  return option;
}

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

double nearest_allowed(const Constraint& constraint, double wanted) {
  if (const auto* range = std::get_if<NumberRange>(&constraint)) {
    return nearest_in(*range, wanted);
  }
  if (const auto* list = std::get_if<NumberList>(&constraint)) {
    return nearest_in(*list, wanted);
  }
  return wanted;
}

std::optional<Bounds> bounds_of(const Constraint& constraint) {
  if (const auto* range = std::get_if<NumberRange>(&constraint)) {
    return Bounds{range->min, range->max};
  }
  if (const auto* list = std::get_if<NumberList>(&constraint); list != nullptr && !list->empty()) {
    const auto [min, max] = std::minmax_element(list->begin(), list->end());
    return Bounds{*min, *max};
  }
  return std::nullopt;
}

}  // namespace quay::scanner
