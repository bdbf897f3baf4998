// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/http_stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include <fmt/format.h>

#include "tests/rig/control/socket_server.hpp"

namespace quay::rig {
namespace {

constexpr std::size_t kLongestHead = 64 * 1024;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
  return text;
}

std::string header(const std::string& head, std::string_view name) {
  const std::size_t at = head.find(fmt::format("\r\n{}:", name));
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t start = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(start, head.find("\r\n", start) - start);
}

}  // namespace

bool HttpStream::receive() {
  std::array<char, 16 * 1024> chunk{};
  ssize_t got = 0;
  do {
    got = ::recv(fd_, chunk.data(), chunk.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) {
    broken_ = true;
    return false;
  }
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

bool HttpStream::next_request() {
  while (buffer_.find("\r\n\r\n") == std::string::npos) {
    if (buffer_.size() > kLongestHead || !receive()) {
      return false;
    }
  }
  return read_head();
}

bool HttpStream::read_head() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  method_ = buffer_.substr(0, buffer_.find(' '));
  const std::string head = lower(buffer_.substr(0, end + 2));
  buffer_.erase(0, end + 4);
  chunked_ = header(head, "transfer-encoding") == "chunked";
  last_chunk_ = false;
  left_ = 0;
  const std::string length = header(head, "content-length");
  if (!chunked_ && !length.empty()) {
    std::from_chars(length.data(), length.data() + length.size(), left_);
  }
  return header(head, "expect") != "100-continue" || send_all(fd_, std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
}

bool HttpStream::read_chunk_size() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos || end == 0) {
    if (end == 0) {
      buffer_.erase(0, 2);  // what closes the chunk before
    } else if (!receive()) {
      return false;
    }
  }
  std::from_chars(buffer_.data(), buffer_.data() + end, left_, 16);
  buffer_.erase(0, end + 2);
  last_chunk_ = left_ == 0;
  if (last_chunk_ && buffer_.starts_with("\r\n")) {
    buffer_.erase(0, 2);
  }
  return !last_chunk_;
}

bool HttpStream::read_more(std::vector<std::uint8_t>& body) {
  if (left_ == 0 && (!chunked_ || last_chunk_ || !read_chunk_size())) {
    return false;
  }
  if (buffer_.empty() && !receive()) {
    return false;
  }
  const std::size_t taken = std::min<std::uint64_t>(left_, buffer_.size());
  body.insert(body.end(), buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken));
  buffer_.erase(0, taken);
  left_ -= taken;
  return true;
}

bool HttpStream::answer(std::string_view content_type, const std::vector<std::uint8_t>& body) {
  const std::string head =
      fmt::format("HTTP/1.1 200 OK\r\nServer: quay-sim-printer\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
                  content_type, body.size());
  return send_all(fd_, head) && send_all(fd_, std::span<const std::uint8_t>(body));
}

}  // namespace quay::rig
