// SPDX-License-Identifier: Apache-2.0
// The readers of the sections in access_config.hpp. Private to config.cpp.
#pragma once

#include "daemon/service/access_config.hpp"
#include "daemon/service/config_reader.hpp"

namespace quay::daemon::service {

Settings access_settings(AccessConfig& access);
Settings peer_settings(PeerConfig& peer, std::int64_t& uid);
/// `client` takes one [[tcp.client]]; it is a setting of [tcp].
Settings tcp_settings(TcpConfig& tcp);
Settings tcp_client_settings(TcpClientConfig& client);

/// Takes one [[peer]].
void take_peer(const Value& value, std::vector<PeerConfig>& peers);

/// What only shows when all keys are known.
void check_tcp(const toml::table& root, const TcpConfig& tcp, Mistakes& mistakes);

}  // namespace quay::daemon::service
