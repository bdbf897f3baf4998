// SPDX-License-Identifier: Apache-2.0
// What a portal would refuse, as a line for people.
#pragma once

#include <string>

#include "ctl/language.hpp"
#include "protocol/client/documents.hpp"

namespace quay::ctl {

/// "page 2: The page is not fine enough ...: scan it again ... [portal.resolution_low] (150 dpi; 200)".
std::string finding_text(Language language, const protocol::Finding& finding);

/// "document: PDF, at most 1000000 bytes, 200 dpi or more, colour, {code}.{nnn}.{ext}".
std::string rules_text(Language language, const protocol::PaperRules& rules);

}  // namespace quay::ctl
