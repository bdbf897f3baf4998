// SPDX-License-Identifier: Apache-2.0
#include "devices/worker/channel.hpp"

#include <utility>

#include "protocol/worker/codec.hpp"
#include "protocol/worker/seqpacket.hpp"

namespace quay::worker {

Status Channel::send(const frames::FromWorker& message, const std::vector<int>& descriptors) const {
  return frames::send_packet(socket_.get(), frames::encode(message), descriptors, frames::Blocking::yes);
}

Result<Incoming> Channel::receive() const {
  Result<frames::Packet> packet = frames::receive_packet(socket_.get(), frames::Blocking::yes);
  if (!packet) {
    return failure(packet.error());
  }
  Result<frames::ToWorker> message = frames::decode_to_worker(packet->text);
  if (!message) {
    return failure(message.error());
  }
  return Incoming{*std::move(message), std::move(packet->descriptors)};
}

}  // namespace quay::worker
