// SPDX-License-Identifier: Apache-2.0
// What a heartbeat says: how far the event log has come and how the devices stand, never more than an event may hold.
#pragma once

#include "daemon/jobs/ledger.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {

/// The event `hb`. `status` is one line for people. When the devices do not fit into kLargestEvent they are left out.
protocol::Event heartbeat(const Position& position, const std::vector<protocol::Device>& devices,
                          const std::string& status);

}  // namespace quay::daemon::jobs
