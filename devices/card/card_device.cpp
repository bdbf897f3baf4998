// SPDX-License-Identifier: Apache-2.0
#include "devices/card/card_device.hpp"

namespace quay::card {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

frames::Described described(const SlotsSeen& seen) {
  frames::Described said;
  said.card = protocol::CardReaders{{}, seen.slots};
  if (!seen.slots.empty()) {
    said.identity.model = seen.slots.front().reader;
  }
  if (seen.trouble) {
    said.trouble = protocol::to_body(*seen.trouble);
  }
  return said;
}

}  // namespace

Status CardDevice::prepare() {
  watch_ = std::make_unique<SlotWatch>(options_.only, [this](const SlotsSeen& seen) { tell(seen); });
  return {};
}

/// Before Hello quayd expects nothing: the first look is told with Describe.
void CardDevice::tell(const SlotsSeen& seen) const {
  if (const Status sent = channel_->send(described(seen)); !sent) {
    log_.info("slots: {}", quay::describe(sent.error()));
  }
}

Outcome CardDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                              worker::Job& job) {
  Outcome outcome{0, make_error(Errc::device_unsupported, "worker.request", "a card reader reads cards")};
  if (std::holds_alternative<frames::Describe>(request)) {
    outcome = describe(job);
  } else if (const auto* order = std::get_if<frames::ReadCard>(&request)) {
    outcome = read(*order, job);
  }
  return outcome;
}

Outcome CardDevice::describe(worker::Job& job) {
  const Status looked = watch_->wait_first_look();
  const Status sent = job.send(described(watch_->now()));
  return looked ? (sent ? Outcome{} : Outcome{0, sent.error()}) : Outcome{0, looked.error()};
}

Outcome CardDevice::read(const frames::ReadCard& order, worker::Job& job) {
  return ChipJob({*watch_, pieces_, options_.trust, log_}, order, job).run();
}

void CardDevice::forget() noexcept {
  if (options_.forget) {
    options_.forget();
  }
}

void CardDevice::cancel() noexcept {
  if (watch_) {
    watch_->wake();
  }
}

}  // namespace quay::card
