// SPDX-License-Identifier: Apache-2.0
// Which uses need the citizen's consent, and whether a visit holds it. The one place that decides.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/storage/journal.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::jobs {

/// The consent that a capture with this profile needs; nothing for a paper of a dossier.
std::optional<protocol::ConsentKind> consent_needed_by(std::string_view profile);

/// Errors: visit_consent_missing when `visit` holds no consent of that kind; journal_failed.
Status check_consent(storage::Journal& journal, const VisitId& visit, protocol::ConsentKind kind);

/// The same for what scan.start asks for.
Status check_consent(storage::Journal& journal, const VisitId& visit, std::string_view profile);

}  // namespace quay::daemon::jobs
