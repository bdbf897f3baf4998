// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/refusals.hpp"

#include <cups/ipp.h>

#include "devices/printer/printer_link.hpp"

namespace quay::printer {

bool is_transport(const Error& error) {
  return error.code == Errc::printer_offline || error.code == Errc::device_timeout || error.code == Errc::device_io;
}

bool waits_out(const Error& error) {
  return is_transport(error) || error.code == Errc::device_busy || error.code == Errc::printer_stopped;
}

bool took_nothing(const Error& error) {
  const bool is_ipp = error.native.api == kIppApi;
  const bool client_error =
      error.native.number >= IPP_STATUS_ERROR_BAD_REQUEST && error.native.number < IPP_STATUS_ERROR_INTERNAL;
  return is_ipp && (client_error || waits_out(error));
}

}  // namespace quay::printer
