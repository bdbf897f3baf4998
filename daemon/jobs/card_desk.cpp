// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/card_desk.hpp"

#include <algorithm>
#include <vector>

#include "base/encoding.hpp"
#include "crypto/secret.hpp"
#include "daemon/jobs/page_store.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

namespace frames = protocol::worker;
using protocol::CardReading;

namespace {

void wipe(std::string& text) {
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

void wipe(std::optional<std::string>& text) {
  if (text) {
    wipe(*text);
  }
}

void wipe(std::vector<std::string>& texts) {
  for (std::string& text : texts) {
    wipe(text);
  }
}

bool says_something(const std::optional<std::string>& text) { return text.has_value(); }
bool says_something(const std::vector<std::string>& texts) { return !texts.empty(); }

/// Every member that says something of a citizen, whatever members there are.
template <class Struct>
void wipe_members(Struct& body) {
  boost::mp11::mp_for_each<protocol::Members<Struct>>([&body](auto member) { wipe(body.*member.pointer); });
}

void wipe(CardReading& reading) {
  wipe_members(reading.values);
  if (reading.portrait) {
    wipe(reading.portrait->base64);
  }
}

/// What a later part says goes over what an earlier one said: DG13 has the name with its accents.
void merge(protocol::CardValues& into, const protocol::CardValues& more) {
  boost::mp11::mp_for_each<protocol::Members<protocol::CardValues>>([&](auto member) {
    const auto& fresh = more.*member.pointer;
    if (says_something(fresh)) {
      into.*member.pointer = fresh;
    }
  });
}

}  // namespace

CardDesk::Held& CardDesk::held(const Reference& reference) {
  const auto [found, is_new] = readings_.try_emplace(reference.job);
  if (is_new) {
    found->second.visit = reference.visit;
    found->second.reading.job = reference.job.value;
  }
  found->second.until = deadline_in(kReadingWaits);
  return found->second;
}

void CardDesk::announce(const Reference& reference, protocol::CardPart part) {
  const protocol::CardPartRead data{{}, reference.job.value, reference.device.value, part};
  ledger_.announce(make_event(protocol::topic::kCardPartRead, data, reference.visit.value));
}

void CardDesk::take(const Reference& reference, supervise::Incoming incoming) {
  auto* part = std::get_if<frames::CardRead>(&incoming.message);
  if (part == nullptr) {
    return;
  }
  CardReading& reading = held(reference).reading;
  reading.parts.push_back(part->part);
  merge(reading.values, part->values);
  reading.checks.insert(reading.checks.end(), part->checks.begin(), part->checks.end());
  if (part->portrait_bytes > 0) {
    if (const auto bytes = open_bytes(incoming, part->portrait_bytes)) {
      reading.portrait = protocol::CardPortrait{{}, part->portrait_media_type, to_base64((*bytes)->bytes())};
    }
  }
  if (part->authenticity) {
    reading.authenticity = part->authenticity;
    reading.complete = true;
  }
  wipe_members(part->values);
  announce(reference, part->part);
}

void CardDesk::keep(const Reference& reference, CardReading reading) {
  reading.job = reference.job.value;
  held(reference).reading = std::move(reading);
  announce(reference, protocol::CardPart::identity);
}

Result<CardReading> CardDesk::get(const JobId& job, const VisitId& visit) {
  const auto found = readings_.find(job);
  if (found == readings_.end() || found->second.visit != visit) {
    return failure(Errc::job_unknown, "card.get", "nothing is kept of this reading");
  }
  if (found->second.reading.complete) {
    found->second.until = std::min(found->second.until, deadline_in(kReadingLingers));
  }
  return found->second.reading;
}

void CardDesk::forget(const VisitId& visit) {
  for (auto& [job, held] : readings_) {
    if (held.visit == visit) {
      held.until = Deadline::min();
    }
  }
  tidy(SteadyClock::now());
}

void CardDesk::tidy(Deadline now) {
  for (auto at = readings_.begin(); at != readings_.end();) {
    if (at->second.until > now) {
      ++at;
      continue;
    }
    wipe(at->second.reading);
    at = readings_.erase(at);
  }
}

void CardDesk::forget_all() { tidy(Deadline::max()); }

}  // namespace quay::daemon::jobs
