// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/apdu.hpp"

namespace quay::rig::card {
namespace {

std::size_t number_in(View bytes) {
  std::size_t value = 0;
  for (const std::uint8_t byte : bytes) {
    value = (value << 8) | byte;
  }
  return value;
}

/// Lc, data, Le with fields of `width` bytes; `body` starts at Lc, or at Le when there are no data.
bool take_body(View body, std::size_t width, Command& command) {
  const std::size_t most = width == 1 ? 256 : 65536;
  const auto length = [&](View at) { return number_in(at.first(width)); };
  if (body.size() == width) {
    command.le = length(body) == 0 ? most : length(body);
    return true;
  }
  if (body.size() < width) {
    return false;
  }
  const std::size_t lc = length(body);
  body = body.subspan(width);
  if (lc == 0 || body.size() < lc || (body.size() != lc && body.size() != lc + width)) {
    return false;
  }
  command.data.assign(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(lc));
  if (body.size() > lc) {
    const std::size_t le = length(body.subspan(lc));
    command.le = le == 0 ? most : le;
  }
  return true;
}

}  // namespace

std::optional<Command> parse_command(View bytes) {
  if (bytes.size() < 4) {
    return std::nullopt;
  }
  Command command{bytes[0], bytes[1], bytes[2], bytes[3], {}, {}, false};
  View body = bytes.subspan(4);
  if (body.empty()) {
    return command;
  }
  command.extended = body.size() > 2 && body[0] == 0;
  if (command.extended) {
    return take_body(body.subspan(1), 2, command) ? std::optional(command) : std::nullopt;
  }
  return take_body(body, 1, command) ? std::optional(command) : std::nullopt;
}

Bytes encode(const Response& response) { return join({response.data, number(response.sw, 2)}); }

}  // namespace quay::rig::card
