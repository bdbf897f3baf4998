// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/secure_messaging.hpp"

namespace quay::rig::card {
namespace {

constexpr std::uint32_t kCipherText = 0x87;
constexpr std::uint32_t kCipherTextOddInstruction = 0x85;
constexpr std::uint32_t kExpectedLength = 0x97;
constexpr std::uint32_t kProcessingStatus = 0x99;
constexpr std::uint32_t kMac = 0x8E;

std::size_t expected(View length) {
  std::size_t le = 0;
  for (const std::uint8_t byte : length) {
    le = (le << 8) | byte;
  }
  const std::size_t most = length.size() > 1 ? 65536 : 256;
  return le == 0 ? most : le;
}

}  // namespace

SecureMessaging::SecureMessaging(SessionKeys keys, Bytes counter)
    : keys_(std::move(keys)), counter_(std::move(counter)) {
  counter_.resize(keys_.block());
}

void SecureMessaging::count() {
  for (std::size_t i = counter_.size(); i-- > 0 && ++counter_[i] == 0;) {
  }
}

Bytes SecureMessaging::iv() const { return keys_.family == Family::aes ? encrypt_block(keys_, counter_) : Bytes(8); }

std::optional<Bytes> SecureMessaging::decrypt(View data) const {
  if (data.empty() || data.size() % keys_.block() != 0) {
    return std::nullopt;
  }
  return unpad(cbc(keys_, Direction::decrypt, iv(), data));
}

bool SecureMessaging::is_authentic(const Command& sealed) const {
  Bytes body;
  for (const std::uint32_t tag : {kCipherText, kCipherTextOddInstruction, kExpectedLength}) {
    if (const auto value = find(sealed.data, tag)) {
      body = join({body, tlv(tag, *value)});
    }
  }
  const Bytes header = pad(Bytes{sealed.cla, sealed.ins, sealed.p1, sealed.p2}, keys_.block());
  // A command without objects is padded once only: its header is the whole of it.
  const Bytes covered = join({counter_, header, body});
  return find(sealed.data, kMac) == mac(keys_, body.empty() ? covered : pad(covered, keys_.block()));
}

std::optional<Command> SecureMessaging::open(const Command& sealed) {
  count();
  if (!is_authentic(sealed)) {
    return std::nullopt;
  }
  Command command{static_cast<std::uint8_t>(sealed.cla & 0xF0U), sealed.ins, sealed.p1, sealed.p2, {}, {}, false};
  const auto cipher = find(sealed.data, kCipherText);
  const auto odd = find(sealed.data, kCipherTextOddInstruction);
  if (cipher || odd) {
    auto data = decrypt(cipher ? View(*cipher).subspan(cipher->empty() ? 0 : 1) : View(*odd));
    if (!data || (cipher && (cipher->empty() || cipher->front() != 0x01))) {
      return std::nullopt;
    }
    command.data = std::move(*data);
  }
  if (const auto length = find(sealed.data, kExpectedLength)) {
    command.le = expected(*length);
  }
  return command;
}

Response SecureMessaging::seal(const Response& open) {
  count();
  Bytes body;
  if (!open.data.empty()) {
    const Bytes cipher = cbc(keys_, Direction::encrypt, iv(), pad(open.data, keys_.block()));
    body = tlv(kCipherText, join({Bytes{0x01}, cipher}));
  }
  body = join({body, tlv(kProcessingStatus, number(open.sw, 2))});
  const Bytes sum = mac(keys_, pad(join({counter_, body}), keys_.block()));
  return {join({body, tlv(kMac, sum)}), open.sw};
}

}  // namespace quay::rig::card
