// SPDX-License-Identifier: Apache-2.0
#include "ctl/language.hpp"

#include <array>
#include <cstdlib>

namespace quay::ctl {

Language language_of_environment() {
  constexpr std::array kByPrecedence{"LC_ALL", "LC_MESSAGES", "LANG"};
  for (const char* name : kByPrecedence) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      const std::string_view locale(value);
      return locale == "vi" || locale.starts_with("vi_") || locale.starts_with("vi.") ? Language::vi : Language::en;
    }
  }
  return Language::en;
}

}  // namespace quay::ctl
