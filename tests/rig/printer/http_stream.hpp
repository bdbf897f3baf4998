// SPDX-License-Identifier: Apache-2.0
// As much of HTTP/1.1 (RFC 9112) as IPP needs from a server on one connection: POST with a length or in chunks, read
// piece by piece, so that a connection can break in its middle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quay::rig {

class HttpStream {
 public:
  explicit HttpStream(int fd) : fd_(fd) {}

  /// The head of the next request; nothing when the peer is gone or sends what is no request. Answers an expectation.
  bool next_request();
  const std::string& method() const { return method_; }

  /// More of the body into `body`; false when it ended or the connection broke (then broken()).
  bool read_more(std::vector<std::uint8_t>& body);
  bool broken() const { return broken_; }

  /// An answer of that type.
  bool answer(std::string_view content_type, const std::vector<std::uint8_t>& body);

 private:
  bool receive();
  bool read_head();
  bool read_chunk_size();

  int fd_;
  std::string buffer_;
  std::string method_;
  bool chunked_ = false;
  bool broken_ = false;
  std::uint64_t left_ = 0;  ///< of the body, or of this chunk
  bool last_chunk_ = false;
};

}  // namespace quay::rig
