// SPDX-License-Identifier: Apache-2.0
// The journal's tables, as the list of steps that made them. A step once released is never edited: add the next one.
#pragma once

#include "daemon/storage/database.hpp"

namespace quay::daemon::storage {

/// The schema this build speaks (PRAGMA user_version).
int newest_schema();

/// Brings a database of any older schema (0: empty) to schema `target`, each step one transaction.
/// Errors: journal_failed, also for a database of a newer quay or of another program.
Status migrate(Database& database, int target = newest_schema());

}  // namespace quay::daemon::storage
