// SPDX-License-Identifier: Apache-2.0
#include "daemon/publish/credentials.hpp"

#include <charconv>

#include "daemon/publish/zmq_socket.hpp"

namespace quay::daemon::publish {
namespace {

/// The number behind the last colon, which is cut off `text` with it.
template <class Number>
bool take_last_number(std::string_view& text, Number& number) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return false;
  }
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  text = text.substr(0, colon);
  return error == std::errc{} && !digits.empty() && end == digits.data() + digits.size();
}

std::string_view property(zmq::message_t& part, const char* name) {
  const char* value = zmq_msg_gets(part.handle(), name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

std::optional<Credentials> parse_peer_address(std::string_view address) {
  Credentials credentials;
  std::uint32_t uid = 0;
  const bool known = take_last_number(address, credentials.pid) && take_last_number(address, credentials.gid) &&
                     take_last_number(address, uid);
  if (!known) {
    return std::nullopt;
  }
  credentials.uid = uid;
  return credentials;
}

Credentials credentials_of(zmq::message_t& part) {
  const std::string_view address = property(part, "Peer-Address");
  Credentials credentials = parse_peer_address(address).value_or(Credentials{});
  if (address == kLoopback) {  // only then: an ipc peer can give itself any property but its address
    credentials.key_name = property(part, "User-Id");
  }
  return credentials;
}

}  // namespace quay::daemon::publish
