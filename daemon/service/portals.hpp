// SPDX-License-Identifier: Apache-2.0
// Portal profiles: what each portal takes, as files that an operator can read and mend. One TOML file a portal; its
// name is the portal's. A mistake in one costs that portal, never the counter.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "daemon/documents/portal_book.hpp"

namespace quay::daemon::service {

/// Every key of a profile, in full: "source", "dossier.max_files", "paper.max_bytes".
std::vector<std::string> portal_keys();

/// Reads `text` as the profile of `portal`; `file` is for error texts. Errors: config_invalid with every mistake as
/// "file:line: key: what was expected", one a line.
Result<protocol::Portal> parse_portal(std::string_view text, const std::string& portal, const std::string& file);

/// Reads NAME.toml of each directory. As with systemd's units, a file in a later directory takes the place of one of
/// the same name in an earlier, and an empty one takes it away. A directory that is not there has no profiles.
documents::PortalSet load_portals(std::span<const std::filesystem::path> directories);

}  // namespace quay::daemon::service
