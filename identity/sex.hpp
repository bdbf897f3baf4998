// SPDX-License-Identifier: Apache-2.0
// How a card writes its holder's sex, and how the protocol does.
#pragma once

#include <string>

namespace quay::identity {

/// "Nam", "NỮ" -> "M", "F"; what is neither stays as it is written.
std::string sex_of(const std::string& written);

}  // namespace quay::identity
