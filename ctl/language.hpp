// SPDX-License-Identifier: Apache-2.0
// The two languages quayctl speaks. Sentences about faults are not here: they belong to the error table.
#pragma once

#include <cstdint>
#include <string_view>

namespace quay::ctl {

enum class Language : std::uint8_t { vi, en };

/// Vietnamese when the locale of messages says so (LC_ALL, LC_MESSAGES, LANG: locale(7)), English otherwise.
Language language_of_environment();

/// The one of two wordings that `language` asks for.
constexpr std::string_view say(Language language, std::string_view vi, std::string_view en) {
  return language == Language::vi ? vi : en;
}

}  // namespace quay::ctl
