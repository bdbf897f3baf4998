// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/apdu.hpp"

#include <fmt/format.h>

namespace quay::emrtd {
namespace {

constexpr std::size_t kShortData = 255;
constexpr std::size_t kLongData = 65535;

void append_u16(Bytes& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));  // the whole range, 65536, is spelled 0
}

}  // namespace

Result<Bytes> encode(const CommandApdu& command) {
  const std::size_t data = command.data.size(), answer = command.expected.value_or(0);
  if (data > kLongData || answer > kLongest || (command.expected && answer == 0)) {
    return failure(Errc::bug, "apdu.encode", fmt::format("{} bytes of data, {} bytes of answer", data, answer));
  }
  const bool extended = data > kShortData || answer > kShortest;
  Bytes out{command.cla, command.ins, command.p1, command.p2};
  if (extended) {
    out.push_back(0);
  }
  if (data > 0) {
    extended ? append_u16(out, data) : out.push_back(static_cast<std::uint8_t>(data));
    append(out, command.data);
  }
  if (command.expected) {
    extended ? append_u16(out, answer) : out.push_back(static_cast<std::uint8_t>(answer));
  }
  return out;
}

Result<ResponseApdu> parse_response(View bytes) {
  if (bytes.size() < 2) {
    return failure(Errc::card_protocol, "apdu.response", fmt::format("{} bytes, expected two or more", bytes.size()));
  }
  const View trailer = bytes.last(2);
  return ResponseApdu{to_bytes(bytes.first(bytes.size() - 2)), static_cast<StatusWord>(trailer[0] << 8 | trailer[1])};
}

Error status_error(const char* operation, StatusWord status) {
  Error error = make_error(Errc::card_protocol, operation, fmt::format("the card answered {:04X}", status));
  error.native = {"ISO 7816", fmt::format("{:04X}", status), status};
  return error;
}

}  // namespace quay::emrtd
