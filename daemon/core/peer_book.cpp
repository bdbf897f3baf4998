// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/peer_book.hpp"

#include <algorithm>

namespace quay::daemon::core {
namespace {

constexpr std::uint32_t kRoot = 0;

bool in_group(const Account& account, std::uint32_t group) {
  return account.uid && std::find(account.groups.begin(), account.groups.end(), group) != account.groups.end();
}

bool fits(const PeerRule& rule, const Account& account) {
  const bool says_something = rule.uid || rule.group || rule.key_name;
  return says_something && (!rule.uid || rule.uid == account.uid) && (!rule.group || in_group(account, *rule.group)) &&
         (!rule.key_name || (!account.uid && *rule.key_name == account.name));
}

}  // namespace

Roles PeerBook::roles_of(const Account& account) const {
  const auto rule = std::find_if(rules_.begin(), rules_.end(), [&](const PeerRule& row) { return fits(row, account); });
  if (rule != rules_.end()) {
    return rule->roles;
  }
  if (account.uid == kRoot || account.uid == own_uid_) {
    return Role::front_end | Role::technician;
  }
  return in_group(account, own_group_) ? Roles(Role::front_end) : Roles();
}

Peer PeerBook::look_up(const Account& account) const {
  Peer peer;
  peer.owner = account.uid ? "uid:" + std::to_string(*account.uid) : "key:" + account.name;
  peer.name = account.name.empty() ? peer.owner : account.name;
  peer.roles = roles_of(account);
  peer.pid = account.pid;
  return peer;
}

}  // namespace quay::daemon::core
