// SPDX-License-Identifier: Apache-2.0
// The talk with one card: plain at first, under secure messaging once keys are agreed on. Knows no file and no key.
#pragma once

#include <functional>
#include <optional>

#include "base/result.hpp"
#include "devices/card/emrtd/apdu.hpp"
#include "devices/card/emrtd/secure_messaging.hpp"

namespace quay::emrtd {

/// The way to a card: PC/SC in the worker, recorded answers in a test.
class CardChannel {
 public:
  CardChannel() = default;
  CardChannel(const CardChannel&) = delete;
  CardChannel& operator=(const CardChannel&) = delete;
  virtual ~CardChannel() = default;

  /// Sends a command and returns the answer with its status word. Blocks as long as the reader lets it.
  /// Errors: card_removed, card_mute, device_io and whatever else the way knows.
  virtual Result<Bytes> transmit(View command) = 0;

  /// Takes the chip's power away and gives it back: it forgets every session. Errors: card_removed and the way's own.
  virtual Status reset() = 0;
};

class CardSession {
 public:
  /// channel: not owned, outlives the session.
  explicit CardSession(CardChannel& channel) : channel_(channel) {}

  /// Any status word is an answer. Errors: the channel's; card_protocol when secure messaging breaks.
  Result<ResponseApdu> send(const CommandApdu& command);

  /// From now on everything is enciphered with these keys.
  void secure(SessionKeys keys) { messaging_.emplace(std::move(keys)); }

  /// In the clear again: the chip was reset and knows no keys any more.
  void forget_keys() { messaging_.reset(); }

  /// The longest answer that a short command can bring.
  std::size_t short_answer() const { return messaging_ ? messaging_->short_answer() : kShortest; }

 private:
  Result<ResponseApdu> send_plain(const CommandApdu& command);

  CardChannel& channel_;
  std::optional<SecureMessaging> messaging_;
};

}  // namespace quay::emrtd
