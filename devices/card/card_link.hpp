// SPDX-License-Identifier: Apache-2.0
// One card under one transaction: nobody else gets a word in while it is read. Leaves the chip reset, so that it
// knows no key any more.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <winscard.h>

#include "devices/card/context.hpp"
#include "devices/card/emrtd/card_session.hpp"

namespace quay::card {

class CardLink final : public emrtd::CardChannel {
 public:
  /// Asked before each command; true ends the talk with scan_cancelled.
  using Unwanted = std::function<bool()>;

  /// Waits three seconds at most for whoever has a transaction on this card. The
  /// context lives until the last who waits on it is done.
  /// Errors: device_busy with the holder, as far as it can be named; card_absent, card_removed, card_mute,
  /// device_absent, card_service_down.
  using SharedContext = std::shared_ptr<const Context>;
  static Result<std::unique_ptr<CardLink>> open(SharedContext context, const std::string& reader, Unwanted unwanted);

  CardLink(const CardLink&) = delete;
  CardLink& operator=(const CardLink&) = delete;
  ~CardLink() override;

  /// Errors: card_removed, card_mute, card_protocol (native SCARD_W_RESET_CARD: another program reset the card;
  /// SCARD_E_NOT_TRANSACTED: the reader dropped the command), scan_cancelled, card_service_down, device_absent.
  Result<emrtd::Bytes> transmit(emrtd::View command) override;

  /// Also takes the card back after another program has reset it.
  Status reset() override;

  /// Commands sent.
  int commands() const { return commands_; }

 private:
  CardLink(SharedContext context, std::string reader, Unwanted unwanted)
      : context_(std::move(context)), reader_(std::move(reader)), unwanted_(std::move(unwanted)) {}

  bool card_is_there() const;
  Error transmit_error(long result) const;

  SharedContext context_;
  std::string reader_;
  Unwanted unwanted_;
  SCARDHANDLE card_ = 0;
  DWORD protocol_ = 0;
  int commands_ = 0;
  bool gone_ = false;  ///< the card was torn away
  emrtd::Bytes answer_;
};

}  // namespace quay::card
