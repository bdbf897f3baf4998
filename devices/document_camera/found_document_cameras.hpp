// SPDX-License-Identifier: Apache-2.0
// Document cameras on this machine, by the names that udev gives them and that stay theirs.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "protocol/worker/messages.hpp"

namespace quay::document_camera {

/// Where udev's 60-persistent-v4l.rules put the names.
inline constexpr const char* kVideoNames = "/dev/v4l";

/// Those below `names`/by-id; and by the port they hang on (`names`/by-path) those that share a name with another, for
/// two of a model without serial numbers have one by-id name. Nodes that stream no pictures, or that are not ours to
/// open, are left out.
std::vector<protocol::worker::FoundDocumentCamera> find_document_cameras(const std::filesystem::path& names);

}  // namespace quay::document_camera
