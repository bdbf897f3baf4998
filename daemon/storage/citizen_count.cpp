// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/citizen_count.hpp"

#include "crypto/derive.hpp"

namespace quay::daemon::storage {
namespace {

/// A key that cannot be opened any more (the service key is another) ends its day early: those who come again are
/// counted twice, which is said in docs/reports.md.
Result<crypto::Secret> key_of(Journal& journal, const KeyRing& keys, const std::string& day) {
  const auto kept = journal.day_key(day);
  if (!kept) {
    return failure(kept.error());
  }
  if (*kept) {
    auto key = keys.open_day(day, **kept);
    if (key || key.error().code != Errc::key_unusable) {
      return key;
    }
    if (Status closed = journal.close_day(day); !closed) {
      return failure(closed.error());
    }
  }
  const auto wrapped = keys.make_day(day);
  if (!wrapped) {
    return failure(wrapped.error());
  }
  if (Status put = journal.keep_day_key(day, *wrapped); !put) {
    return failure(put.error());
  }
  return keys.open_day(day, *wrapped);
}

}  // namespace

Status note_citizen(Journal& journal, const KeyRing& keys, const std::string& day, const std::string& number) {
  const auto key = key_of(journal, keys, day);
  if (!key) {
    return failure(key.error());
  }
  const auto mark = crypto::hmac_hex(key->bytes(), number);
  return mark ? journal.keep_citizen(day, *mark) : Status(failure(mark.error()));
}

Result<bool> close_other_days(Journal& journal, const std::string& today) {
  auto days = journal.days_with_keys();
  if (!days) {
    return failure(days.error());
  }
  std::erase(*days, today);
  if (days->empty()) {
    return false;
  }
  const Status closed = journal.transact([&](Journal& open) {
    Status done;
    for (auto day = days->begin(); done && day != days->end(); ++day) {
      done = open.close_day(*day);
    }
    return done;
  });
  const Status gone = closed ? journal.scrub() : closed;
  return gone ? Result<bool>(true) : failure(gone.error());
}

}  // namespace quay::daemon::storage
