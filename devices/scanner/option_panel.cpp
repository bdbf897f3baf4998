// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/option_panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "devices/scanner/sane_error.hpp"

namespace quay::scanner {
namespace {

tl::unexpected<Error> no_such_option(std::string_view name) {
  return failure(Errc::device_unsupported, "sane_control_option", "no usable option " + std::string(name));
}

SANE_Word to_word(double value, OptionType type) {
  const double scaled = type == OptionType::fixed ? value * (1 << SANE_FIXED_SCALE_SHIFT) : value;
  const double lowest = std::numeric_limits<SANE_Word>::min();
  const double highest = std::numeric_limits<SANE_Word>::max();
  return static_cast<SANE_Word>(std::lround(std::clamp(scaled, lowest, highest)));
}

Status control_get(SANE_Handle handle, const Option& option, void* value) {
  const SANE_Status status = ::sane_control_option(handle, option.index, SANE_ACTION_GET_VALUE, value, nullptr);
  return sane_status(status, "sane_control_option");
}

}  // namespace

OptionPanel::OptionPanel(const SaneHandle& handle) : handle_(handle.get()) { reload(); }

/// Option 0 holds the number of options (SANE standard 4.4).
void OptionPanel::reload() {
  options_.clear();
  SANE_Int count = 0;
  if (::sane_get_option_descriptor(handle_, 0) == nullptr ||
      ::sane_control_option(handle_, 0, SANE_ACTION_GET_VALUE, &count, nullptr) != SANE_STATUS_GOOD) {
    return;
  }
  for (SANE_Int i = 1; i < count; ++i) {
    if (const SANE_Option_Descriptor* descriptor = ::sane_get_option_descriptor(handle_, i); descriptor != nullptr) {
      options_.push_back(to_option(*descriptor, i));
    }
  }
}

const Option* OptionPanel::settable(std::string_view name) const {
  const Option* option = find_option(options_, name);
  return option != nullptr && option->settable ? option : nullptr;
}

const Option* OptionPanel::readable(std::string_view name) const {
  const Option* option = find_option(options_, name);
  return option != nullptr && option->readable ? option : nullptr;
}

Status OptionPanel::control_set(const Option& option, void* value) {
  SANE_Int info = 0;
  const SANE_Status status = ::sane_control_option(handle_, option.index, SANE_ACTION_SET_VALUE, value, &info);
  if (status != SANE_STATUS_GOOD) {
    Error error = sane_error(status, "sane_control_option");
    error.detail = "setting option " + option.name;
    return failure(std::move(error));
  }
  if ((info & SANE_INFO_RELOAD_OPTIONS) != 0) {
    reload();
  }
  return {};
}

Result<double> OptionPanel::set_number(std::string_view name, double wanted) {
  const Option* option = settable(name);
  if (option == nullptr || !option->is_number() || option->size != sizeof(SANE_Word)) {
    return no_such_option(name);
  }
  const OptionType type = option->type;
  SANE_Word word = to_word(nearest_allowed(option->constraint, wanted), type);
  if (Status set = control_set(*option, &word); !set) {
    return failure(set.error());
  }
  // Backends report rounding by SANE_INFO_INEXACT or not at all: always look.
  Result<double> got = number(name);
  return got ? got : Result<double>(type == OptionType::fixed ? SANE_UNFIX(word) : static_cast<double>(word));
}

Status OptionPanel::set_text(std::string_view name, const std::string& value) {
  const Option* option = settable(name);
  if (option == nullptr || option->type != OptionType::text) {
    return no_such_option(name);
  }
  if (value.size() >= option->size) {
    return failure(Errc::device_invalid_setting, "sane_control_option",
                   "\"" + value + "\" does not fit option " + option->name);
  }
  std::vector<char> buffer(option->size, '\0');
  std::copy(value.begin(), value.end(), buffer.begin());
  return control_set(*option, buffer.data());
}

Status OptionPanel::set_flag(std::string_view name, bool value) {
  const Option* option = settable(name);
  if (option == nullptr || option->type != OptionType::boolean) {
    return no_such_option(name);
  }
  SANE_Word word = value ? SANE_TRUE : SANE_FALSE;
  return control_set(*option, &word);
}

Result<double> OptionPanel::number(std::string_view name) const {
  const Option* option = readable(name);
  if (option == nullptr || !option->is_number() || option->size != sizeof(SANE_Word)) {
    return no_such_option(name);
  }
  SANE_Word word = 0;
  if (const Status got = control_get(handle_, *option, &word); !got) {
    return failure(got.error());
  }
  return option->type == OptionType::fixed ? SANE_UNFIX(word) : static_cast<double>(word);
}

Result<std::string> OptionPanel::text(std::string_view name) const {
  const Option* option = readable(name);
  if (option == nullptr || option->type != OptionType::text) {
    return no_such_option(name);
  }
  std::vector<char> buffer(option->size + 1, '\0');
  if (const Status got = control_get(handle_, *option, buffer.data()); !got) {
    return failure(got.error());
  }
  return std::string(buffer.data());
}

Result<bool> OptionPanel::flag(std::string_view name) const {
  const Option* option = readable(name);
  if (option == nullptr || option->type != OptionType::boolean) {
    return no_such_option(name);
  }
  SANE_Word word = SANE_FALSE;
  if (const Status got = control_get(handle_, *option, &word); !got) {
    return failure(got.error());
  }
  return word != SANE_FALSE;
}

}  // namespace quay::scanner
