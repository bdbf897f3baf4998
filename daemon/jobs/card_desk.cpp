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

CardDesk::Held& CardDesk::make(const Reference& reference) {
  Held& held = readings_[reference.job];
  held.visit = reference.visit;
  held.reading.job = reference.job.value;
  held.until = deadline_in(kReadingWaits);
  return held;
}

void CardDesk::begin(const Reference& reference, Milliseconds wait) {
  make(reference).until = deadline_in(wait + kReadingWaits);
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
  const auto found = readings_.find(reference.job);
  if (found == readings_.end()) {  // the visit is over, or consent was withdrawn, while this was under way
    wipe_members(part->values);
    return;
  }
  found->second.until = deadline_in(kReadingWaits);
  CardReading& reading = found->second.reading;
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
  make(reference).reading = std::move(reading);
  announce(reference, protocol::CardPart::identity);
}

Result<CardReading> CardDesk::get(const JobId& job, const VisitId& visit) {
  const auto found = readings_.find(job);
  if (found == readings_.end() || found->second.visit != visit || found->second.reading.parts.empty()) {
    return failure(Errc::job_unknown, "card.get", "nothing is kept of this reading");
  }
  if (found->second.reading.complete) {
    found->second.until = std::min(found->second.until, deadline_in(kReadingLingers));
  }
  return found->second.reading;
}

void CardDesk::forget(const JobId& job) {
  forget_those([&](const Held& held) { return held.reading.job == job.value; });
}

void CardDesk::forget(const VisitId& visit) {
  forget_those([&](const Held& held) { return held.visit == visit; });
}

void CardDesk::forget_chips(const VisitId& visit) {
  forget_those(
      [&](const Held& held) { return held.visit == visit && held.reading.source == protocol::CardSource::chip; });
}

void CardDesk::tidy(Deadline now, const std::function<bool(const VisitId&)>& is_open) {
  forget_those([&](const Held& held) { return held.until <= now || !is_open(held.visit); });
}

void CardDesk::forget_all() {
  forget_those([](const Held&) { return true; });
}

void CardDesk::forget_those(const std::function<bool(const Held&)>& unwanted) {
  for (auto at = readings_.begin(); at != readings_.end();) {
    if (!unwanted(at->second)) {
      ++at;
      continue;
    }
    wipe(at->second.reading);
    at = readings_.erase(at);
  }
}

}  // namespace quay::daemon::jobs
