// SPDX-License-Identifier: Apache-2.0
// The trace of a device as a session file has it: a head line, then an entry a line.
#pragma once

#include <string>

#include "clients/cpp/client.hpp"
#include "protocol/client/trace.hpp"

namespace quay::ctl {

/// The first line of a session.
std::string session_head(const protocol::DeviceTraceResult& part);
std::string session_line(const protocol::TraceEntry& entry);

/// Everything that quayd keeps of that device. Errors: those of device.trace.
Result<std::string> trace_text(client::Client& client, const std::string& device);

}  // namespace quay::ctl
