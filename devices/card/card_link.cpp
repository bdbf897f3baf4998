// SPDX-License-Identifier: Apache-2.0
#include "devices/card/card_link.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "devices/card/holder.hpp"
#include "devices/card/pcsc_error.hpp"

namespace quay::card {
namespace {

constexpr DWORD kEitherProtocol = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
/// How long another program may have the card before it is told about.
constexpr Milliseconds kForAnother{3'000};

bool is(long result, long wanted) { return static_cast<std::int32_t>(result) == static_cast<std::int32_t>(wanted); }

Error held_by_another(const char* operation) {
  Error error = make_error(Errc::device_busy, operation, "another program holds the card");
  error.native = {"PC/SC", "SCARD_E_SHARING_VIOLATION", 0x8010000B};
  error.holder = holder_of_card();
  return error;
}

struct Opened {
  LONG result = SCARD_S_SUCCESS;
  const char* call = "SCardConnect";
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
};

/// As long as another program has a transaction on the card, this does not return.
Opened connect_and_begin(const Context& context, const std::string& reader) {
  Opened opened;
  opened.result =
      SCardConnect(context.get(), reader.c_str(), SCARD_SHARE_SHARED, kEitherProtocol, &opened.card, &opened.protocol);
  if (opened.result != SCARD_S_SUCCESS) {
    opened.card = 0;
    return opened;
  }
  opened.call = "SCardBeginTransaction";
  opened.result = SCardBeginTransaction(opened.card);
  if (is(opened.result, SCARD_W_RESET_CARD) && SCardReconnect(opened.card, SCARD_SHARE_SHARED, kEitherProtocol,
                                                              SCARD_LEAVE_CARD, &opened.protocol) == SCARD_S_SUCCESS) {
    opened.result = SCardBeginTransaction(opened.card);
  }
  if (opened.result != SCARD_S_SUCCESS) {
    SCardDisconnect(opened.card, SCARD_LEAVE_CARD);
    opened.card = 0;
  }
  return opened;
}

/// PC/SC has no time limit for that: it is waited for in a thread, which tidies up when it is late.
class PatientOpen {
 public:
  static std::optional<Opened> wait(const CardLink::SharedContext& context, const std::string& reader) {
    auto shared = std::make_shared<Shared>();
    std::thread([shared, context, reader] { run(*shared, *context, reader); }).detach();
    std::unique_lock lock(shared->mutex);
    shared->done.wait_for(lock, kForAnother, [&] { return shared->opened.has_value(); });
    shared->late = !shared->opened;
    return shared->opened;
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Opened> opened;
    bool late = false;
  };

  static void run(Shared& shared, const Context& context, const std::string& reader) {
    const Opened opened = connect_and_begin(context, reader);
    const std::scoped_lock lock(shared.mutex);
    if (shared.late && opened.card != 0) {
      SCardDisconnect(opened.card, SCARD_LEAVE_CARD);
    }
    shared.opened = opened;
    shared.done.notify_all();
  }
};

}  // namespace

Result<std::unique_ptr<CardLink>> CardLink::open(SharedContext context, const std::string& reader, Unwanted unwanted) {
  std::unique_ptr<CardLink> link(new CardLink(std::move(context), reader, std::move(unwanted)));
  link->answer_.resize(MAX_BUFFER_SIZE_EXTENDED);
  const auto opened = PatientOpen::wait(link->context_, link->reader_);
  if (!opened || is(opened->result, SCARD_E_SHARING_VIOLATION)) {
    return failure(held_by_another(opened ? opened->call : "SCardBeginTransaction"));
  }
  if (opened->result != SCARD_S_SUCCESS) {
    return failure(pcsc_error(opened->result, opened->call));
  }
  link->card_ = opened->card;
  link->protocol_ = opened->protocol;
  return link;
}

CardLink::~CardLink() {
  if (card_ != 0) {
    SCardEndTransaction(card_, SCARD_LEAVE_CARD);
    // Never a reset of a card that is gone: pcscd 1.9.9 then takes the slot for empty until it sees a card leave, and
    // one that was laid back before is not seen.
    SCardDisconnect(card_, commands_ > 0 && !gone_ ? SCARD_RESET_CARD : SCARD_LEAVE_CARD);
  }
}

Result<emrtd::Bytes> CardLink::transmit(emrtd::View command) {
  if (unwanted_()) {
    return failure(Errc::scan_cancelled, "card.read", "the reading was stopped");
  }
  ++commands_;
  DWORD size = answer_.size();
  const SCARD_IO_REQUEST* way = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  const LONG sent = SCardTransmit(card_, way, command.data(), command.size(), nullptr, answer_.data(), &size);
  if (sent != SCARD_S_SUCCESS) {
    Error error = transmit_error(sent);
    gone_ = gone_ || error.code == Errc::card_removed;
    return failure(std::move(error));
  }
  if (size < 2) {  // what vpcd says of a card that is torn away
    gone_ = true;
    return failure(Errc::card_removed, "SCardTransmit", "no answer");
  }
  return emrtd::Bytes(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(size));
}

/// A reader says "not transacted" both of a card that left the field and of a command that it cannot pass on.
Error CardLink::transmit_error(long result) const {
  Error error = pcsc_error(result, "SCardTransmit");
  if (is(result, SCARD_E_NOT_TRANSACTED) && !card_is_there()) {
    error.code = Errc::card_removed;
  }
  return error;
}

bool CardLink::card_is_there() const {
  SCARD_READERSTATE state{};
  state.szReader = reader_.c_str();
  const LONG asked = SCardGetStatusChange(context_->get(), 0, &state, 1);
  return asked == SCARD_S_SUCCESS && (state.dwEventState & SCARD_STATE_PRESENT) != 0;
}

Status CardLink::reset() {
  const LONG done = SCardReconnect(card_, SCARD_SHARE_SHARED, kEitherProtocol, SCARD_RESET_CARD, &protocol_);
  if (done != SCARD_S_SUCCESS) {
    gone_ = true;
    return failure(pcsc_error(done, "SCardReconnect"));
  }
  const LONG begun = SCardBeginTransaction(card_);  // it ended if another program had reset the card
  return begun == SCARD_S_SUCCESS ? Status() : Status(failure(pcsc_error(begun, "SCardBeginTransaction")));
}

}  // namespace quay::card
