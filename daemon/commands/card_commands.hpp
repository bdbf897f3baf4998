// SPDX-License-Identifier: Apache-2.0
// card.*: identity cards, by the QR code in a picture of the visit or by their chip. What they say goes to the visit's
// owner, in the reply to card.get and nowhere else.
#pragma once

#include "daemon/commands/command_set.hpp"
#include "daemon/commands/job_starter.hpp"
#include "daemon/commands/services.hpp"
#include "identity/qr_payload.hpp"

namespace quay::daemon::commands {

class CardCommands {
 public:
  explicit CardCommands(Services& services) : services_(services), starter_(services) {}
  void add_to(CommandSet& commands);
  /// How long one command of a chip may take.
  void set_patience(Milliseconds patience) { patience_ = patience; }

 private:
  loop::Awaitable<Outcome> read(RequestPtr request);
  loop::Awaitable<Outcome> get(RequestPtr request);
  loop::Awaitable<Result<identity::QrPayload>> read_qr(VisitId visit, CaptureId capture);
  Outcome give_qr(const protocol::CardReadArguments& arguments, const identity::QrPayload& card);
  Result<jobs::CaptureOrder> chip_order(const protocol::Command& command, const protocol::CardReadArguments& arguments,
                                        const std::optional<identity::QrPayload>& card);
  std::string only_reader() const;
  void count_citizen(const supervise::Incoming& incoming);

  Services& services_;
  JobStarter starter_;
  Milliseconds patience_{5'000};
};

}  // namespace quay::daemon::commands
