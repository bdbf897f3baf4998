// SPDX-License-Identifier: Apache-2.0
// The end of a visit on disk, in an order that leaves nothing readable whenever it is interrupted: its key is
// destroyed, then its files go, then its rows become counters. Each step may be repeated; what a crash interrupted is
// finished by the next start.
#pragma once

#include <functional>

#include "daemon/storage/access_log.hpp"
#include "daemon/storage/reserve.hpp"
#include "daemon/storage/spool.hpp"

namespace quay::daemon::storage {

struct PurgeOrder {
  VisitRow visit;           ///< as the journal has it
  std::string reason;       ///< closed | delivered | idle | too_old | clock | no_key; kept when it is closed already
  std::string at;           ///< RFC 3339
  audit::AccessRecord who;  ///< peer, pid, role and action of the receipt
};

/// The proof that a visit was purged: a line of the access log, and what is left of the visit.
struct PurgeReceipt {
  VisitRow visit;
  std::uint64_t n = 0;
  std::string hash;
};

class Purger {
 public:
  /// All four outlive this.
  Purger(Journal& journal, Spool& spool, AccessLog& log, Reserve& reserve)
      : journal_(journal), spool_(spool), log_(log), reserve_(reserve) {}

  /// Runs inside the last transaction: for the event that tells of it.
  using Announce = std::function<Status(Journal&, const PurgeReceipt&)>;

  /// Purges the visit, also when the disk is full. After an error the visit is closed, and unreadable when the first
  /// step succeeded; call again. Errors: journal_failed, spool_failed, access_log_failed, spool_full.
  Result<PurgeReceipt> purge(const PurgeOrder& order, const Announce& announce);

 private:
  Result<PurgeReceipt> attempt(const PurgeOrder& order, const Announce& announce);
  Status destroy_key(VisitRow& row, const PurgeOrder& order);
  Result<PurgeReceipt> erase(VisitRow row, const PurgeOrder& order, const Announce& announce);

  Journal& journal_;
  Spool& spool_;
  AccessLog& log_;
  Reserve& reserve_;
};

/// Makes the keys of open visits known to the spool. Visits of an older quay have none. Errors: journal_failed,
/// key_unusable.
Status unlock_visits(Journal& journal, Spool& spool);

}  // namespace quay::daemon::storage
