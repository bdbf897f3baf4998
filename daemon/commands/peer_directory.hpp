// SPDX-License-Identifier: Apache-2.0
// From what the kernel or CURVE says of a connection to the peer that a request carries. Names and groups of an account
// are asked for once (the name service may be slow) and asked again after a reload.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "daemon/core/peer_book.hpp"
#include "daemon/publish/credentials.hpp"

namespace quay::daemon::commands {

class PeerDirectory {
 public:
  using FindAccount = std::function<core::Account(const publish::Credentials&)>;

  PeerDirectory(FindAccount find_account, core::PeerBook book)
      : find_account_(std::move(find_account)), book_(std::move(book)) {}

  /// New rules: everybody is looked up again.
  void replace_book(core::PeerBook book);

  /// `connection` is the routing id.
  core::Peer find(const publish::Credentials& credentials, const std::string& connection);

  /// What the program at the other end calls itself.
  void name_program(const std::string& connection, const std::string& name);

 private:
  FindAccount find_account_;
  core::PeerBook book_;
  std::map<std::string, core::Peer> known_;      // by account
  std::map<std::string, std::string> programs_;  // by connection
};

}  // namespace quay::daemon::commands
