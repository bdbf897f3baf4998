// SPDX-License-Identifier: Apache-2.0
// A recorded session of a device, as `quayctl trace DEVICE -o FILE` writes it: a head line, then an entry a line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "protocol/client/trace.hpp"

namespace quay::rig {

struct Session {
  std::string device;
  std::vector<protocol::TraceEntry> entries;
};

/// Errors: file_unreadable, naming file, line and what was expected there.
Result<Session> read_session(const std::filesystem::path& file);

/// The wire name of a frame, or of what became of the process.
std::string type_of(const protocol::TraceEntry& entry);

/// Position of the next entry from `from` on that is a frame to the worker of this type, or the number of entries.
std::size_t find_request(const Session& session, std::size_t from, const std::string& type);

}  // namespace quay::rig
