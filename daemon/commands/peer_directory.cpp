// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/peer_directory.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace quay::daemon::commands {
namespace {

constexpr std::size_t kMostRemembered = 1024;  // then all over again: nothing but a name or a look-up is lost
constexpr std::size_t kLongestName = 64;

std::string account_key(const publish::Credentials& credentials) {
  return credentials.uid ? std::to_string(*credentials.uid) + ":" + std::to_string(credentials.gid)
                         : "key:" + credentials.key_name;
}

}  // namespace

void PeerDirectory::replace_book(core::PeerBook book) {
  book_ = std::move(book);
  known_.clear();
}

core::Peer PeerDirectory::find(const publish::Credentials& credentials, const std::string& connection) {
  const std::string key = account_key(credentials);
  auto known = known_.find(key);
  if (known == known_.end()) {
    if (known_.size() >= kMostRemembered) {
      known_.clear();
    }
    known = known_.emplace(key, book_.look_up(find_account_(credentials))).first;
  }
  core::Peer peer = known->second;
  peer.pid = credentials.pid;
  const auto program = programs_.find(connection);
  peer.program = program == programs_.end() ? "" : program->second;
  return peer;
}

void PeerDirectory::name_program(const std::string& connection, const std::string& name) {
  if (programs_.size() >= kMostRemembered) {
    programs_.clear();
  }
  std::string shown(cut_utf8(name, kLongestName));
  std::erase_if(shown, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  programs_.insert_or_assign(connection, std::move(shown));
}

}  // namespace quay::daemon::commands
