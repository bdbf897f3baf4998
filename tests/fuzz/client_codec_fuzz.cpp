// SPDX-License-Identifier: Apache-2.0
// Whatever stands on the wire: it is refused with a code, or read and written again unchanged. Then the arguments are
// read as those of the command that is named.
#include <string>

#include "protocol/client/command_table.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/json/writer.hpp"
#include "tests/fuzz/json_same.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace quay;
using fuzz::require;

bool is_utf8(const std::string& text) {
  boost::system::error_code error;
  boost::json::parse(boost::json::serialize(boost::json::value(text)), error);
  return !error;
}

/// An error must be good enough to be sent back.
void check_refusal(const Error& error) {
  require(error.code != Errc::bug, "a refusal has a code of its own");
  require(is_utf8(protocol::encode(protocol::Reply{{}, 1, "x", {}, {}, protocol::to_body(error)})),
          "a refusal can be sent");
  require(error.detail.size() < 1000, "a refusal is short");
}

template <class Decode>
void check_round_trip(const std::string& text, Decode decode) {
  const auto message = decode(text);
  if (!message) {
    check_refusal(message.error());
    return;
  }
  const std::string once = protocol::encode(*message);
  const auto again = decode(once);
  // What grew past the limit while it was written anew (escapes) may be refused; nothing else may.
  require(again ? fuzz::same_json(protocol::encode(*again), once) : again.error().code == Errc::request_too_large,
          "what was read is written and read again the same");
}

void read_arguments(const protocol::Command& command) {
  protocol::for_each_command([&](const auto& row) {
    if (row.name == command.cmd) {
      using Arguments = typename std::remove_cvref_t<decltype(row)>::Arguments;
      const auto arguments = protocol::from_json<Arguments>(command.args);
      if (!arguments) {
        check_refusal(arguments.error());
      }
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string id;
  check_round_trip(text, [&](const std::string& frame) { return protocol::decode_command(frame, id); });
  require(id.size() <= 64 && is_utf8(id), "an id that is echoed is short and readable");
  if (const auto command = protocol::decode_command(text, id)) {
    read_arguments(*command);
  }
  check_round_trip(text, protocol::decode_reply);
  check_round_trip(text, protocol::decode_event);
  return 0;
}
