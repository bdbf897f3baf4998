// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/delivery_cursor.hpp"

#include <algorithm>

#include "protocol/client/events.hpp"

namespace quay::client {

Verdict DeliveryCursor::judge(const protocol::Event& event) {
  if (left_.contains(event.journal)) {
    return Verdict::ignore;
  }
  follow_journal(event.journal);
  if (event.type == protocol::topic::kHeartbeat) {
    const auto heartbeat = protocol::from_json<protocol::Heartbeat>(event.data);
    return heartbeat && heartbeat->seq > cursor_.seq ? Verdict::replay : Verdict::ignore;
  }
  if (!event.seq) {
    return Verdict::apply;
  }
  if (*event.seq <= cursor_.seq) {
    return Verdict::ignore;
  }
  return *event.seq == cursor_.seq + 1 ? Verdict::apply : Verdict::replay;
}

bool DeliveryCursor::advance(const protocol::Event& event) {
  if (!event.seq) {
    return true;
  }
  if (*event.seq <= cursor_.seq) {
    return false;
  }
  cursor_.seq = *event.seq;
  return true;
}

bool DeliveryCursor::follow_journal(const std::string& journal) {
  if (journal.empty() || journal == cursor_.journal) {
    return false;
  }
  if (!cursor_.journal.empty()) {
    left_.insert(cursor_.journal);
  }
  cursor_ = Cursor{journal, 0};
  return true;
}

void DeliveryCursor::skip_to(std::uint64_t seq) { cursor_.seq = std::max(cursor_.seq, seq); }

}  // namespace quay::client
