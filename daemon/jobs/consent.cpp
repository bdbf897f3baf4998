// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/consent.hpp"

namespace quay::daemon::jobs {

std::optional<protocol::ConsentKind> consent_needed_by(std::string_view profile) {
  if (profile == "card" || profile == "card-sides") {
    return protocol::ConsentKind::id_card_image;
  }
  if (profile.starts_with("portrait")) {
    return protocol::ConsentKind::portrait;
  }
  return std::nullopt;
}

Status check_consent(storage::Journal& journal, const VisitId& visit, protocol::ConsentKind kind) {
  const auto held = journal.has_consent(visit, protocol::enum_name(kind));
  if (!held) {
    return failure(held.error());
  }
  return *held ? Status() : Status(failure(Errc::visit_consent_missing, "consent", protocol::enum_name(kind)));
}

Status check_consent(storage::Journal& journal, const VisitId& visit, std::string_view profile) {
  const auto kind = consent_needed_by(profile);
  return kind ? check_consent(journal, visit, *kind) : Status();
}

}  // namespace quay::daemon::jobs
