// SPDX-License-Identifier: Apache-2.0
// How many different citizens came on a day, without knowing who: an identity number is kept as its HMAC under a random
// key of that day, and at the day's end the key is destroyed and the marks become their number. The key lies wrapped by
// the service key; nothing here names a visit.
#pragma once

#include <string>

#include "daemon/storage/journal.hpp"
#include "daemon/storage/key_ring.hpp"

namespace quay::daemon::storage {

/// Notes that the holder of `number` (twelve digits) was here on `day`; a second time on that day changes nothing.
/// Inside transact(). Errors: journal_failed, bug.
Status note_citizen(Journal& journal, const KeyRing& keys, const std::string& day, const std::string& number);

/// Ends every day but `today`: keys and marks are in no file of the journal afterwards. True when there was one. A
/// transaction of its own. Errors: journal_failed, spool_full.
Result<bool> close_other_days(Journal& journal, const std::string& today);

}  // namespace quay::daemon::storage
