// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/endpoint.hpp"

#include <array>

#include <cups/http.h>

namespace quay::printer {
namespace {

constexpr std::size_t kLongestQueue = 127;

}  // namespace

Result<Endpoint> endpoint_of_uri(const std::string& uri) {
  std::array<char, 32> scheme{};
  std::array<char, 256> user{};
  std::array<char, 256> host{};
  std::array<char, 1024> resource{};
  Endpoint endpoint;
  const http_uri_status_t parsed =
      httpSeparateURI(HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), static_cast<int>(scheme.size()), user.data(),
                      static_cast<int>(user.size()), host.data(), static_cast<int>(host.size()), &endpoint.port,
                      resource.data(), static_cast<int>(resource.size()));
  const std::string kind(scheme.data());
  if (parsed < HTTP_URI_STATUS_OK || (kind != "ipp" && kind != "ipps") || host[0] == '\0') {
    return failure(Errc::usage, "printer.uri", "ipp://HOST[:PORT]/PATH or ipps: was expected, not " + uri);
  }
  endpoint.host = host.data();
  endpoint.encrypted = kind == "ipps";
  endpoint.resource = resource.data();
  endpoint.printer_uri = uri;
  return endpoint;
}

Result<Endpoint> endpoint_of_queue(const std::string& queue, const std::string& socket) {
  const bool named =
      !queue.empty() && queue.size() <= kLongestQueue && queue.find_first_of("/?# \t") == std::string::npos;
  if (!named) {
    return failure(Errc::usage, "printer.queue", "the name of a print queue was expected, not " + queue);
  }
  Endpoint endpoint;
  endpoint.path = protocol::PrinterPath::queue;
  endpoint.host = socket;
  endpoint.resource = "/printers/" + queue;
  endpoint.printer_uri = "ipp://localhost" + endpoint.resource;
  return endpoint;
}

}  // namespace quay::printer
