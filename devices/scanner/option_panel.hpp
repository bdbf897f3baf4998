// SPDX-License-Identifier: Apache-2.0
// The option panel of one open device: reads and sets options by name, keeps its copy of them fresh (setting one may
// change the others: SANE_INFO_RELOAD_OPTIONS), and reads back what the backend made of a value.
#pragma once

#include "base/result.hpp"
#include "devices/scanner/option.hpp"
#include "devices/scanner/sane_handle.hpp"

namespace quay::scanner {

/// Thread: device. Borrows the handle.
class OptionPanel {
 public:
  explicit OptionPanel(const SaneHandle& handle);

  /// All options as they are now. Void after any set_.
  const std::vector<Option>& options() const { return options_; }

  /// The option, when it is active and can be set (settable) or read (readable); else null. Void after any set_.
  const Option* settable(std::string_view name) const;
  const Option* readable(std::string_view name) const;

  /// Sets to the nearest value allowed and returns what the backend then says it is. Single numbers only.
  /// Errors: device_unsupported when there is no such settable number; whatever the backend says.
  Result<double> set_number(std::string_view name, double wanted);

  /// Sets to exactly `value`. Errors as set_number; device_invalid_setting when it is longer than the option takes.
  Status set_text(std::string_view name, const std::string& value);
  Status set_flag(std::string_view name, bool value);

  /// Errors: device_unsupported when there is no such readable option of that type; whatever the backend says.
  Result<double> number(std::string_view name) const;
  Result<std::string> text(std::string_view name) const;
  Result<bool> flag(std::string_view name) const;

 private:
  void reload();
  Status control_set(const Option& option, void* value);

  SANE_Handle handle_;
  std::vector<Option> options_;
};

}  // namespace quay::scanner
