// SPDX-License-Identifier: Apache-2.0
// The part of the configuration that says who may speak to quayd, as what and how much: [access], [[peer]], [tcp] and
// [[tcp.client]].
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace quay::daemon::service {

/// One account or group of this machine: exactly one of uid, user, group.
struct PeerConfig {
  std::optional<std::int64_t> uid;
  std::string user;
  std::string group;
  std::vector<std::string> roles;  ///< of viewer, front_end, technician; none: may not speak
  bool operator==(const PeerConfig&) const = default;
};

/// One line of the key list for tcp.
struct TcpClientConfig {
  std::string name;        ///< what the holder of the key is called
  std::string public_key;  ///< Z85 (ZeroMQ RFC 32), 40 characters
  std::vector<std::string> roles;
  bool operator==(const TcpClientConfig&) const = default;
};

/// The sockets on 127.0.0.1 as well, for front ends that cannot use ipc: events on `port`, control and images on the
/// two after it. Off while port is 0.
struct TcpConfig {
  std::int64_t port = 0;
  std::filesystem::path server_secret_key_file;  ///< one line of Z85, made by `quayctl keys new`
  std::vector<TcpClientConfig> clients;
  bool operator==(const TcpConfig&) const = default;
};

struct AccessConfig {
  std::int64_t commands_per_second = 200;  ///< a connection; an account may ask four times as much over all of its own
  std::int64_t commands_in_flight = 32;
  Milliseconds lease_grace{5'000};    ///< a visit keeps a device so long after its job
  bool technician_may_adopt = false;  ///< visits of other accounts
  std::vector<PeerConfig> peers;      ///< the first that fits has the say
  TcpConfig tcp;
  bool operator==(const AccessConfig&) const = default;
};

}  // namespace quay::daemon::service
