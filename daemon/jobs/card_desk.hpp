// SPDX-License-Identifier: Apache-2.0
// What was read of identity cards and not fetched yet: in memory only, for the visit that asked, and not for long. It
// is never written anywhere; what is let go of here is overwritten, copies that frames and replies made are not.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "daemon/jobs/ledger.hpp"
#include "daemon/supervise/worker_channel.hpp"
#include "protocol/client/card.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::daemon::jobs {

/// How long a reading waits for card.get, and how long it stays after it was given (a reply may be lost).
inline constexpr Milliseconds kReadingWaits{120'000};
inline constexpr Milliseconds kReadingLingers{10'000};

class CardDesk {
 public:
  explicit CardDesk(Ledger& ledger) : ledger_(ledger) {}
  CardDesk(const CardDesk&) = delete;
  CardDesk& operator=(const CardDesk&) = delete;
  ~CardDesk() { forget_all(); }

  /// Whose reading it is, and which job and device bring it.
  struct Reference {
    JobId job;
    VisitId visit;
    DeviceId device;
  };

  /// A reading of a chip begins, and may wait so long for its card. What was forgotten is not begun again.
  void begin(const Reference& reference, Milliseconds wait);

  /// Takes a CardRead frame of a reading that has begun and announces its part; any other frame is passed over.
  void take(const Reference& reference, supervise::Incoming incoming);

  /// Takes a reading that is there as a whole.
  void keep(const Reference& reference, protocol::CardReading reading);

  /// What has come so far. Errors: job_unknown when there is nothing (yet, or any more), or it is of another visit.
  Result<protocol::CardReading> get(const JobId& job, const VisitId& visit);

  void forget(const JobId& job);
  void forget(const VisitId& visit);
  /// The citizen does not want it any more. What a picture's QR code said stays.
  void forget_chips(const VisitId& visit);
  /// Lets go of what has waited long enough, and of what belongs to no open visit: call each second.
  void tidy(Deadline now, const std::function<bool(const VisitId&)>& is_open);
  void forget_all();

 private:
  struct Held {
    VisitId visit;
    protocol::CardReading reading;
    Deadline until{};
  };

  Held& make(const Reference& reference);
  void forget_those(const std::function<bool(const Held&)>& unwanted);
  void announce(const Reference& reference, protocol::CardPart part);

  Ledger& ledger_;
  std::map<JobId, Held> readings_;
};

}  // namespace quay::daemon::jobs
