// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/purge.hpp"

namespace quay::daemon::storage {

Status Purger::destroy_key(VisitRow& row, const PurgeOrder& order) {
  if (row.open) {
    row.open = false;
    row.closed_at = order.at;
    row.close_reason = order.reason;
  }
  spool_.keys().forget(row.visit);
  return journal_.destroy_key(row);
}

/// The rows go in one transaction with the event. The line of the access log comes before: a crash between the two
/// makes a second line, never none.
Result<PurgeReceipt> Purger::erase(VisitRow row, const PurgeOrder& order, const Announce& announce) {
  const auto counters = journal_.count(row.visit);
  if (!counters) {
    return failure(counters.error());
  }
  audit::AccessRecord line = order.who;
  line.at = order.at;
  line.visit = row.visit.value;
  line.why = row.procedure;
  line.result = "ok";
  line.kinds = {"everything"};
  const auto written = log_.append(line);
  if (!written) {
    return failure(written.error());
  }
  row.counters = *counters;
  const bool first = !row.purged;
  row.purged = true;
  row.operator_id.clear();
  const PurgeReceipt receipt{row, written->n, written->hash};
  const Status erased = journal_.transact([&](Journal& open) -> Status {
    if (Status counted = first ? open.count_visit(row) : Status(); !counted) {
      return counted;
    }
    if (Status gone = open.erase_visit(row.visit); !gone) {
      return gone;
    }
    if (Status put = open.put(row); !put) {
      return put;
    }
    if (Status put = open.put(AccessHead{written->n, written->hash}); !put) {
      return put;
    }
    return announce(open, receipt);
  });
  if (!erased) {
    return failure(erased.error());
  }
  const Status scrubbed = journal_.scrub();
  return scrubbed ? Result<PurgeReceipt>(receipt) : failure(scrubbed.error());
}

Result<PurgeReceipt> Purger::attempt(const PurgeOrder& order, const Announce& announce) {
  VisitRow row = order.visit;
  Status gone = destroy_key(row, order);
  if (gone) {
    gone = spool_.remove_visit(row.visit);
  }
  return gone ? erase(std::move(row), order, announce) : failure(gone.error());
}

Result<PurgeReceipt> Purger::purge(const PurgeOrder& order, const Announce& announce) {
  auto receipt = attempt(order, announce);
  if (!receipt && receipt.error().code == Errc::spool_full) {
    reserve_.release();
    receipt = attempt(order, announce);
    reserve_.take();
  }
  return receipt;
}

Status unlock_visits(Journal& journal, Spool& spool) {
  if (Status bound = journal.bind_service_key(spool.keys().service_key().id()); !bound) {
    return bound;
  }
  auto keys = journal.keys();
  if (!keys) {
    return failure(keys.error());
  }
  for (auto& [visit, wrapped] : *keys) {
    spool.keys().add(visit, std::move(wrapped));
  }
  return {};
}

}  // namespace quay::daemon::storage
