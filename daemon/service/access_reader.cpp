// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/access_reader.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace quay::daemon::service {

using namespace settings;
namespace {

constexpr Range kPerSecond{1, 100'000};
constexpr Range kInFlight{1, 256};
constexpr Range kGrace{0, 60'000};
constexpr Range kUids{0, 4'294'967'294};  // the last number means "nobody at all" (chown(2))
constexpr Range kPorts{0, 65'500};
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestPath = 4000;
constexpr std::size_t kKeyLength = 40;

bool is_account(const std::string& text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), allowed);
}

bool is_role(const std::string& text) { return text == "viewer" || text == "front_end" || text == "technician"; }

bool is_public_key(const std::string& text) {
  constexpr std::string_view kZ85 =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  return text.size() == kKeyLength && text.find_first_not_of(kZ85) == std::string::npos;
}

Take roles(std::vector<std::string>& out) { return list_of_text(out, is_role, "viewer, front_end or technician"); }

void require(const Value& value, std::string_view key, std::string_view expected) {
  const toml::table& table = *value.node.as_table();
  if (!table.contains(key)) {
    value.mistakes.add(table.source(), value.key, fmt::format("{}: missing; {} was expected", key, expected));
  }
}

void take_client(const Value& value, std::vector<TcpClientConfig>& clients) {
  TcpClientConfig client;
  const Settings settings = tcp_client_settings(client);
  read_table(*value.node.as_table(), value.key, settings, value.mistakes);
  require(value, "name", "a name");
  require(value, "public_key", "a key");
  require(value, "roles", "a list of roles");
  const auto same = [&](const TcpClientConfig& other) {
    return other.name == client.name || other.public_key == client.public_key;
  };
  if (std::any_of(clients.begin(), clients.end(), same)) {
    value.mistakes.add(value.node.source(), value.key, "another client has this name or this key");
  }
  clients.push_back(std::move(client));
}

}  // namespace

Settings access_settings(AccessConfig& access) {
  return {
      {"commands_per_second", whole_number(access.commands_per_second, kPerSecond)},
      {"commands_in_flight", whole_number(access.commands_in_flight, kInFlight)},
      {"lease_grace_ms", milliseconds(access.lease_grace, kGrace)},
      {"technician_may_adopt", flag(access.technician_may_adopt)},
  };
}

Settings peer_settings(PeerConfig& peer, std::int64_t& uid) {
  return {
      {"uid", whole_number(uid, kUids)},
      {"user", text(peer.user, is_account, "the name of a user")},
      {"group", text(peer.group, is_account, "the name of a group")},
      {"roles", roles(peer.roles)},
  };
}

Settings tcp_client_settings(TcpClientConfig& client) {
  return {
      {"name", text(client.name, is_account, "1 to 32 of a-z, A-Z, 0-9, -, _ and .")},
      {"public_key", text(client.public_key, is_public_key, "a public key of 40 characters (quayctl keys new)")},
      {"roles", roles(client.roles)},
  };
}

Settings tcp_settings(TcpConfig& tcp) {
  return {
      {"port", whole_number(tcp.port, kPorts)},
      {"server_secret_key_file", absolute_path(tcp.server_secret_key_file, kLongestPath)},
      {"client", tables([&tcp](const Value& value) { take_client(value, tcp.clients); })},
  };
}

void take_peer(const Value& value, std::vector<PeerConfig>& peers) {
  PeerConfig peer;
  std::int64_t uid = 0;
  const Settings settings = peer_settings(peer, uid);
  const toml::table& table = *value.node.as_table();
  read_table(table, value.key, settings, value.mistakes);
  if (table.contains("uid")) {
    peer.uid = uid;
  }
  const int named =
      (table.contains("uid") ? 1 : 0) + (table.contains("user") ? 1 : 0) + (table.contains("group") ? 1 : 0);
  if (named != 1) {
    value.mistakes.add(table.source(), value.key,
                       fmt::format("found {} of uid, user and group where exactly one was expected", named));
  }
  require(value, "roles", "a list of roles, empty for none,");
  peers.push_back(std::move(peer));
}

void check_tcp(const toml::table& root, const TcpConfig& tcp, Mistakes& mistakes) {
  if (tcp.port == 0) {
    return;
  }
  const toml::node* port = root.at_path("tcp.port").node();
  const toml::source_region where = port != nullptr ? port->source() : root.source();
  if (tcp.port < 1024) {
    mistakes.add(where, "tcp.port", "a port from 1024 to 65500, or 0 for none, was expected");
  }
  if (tcp.server_secret_key_file.empty()) {
    mistakes.add(where, "tcp.port", "found a port where tcp.server_secret_key_file names no key (quayctl keys new)");
  }
}

}  // namespace quay::daemon::service
