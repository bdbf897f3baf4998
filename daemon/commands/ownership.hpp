// SPDX-License-Identifier: Apache-2.0
// Whose a visit is: the one place that decides whether a command may touch the visit it concerns. The proof is the key
// that visit.open gave, in the hands of the account that got it.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/storage/journal.hpp"

namespace quay::daemon::commands {

/// Runs on the storage thread. Errors: visit_unknown, capture_unknown, document_unknown, job_unknown for what is not
/// there; visit_not_owner; request_bad_argument when the argument that names the subject is missing.
Status check_owner(storage::Journal& journal, const CommandEntry& entry, const Request& request);

/// The visit that the command concerns; nothing when it concerns none, or one that is not there. Storage thread.
std::optional<VisitId> visit_concerned(storage::Journal& journal, const CommandEntry& entry, const Request& request);

/// Whether the sender may take a visit over without its key: its own account always, a technician when `technicians`.
/// Errors: visit_unknown, visit_closed, visit_not_owner.
Status check_adoption(storage::Journal& journal, const VisitId& visit, const core::Peer& peer, bool technicians);

/// A new key for a visit, and what the journal keeps of it.
struct VisitKey {
  std::string key;
  std::string digest;
};
VisitKey make_visit_key();

}  // namespace quay::daemon::commands
