// SPDX-License-Identifier: Apache-2.0
// As much of HTTP/1.1 (RFC 9112) as eSCL needs from a server on one connection: requests with Content-Length,
// keep-alive, plain responses. Refuses chunked requests and anything over 64 KiB.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quay::rig {

struct HttpRequest {
  std::string method;
  std::string target;
  std::string body;
  bool keep_alive = true;
};

/// Reads requests one after the other from a descriptor that it borrows.
class HttpReader {
 public:
  explicit HttpReader(int fd) : fd_(fd) {}

  /// Nothing when the peer closed, broke the connection or sent what is no request.
  std::optional<HttpRequest> next();

 private:
  bool fill_until(std::size_t bytes);
  bool receive();

  int fd_;
  std::string buffer_;
};

struct HttpResponse {
  int status = 200;
  std::string content_type{};
  std::string location{};
  std::size_t content_length = 0;
  bool keep_alive = true;
};

/// The status line and headers with the closing empty line.
std::string head_of(const HttpResponse& response);

}  // namespace quay::rig
