// SPDX-License-Identifier: Apache-2.0
#include "daemon/jobs/heartbeat.hpp"

namespace quay::daemon::jobs {

protocol::Event heartbeat(const Position& position, const std::vector<protocol::Device>& devices,
                          const std::string& status) {
  protocol::Heartbeat data;
  data.seq = position.seq;
  data.status = status;
  for (const auto& [root, seq] : position.roots) {
    data.roots[root] = seq;
  }
  for (const protocol::Device& device : devices) {
    data.devices.push_back({{}, device.id, device.kind, device.name, device.status, device.reasons});
  }
  protocol::Event event = make_event(protocol::topic::kHeartbeat, data);
  event.journal = position.journal;
  if (protocol::encode(event).size() > protocol::kLargestEvent) {
    event.data["devices"] = protocol::json::array();
  }
  return event;
}

}  // namespace quay::daemon::jobs
