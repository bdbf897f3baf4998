// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a connection, as the kernel (SO_PEERCRED, unix(7)) or CURVE says it; nothing that the peer
// says of itself. What such a peer may do is decided elsewhere (core/peer.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <zmq.hpp>

namespace quay::daemon::publish {

struct Credentials {
  std::optional<std::uint32_t> uid;  ///< of the process that connected; only over ipc
  std::uint32_t gid = 0;
  std::int32_t pid = 0;
  std::string key_name;  ///< the client's name in the key list; only over CURVE
};

/// Reads libzmq's "Peer-Address" of an ipc peer, "host:uid:gid:pid"; nothing when it is anything else. The host is this
/// machine's and not looked at.
std::optional<Credentials> parse_peer_address(std::string_view address);

/// Whose message this is; empty credentials when libzmq does not know.
Credentials credentials_of(zmq::message_t& part);

}  // namespace quay::daemon::publish
