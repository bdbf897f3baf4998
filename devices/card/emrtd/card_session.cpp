// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/card_session.hpp"

namespace quay::emrtd {
namespace {

// ISO/IEC 7816-4 section 5.6 and 7816-3 section 12.2: answers of the transmission protocol T=0.
constexpr std::uint8_t kMoreBytes = 0x61, kOtherLength = 0x6C;
constexpr int kMostPieces = 512;

std::uint8_t class_of(StatusWord status) { return static_cast<std::uint8_t>(status >> 8); }

std::size_t length_in(StatusWord status) {
  const auto low = static_cast<std::uint8_t>(status);
  return low == 0 ? kShortest : low;
}

Result<ResponseApdu> exchange(CardChannel& channel, const CommandApdu& command) {
  const auto bytes = encode(command);
  const auto answer = bytes ? channel.transmit(*bytes) : bytes;
  return answer ? parse_response(*answer) : tl::unexpected(answer.error());
}

}  // namespace

Result<ResponseApdu> CardSession::send_plain(const CommandApdu& command) {
  CommandApdu again = command;
  Result<ResponseApdu> answer = exchange(channel_, command);
  if (answer && class_of(answer->status) == kOtherLength) {
    again.expected = length_in(answer->status);
    answer = exchange(channel_, again);
  }
  for (int piece = 0; answer && class_of(answer->status) == kMoreBytes; ++piece) {
    if (piece == kMostPieces) {
      return failure(Errc::card_protocol, "apdu.get_response", "an answer that has no end");
    }
    auto more = exchange(channel_, {.ins = 0xC0, .expected = length_in(answer->status)});
    if (!more) {
      return more;
    }
    more->data = joined({answer->data, more->data});
    answer = std::move(more);
  }
  return answer;
}

Result<ResponseApdu> CardSession::send(const CommandApdu& command) {
  if (!messaging_) {
    return send_plain(command);
  }
  const auto secured = messaging_->protect(command);
  const auto answer = secured ? send_plain(*secured) : tl::unexpected(secured.error());
  return answer ? messaging_->unprotect(*answer) : answer;
}

}  // namespace quay::emrtd
