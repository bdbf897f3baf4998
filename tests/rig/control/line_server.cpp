// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/control/line_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace quay::rig {
namespace {

/// Reads up to a line end. Nothing when the peer is gone or `patience` is over (errno ETIMEDOUT).
std::optional<std::string> receive_line(int fd, std::string& buffer, Milliseconds patience) {
  while (buffer.find('\n') == std::string::npos) {
    std::array<char, 512> chunk{};
    pollfd watched{fd, POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(patience.count())) == 0) {
      errno = ETIMEDOUT;
      return std::nullopt;
    }
    const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (got <= 0) {
      errno = ECONNRESET;
      return std::nullopt;
    }
    buffer.append(chunk.data(), static_cast<std::size_t>(got));
  }
  const std::size_t end = buffer.find('\n');
  std::string line = buffer.substr(0, end);
  buffer.erase(0, end + 1);
  return line;
}

}  // namespace

LineServer::LineServer(std::filesystem::path socket, Command command, std::function<void()> quit)
    : command_(std::move(command)), quit_(std::move(quit)), server_(std::move(socket), [this](int fd) { serve(fd); }) {}

void LineServer::serve(int fd) {
  std::string buffer;
  while (const auto line = receive_line(fd, buffer, Milliseconds(-1))) {
    if (!send_all(fd, carry_out(*line) + "\n")) {
      return;
    }
    if (*line == "quit") {
      quit_();
    }
  }
}

std::string LineServer::carry_out(std::string_view line) const {
  const std::size_t space = line.find(' ');
  const std::string verb(line.substr(0, space));
  return command_(verb, space == std::string_view::npos ? std::string{} : std::string(line.substr(space + 1)));
}

Result<std::string> tell(const std::filesystem::path& socket, std::string_view command, Milliseconds patience) {
  auto fd = connect_unix(socket);
  if (!fd) {
    return failure(fd.error());
  }
  std::string line(command);
  std::string buffer;
  if (!send_all(fd->get(), line + "\n")) {
    return failure(errno_error(Errc::device_io, "rig.tell", errno));
  }
  auto reply = receive_line(fd->get(), buffer, patience);
  if (!reply) {
    return failure(errno_error(errno == ETIMEDOUT ? Errc::device_timeout : Errc::device_io, "rig.tell", errno));
  }
  return *reply;
}

Result<std::string> ask(const std::filesystem::path& socket, std::string_view command) {
  auto reply = tell(socket, command);
  if (!reply) {
    return failure(reply.error());
  }
  if (!reply->starts_with("ok")) {
    return failure(Errc::usage, "rig.tell", *reply);
  }
  return reply->substr(std::min<std::size_t>(3, reply->size()));
}

std::string value_in(const std::string& line, std::string_view key) {
  const std::string spaced = " " + line;
  const std::size_t at = spaced.find(fmt::format(" {}=", key));
  if (at == std::string::npos) {
    return {};
  }
  const std::size_t start = at + key.size() + 2;
  return spaced.substr(start, spaced.find(' ', start) - start);
}

}  // namespace quay::rig
