// SPDX-License-Identifier: Apache-2.0
#include "daemon/peers.hpp"

#include <unistd.h>

#include "daemon/service/accounts.hpp"

namespace quay::daemon {
namespace {

/// An account's share of what a connection may ask.
constexpr int kConnectionsWorth = 4;
constexpr int kSecondsWorthAtOnce = 2;

core::Roles roles_of(const std::vector<std::string>& names) {
  core::Roles roles;
  for (const std::string& name : names) {
    roles = roles | (name == "viewer"      ? core::Role::viewer
                     : name == "front_end" ? core::Role::front_end
                                           : core::Role::technician);
  }
  return roles;
}

core::PeerRule rule_of(const service::PeerConfig& row, const Log& log) {
  core::PeerRule rule;
  rule.roles = roles_of(row.roles);
  if (row.uid) {
    rule.uid = static_cast<std::uint32_t>(*row.uid);
  } else if (!row.user.empty()) {
    rule.uid = service::user_number(row.user);
  } else {
    rule.group = service::group_number(row.group);
  }
  if (!rule.uid && !rule.group) {
    log.warning("peer: there is no user or group \"{}{}\" here", row.user, row.group);
  }
  return rule;
}

}  // namespace

core::PeerBook peer_book(const service::AccessConfig& access, const Log& log) {
  std::vector<core::PeerRule> rules;
  rules.reserve(access.peers.size() + access.tcp.clients.size());
  for (const service::PeerConfig& row : access.peers) {
    rules.push_back(rule_of(row, log));
  }
  for (const service::TcpClientConfig& client : access.tcp.clients) {
    rules.push_back({std::nullopt, std::nullopt, client.name, roles_of(client.roles)});
  }
  return core::PeerBook(std::move(rules), ::geteuid(), ::getegid());
}

core::Account find_account(const publish::Credentials& credentials) {
  core::Account account;
  account.pid = credentials.pid;
  if (!credentials.uid) {
    account.name = credentials.key_name;
    return account;
  }
  account.uid = credentials.uid;
  account.groups = service::groups_of(*credentials.uid, credentials.gid);
  account.name = service::user_name(*credentials.uid);
  return account;
}

std::map<std::string, std::string> key_holders(const service::TcpConfig& tcp) {
  std::map<std::string, std::string> holders;
  for (const service::TcpClientConfig& client : tcp.clients) {
    if (!client.roles.empty()) {
      holders.emplace(client.public_key, client.name);
    }
  }
  return holders;
}

commands::GuardLimits guard_limits(const service::AccessConfig& access) {
  const auto rate = static_cast<double>(access.commands_per_second);
  const auto in_flight = static_cast<std::size_t>(access.commands_in_flight);
  commands::GuardLimits limits;
  limits.connection = {rate, kSecondsWorthAtOnce * rate};
  limits.account = {kConnectionsWorth * rate, kConnectionsWorth * kSecondsWorthAtOnce * rate};
  limits.connection_in_flight = in_flight;
  limits.account_in_flight = kConnectionsWorth * in_flight;
  return limits;
}

}  // namespace quay::daemon
