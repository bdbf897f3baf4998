// SPDX-License-Identifier: Apache-2.0
// Users and groups of this machine, as the name service knows them (nsswitch.conf(5)). May be slow: ask once, remember.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quay::daemon::service {

std::optional<std::uint32_t> user_number(const std::string& name);
std::optional<std::uint32_t> group_number(const std::string& name);

/// Empty when the number has no name.
std::string user_name(std::uint32_t uid);

/// `gid` and every other group of the user; only `gid` for a user without a name.
std::vector<std::uint32_t> groups_of(std::uint32_t uid, std::uint32_t gid);

}  // namespace quay::daemon::service
