// SPDX-License-Identifier: Apache-2.0
// What the journal keeps, as plain rows. Front ends never see these: daemon/jobs turns them into protocol structs.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "protocol/client/commands.hpp"

namespace quay::daemon::storage {

struct VisitRow {
  VisitId visit;
  bool open = true;
  std::string opened_at;
};

struct JobRow {
  JobId job;
  VisitId visit;
  DeviceId device;
  std::string kind;
  protocol::JobState state = protocol::JobState::queued;
  std::string arguments;             ///< the command's args as JSON
  std::optional<std::string> error;  ///< ErrorBody as JSON
  std::string created_at;
};

struct CaptureRow {
  CaptureId capture;
  VisitId visit;
  JobId job;
  DeviceId device;
  std::int32_t page = 0;
  protocol::CaptureState state = protocol::CaptureState::captured;
  std::string profile;
  std::string geometry;  ///< PageGeometry as JSON
  std::string adjusted;  ///< [SettingAdjustment] as JSON
  std::uint64_t raw_bytes = 0;
  std::string raw_sha256;
  std::optional<std::string> error;  ///< ErrorBody as JSON
};

/// One stored object: `owner` is a capture's or a document's id.
struct RenditionRow {
  std::string owner;
  protocol::RenditionInfo info;
  std::string report;  ///< what the image worker said of it, JSON
};

struct DocumentRow {
  DocumentId document;
  VisitId visit;
  std::vector<CaptureId> captures;
};

/// What a wish came to. A wish is named by who had it (`owner`, an account) and its request_id; `digest`, over command
/// and arguments, tells a repeat from a reuse. Holds no secret.
struct RequestRow {
  std::string owner;
  RequestId request;
  std::string digest;
  std::optional<JobId> job;  ///< which the wish became
  std::string result;        ///< of the reply, as JSON
  std::string at;
};

/// Whose a visit is: one account, and whoever of it has one of the keys.
struct VisitAccess {
  std::string owner;
  std::vector<std::string> key_digests;  ///< SHA-256 in lower-case hex, newest first
};

/// What the spool should hold: every visit, capture and document that is not erased, and every object with a row.
struct SpoolIndex {
  std::set<std::string> visits;
  std::set<std::string> owners;
  std::set<std::string> objects;  ///< "<owner>.<name>"
};

}  // namespace quay::daemon::storage
