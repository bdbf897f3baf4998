// SPDX-License-Identifier: Apache-2.0
// From the configuration to who may speak: names of users and groups become numbers.
#pragma once

#include <map>
#include <string>

#include "base/log.hpp"
#include "daemon/commands/guard.hpp"
#include "daemon/core/peer_book.hpp"
#include "daemon/publish/credentials.hpp"
#include "daemon/service/config.hpp"

namespace quay::daemon {

/// A row that names a user or group this machine does not know is logged and fits nobody.
core::PeerBook peer_book(const service::AccessConfig& access, const Log& log);

/// The account at the other end of a connection.
core::Account find_account(const publish::Credentials& credentials);

/// Public keys of those who have a role, and their names.
std::map<std::string, std::string> key_holders(const service::TcpConfig& tcp);

commands::GuardLimits guard_limits(const service::AccessConfig& access);

}  // namespace quay::daemon
