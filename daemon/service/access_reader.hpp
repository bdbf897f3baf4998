// SPDX-License-Identifier: Apache-2.0
// The readers of the sections in access_config.hpp. Private to config.cpp.
#pragma once

#include "daemon/service/access_config.hpp"
#include "settings/reader.hpp"

namespace quay::daemon::service {

settings::Settings access_settings(AccessConfig& access);
settings::Settings peer_settings(PeerConfig& peer, std::int64_t& uid);
/// `client` takes one [[tcp.client]]; it is a setting of [tcp].
settings::Settings tcp_settings(TcpConfig& tcp);
settings::Settings tcp_client_settings(TcpClientConfig& client);

/// Takes one [[peer]].
void take_peer(const settings::Value& value, std::vector<PeerConfig>& peers);

/// What only shows when all keys are known.
void check_tcp(const toml::table& root, const TcpConfig& tcp, settings::Mistakes& mistakes);

}  // namespace quay::daemon::service
