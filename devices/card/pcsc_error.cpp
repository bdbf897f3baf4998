// SPDX-License-Identifier: Apache-2.0
#include "devices/card/pcsc_error.hpp"

#include <algorithm>
#include <array>

#include <winscard.h>

namespace quay::card {
namespace {

struct Row {
  unsigned long result;
  const char* name;
  Errc code;
};

/// winscard.h has its numbers as signed ones of 64 bits.
Row row(long result, const char* name, Errc code) {
  return {static_cast<unsigned long>(result) & 0xFFFFFFFFUL, name, code};
}

const std::array kRows{
    row(SCARD_E_NO_SERVICE, "SCARD_E_NO_SERVICE", Errc::card_service_down),
    row(SCARD_E_SERVICE_STOPPED, "SCARD_E_SERVICE_STOPPED", Errc::card_service_down),
    row(SCARD_F_COMM_ERROR, "SCARD_F_COMM_ERROR", Errc::card_service_down),
    row(SCARD_E_INVALID_HANDLE, "SCARD_E_INVALID_HANDLE", Errc::card_service_down),
    row(SCARD_W_SECURITY_VIOLATION, "SCARD_W_SECURITY_VIOLATION", Errc::device_access_denied),
    row(SCARD_E_NO_READERS_AVAILABLE, "SCARD_E_NO_READERS_AVAILABLE", Errc::device_absent),
    row(SCARD_E_UNKNOWN_READER, "SCARD_E_UNKNOWN_READER", Errc::device_absent),
    row(SCARD_E_READER_UNAVAILABLE, "SCARD_E_READER_UNAVAILABLE", Errc::device_absent),
    row(SCARD_E_NO_SMARTCARD, "SCARD_E_NO_SMARTCARD", Errc::card_absent),
    row(SCARD_W_REMOVED_CARD, "SCARD_W_REMOVED_CARD", Errc::card_removed),
    row(SCARD_W_UNRESPONSIVE_CARD, "SCARD_W_UNRESPONSIVE_CARD", Errc::card_mute),
    row(SCARD_W_UNPOWERED_CARD, "SCARD_W_UNPOWERED_CARD", Errc::card_mute),
    row(SCARD_W_RESET_CARD, "SCARD_W_RESET_CARD", Errc::card_protocol),
    row(SCARD_E_NOT_TRANSACTED, "SCARD_E_NOT_TRANSACTED", Errc::card_protocol),
    row(SCARD_E_PROTO_MISMATCH, "SCARD_E_PROTO_MISMATCH", Errc::card_unsupported),
    row(SCARD_E_UNSUPPORTED_FEATURE, "SCARD_E_UNSUPPORTED_FEATURE", Errc::device_unsupported),
    row(SCARD_E_SHARING_VIOLATION, "SCARD_E_SHARING_VIOLATION", Errc::device_busy),
    row(SCARD_E_NO_MEMORY, "SCARD_E_NO_MEMORY", Errc::device_no_memory),
};

}  // namespace

Error pcsc_error(long result, const char* operation) {
  const unsigned long number = static_cast<unsigned long>(result) & 0xFFFFFFFFUL;
  const auto* known = std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.result == number; });
  const bool found = known != kRows.end();
  Error error = make_error(found ? known->code : Errc::device_io, operation, pcsc_stringify_error(result));
  error.native = {"PC/SC", found ? known->name : "", static_cast<std::int64_t>(number)};
  return error;
}

}  // namespace quay::card
