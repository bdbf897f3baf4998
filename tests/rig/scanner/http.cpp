// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/http.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
  return result;
}

/// The value of header `name` (lower case) within `head`, whose names and values are all lower case.
std::string_view header(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(fmt::format("\r\n{}:", name));
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t start = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(start, head.find("\r\n", start) - start);
}

std::optional<std::size_t> content_length(std::string_view head) {
  const std::string_view text = header(head, "content-length");
  if (text.empty()) {
    return 0;
  }
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || length > kMostBytes) {
    return std::nullopt;
  }
  return length;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

}  // namespace

bool HttpReader::receive() {
  std::array<char, 4096> chunk{};
  ssize_t got = 0;
  do {
    got = ::recv(fd_, chunk.data(), chunk.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0 || buffer_.size() > kMostBytes) {
    return false;
  }
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

bool HttpReader::fill_until(std::size_t bytes) {
  while (buffer_.size() < bytes) {
    if (!receive()) {
      return false;
    }
  }
  return true;
}

std::optional<HttpRequest> HttpReader::next() {
  std::size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) {
      return std::nullopt;
    }
  }
  const std::string head = lower(std::string_view(buffer_).substr(0, head_end + 2));
  const std::size_t method_end = buffer_.find(' ');
  const std::size_t target_end = buffer_.find(' ', method_end + 1);
  const auto length = content_length(head);
  if (target_end == std::string::npos || target_end > head_end || !length) {
    return std::nullopt;
  }
  HttpRequest request;
  request.method = buffer_.substr(0, method_end);
  request.target = buffer_.substr(method_end + 1, target_end - method_end - 1);
  request.keep_alive = header(head, "connection") != "close";
  const std::size_t body_start = head_end + 4;
  if (!fill_until(body_start + *length)) {
    return std::nullopt;
  }
  request.body = buffer_.substr(body_start, *length);
  buffer_.erase(0, body_start + *length);
  return request;
}

std::string head_of(const HttpResponse& response) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nServer: quay-sim-scanner\r\nContent-Length: {}\r\n",
                                 response.status, reason_of(response.status), response.content_length);
  if (!response.content_type.empty()) {
    head += fmt::format("Content-Type: {}\r\n", response.content_type);
  }
  if (!response.location.empty()) {
    head += fmt::format("Location: {}\r\n", response.location);
  }
  return head + (response.keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace quay::rig
