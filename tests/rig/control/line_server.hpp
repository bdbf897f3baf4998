// SPDX-License-Identifier: Apache-2.0
// The hand at a simulated device: one command a line on a UNIX socket, one reply a line ("ok ...", "error ...").
#pragma once

#include <charconv>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "tests/rig/control/socket_server.hpp"

namespace quay::rig {

class LineServer {
 public:
  /// Gives the reply to one command, without the line end. Runs on the connection's thread.
  using Command = std::function<std::string(const std::string& verb, const std::string& rest)>;

  /// `quit` is called on the connection's thread after the reply to `quit` was sent.
  LineServer(std::filesystem::path socket, Command command, std::function<void()> quit);

  /// Errors as SocketServer::open.
  Status open() { return server_.open(); }

  /// Carries out one line.
  std::string carry_out(std::string_view line) const;

 private:
  void serve(int fd);

  Command command_;
  std::function<void()> quit_;
  SocketServer server_;
};

/// Sends one command to such a socket and returns the reply line. Errors: device_absent when nobody listens,
/// device_timeout after `patience`, device_io when the connection breaks.
Result<std::string> tell(const std::filesystem::path& socket, std::string_view command,
                         Milliseconds patience = Milliseconds(10'000));

/// What follows "ok ". Errors: as tell; usage with the reply when it is not "ok ...".
Result<std::string> ask(const std::filesystem::path& socket, std::string_view command);

/// The value of `key` in "a=1 b=2"; empty when it is not there.
std::string value_in(const std::string& line, std::string_view key);

/// A number from 0 to `most`, and nothing else in `text`.
template <class Number>
std::optional<Number> parse_number(const std::string& text, Number most) {
  Number value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0 || value > most) {
    return std::nullopt;
  }
  return value;
}

}  // namespace quay::rig
