// SPDX-License-Identifier: Apache-2.0
// Where a printer is spoken to: the printer itself (ipp:, ipps:), or a queue of the local print service on its socket.
#pragma once

#include <string>

#include "base/result.hpp"
#include "protocol/client/printing.hpp"

namespace quay::printer {

struct Endpoint {
  protocol::PrinterPath path = protocol::PrinterPath::direct;
  std::string host;  ///< a name, an address, or the path of a UNIX socket
  int port = 631;
  bool encrypted = false;
  std::string resource;     ///< of HTTP: /ipp/print
  std::string printer_uri;  ///< as the requests name the printer
};

/// Errors: usage when it is no ipp: or ipps: URI.
Result<Endpoint> endpoint_of_uri(const std::string& uri);

/// socket: of the print service. Errors: usage when the name cannot be a queue's.
Result<Endpoint> endpoint_of_queue(const std::string& queue, const std::string& socket);

}  // namespace quay::printer
