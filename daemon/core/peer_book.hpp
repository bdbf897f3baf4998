// SPDX-License-Identifier: Apache-2.0
// Which account is what: the rows of the configuration in their order, then the rule for everybody else. Pure: numbers
// and groups of an account come in from outside.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/core/peer.hpp"

namespace quay::daemon::core {

/// An account of this machine, or a key of the key list.
struct Account {
  std::optional<std::uint32_t> uid;
  std::vector<std::uint32_t> groups{};
  std::string name;  ///< of the user or the key
  std::int32_t pid = 0;
};

/// One row: whoever is all that it says has these roles. None: may not speak at all.
struct PeerRule {
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> group;
  std::optional<std::string> key_name;
  Roles roles;
};

class PeerBook {
 public:
  /// `own_uid` runs quayd, `own_group` owns its sockets.
  PeerBook(std::vector<PeerRule> rules, std::uint32_t own_uid, std::uint32_t own_group)
      : rules_(std::move(rules)), own_uid_(own_uid), own_group_(own_group) {}

  /// The first rule that fits has the say. Without one: root and quayd itself are front end and technician, members of
  /// the group of the sockets are front ends, everybody else and every key may do nothing.
  Peer look_up(const Account& account) const;

 private:
  Roles roles_of(const Account& account) const;

  std::vector<PeerRule> rules_;
  std::uint32_t own_uid_;
  std::uint32_t own_group_;
};

}  // namespace quay::daemon::core
