// SPDX-License-Identifier: Apache-2.0
// SANE options as values of our own: what a backend offers, copied out of its descriptors (SANE standard 4.2.9), and
// the arithmetic of its constraints. Pure; calls no library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sane/sane.h>

namespace quay::scanner {

enum class OptionType : std::uint8_t { boolean, integer, fixed, text, other };

/// Numbers of SANE_INT and SANE_FIXED alike, in the option's own unit.
struct NumberRange {
  double min = 0;
  double max = 0;
  double step = 0;  ///< 0: any value
};

using NumberList = std::vector<double>;
using TextList = std::vector<std::string>;
using Constraint = std::variant<std::monostate, NumberRange, NumberList, TextList>;

struct Option {
  SANE_Int index = 0;
  std::string name;
  OptionType type = OptionType::other;
  SANE_Unit unit = SANE_UNIT_NONE;
  std::size_t size = 0;   ///< bytes of a value
  bool settable = false;  ///< active, by software
  bool readable = false;  ///< active
  Constraint constraint;

  bool is_number() const { return type == OptionType::integer || type == OptionType::fixed; }
};

/// `descriptor` as a value; strings stay as the backend spells them, because it wants them back to the byte.
Option to_option(const SANE_Option_Descriptor& descriptor, SANE_Int index);

/// The option called `name` among `options`, active or not.
const Option* find_option(const std::vector<Option>& options, std::string_view name);

/// The value nearest to `wanted` that the constraint allows. Lists: nearest by ratio, so that 300 dpi of {200, 400} is
/// 400; the larger one when equally far.
double nearest_allowed(const Constraint& constraint, double wanted);

/// Smallest and largest value allowed; nothing when the constraint bounds nothing.
struct Bounds {
  double min = 0;
  double max = 0;
};
std::optional<Bounds> bounds_of(const Constraint& constraint);

}  // namespace quay::scanner
