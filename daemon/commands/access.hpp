// SPDX-License-Identifier: Apache-2.0
// What the access log says of a command: who asked, which kind of data of which visit, and what came of it. Never what
// was in the data.
#pragma once

#include "audit/line.hpp"
#include "daemon/commands/command_set.hpp"

namespace quay::daemon::commands {

/// Peer, process, roles and command. `at`, `visit`, `kinds` and `result` are for whoever knows them.
audit::AccessRecord access_record(const Request& request);

/// True when this command, with this outcome, has to be written down before it is answered: one that touches data of a
/// citizen, and any that was refused for who asked. Of a fetch only its beginning counts.
bool must_be_logged(const CommandEntry& entry, const Request& request, const Outcome& outcome);

/// The whole line but for its visit's operator and procedure.
audit::AccessRecord access_record(const Request& request, const Outcome& outcome);

}  // namespace quay::daemon::commands
