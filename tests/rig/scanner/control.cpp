// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/control.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr int kMostSheets = 10'000;

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

std::string_view commands_help() {
  return "load N        take the sheets out of the feeder and put N in\n"
         "place N       lay page N (from 1) on the glass\n"
         "fault NAME [page=N] [seconds=S] [times=T]   see README.md; 'fault none' heals\n"
         "ppm N         pages a minute, 0 = as fast as it goes\n"
         "unplug, plug  pull the cable, put it back\n"
         "press         the scan button (eSCL has none for sane-airscan: always an error)\n"
         "status        sheets, feeder, job, pages, stalled connections, fault\n"
         "quit          end the program\n";
}

ControlServer::ControlServer(std::filesystem::path socket, ScannerModel& model, EsclServer& scanner,
                             std::function<void()> quit)
    : model_(model),
      scanner_(scanner),
      quit_(std::move(quit)),
      server_(std::move(socket), [this](int fd) { serve(fd); }) {}

void ControlServer::serve(int fd) {
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

std::string ControlServer::carry_out(std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string verb(line.substr(0, space));
  return carry_out(verb, space == std::string_view::npos ? std::string{} : std::string(line.substr(space + 1)));
}

std::string ControlServer::carry_out(const std::string& verb, const std::string& rest) {
  if (verb == "load" || verb == "place") {
    const auto count = parse_number(rest, kMostSheets);
    if (!count || (verb == "place" && *count == 0)) {
      return fmt::format("error {}: expected a number up to {}", verb, kMostSheets);
    }
    verb == "load" ? model_.load(*count) : model_.place(static_cast<std::size_t>(*count - 1));
    return "ok " + model_.status_line();
  }
  if (verb == "fault") {
    const auto fault = parse_fault(rest);
    if (!fault) {
      return "error " + fault.error().detail;
    }
    model_.set_fault(*fault);
    return "ok " + to_text(*fault);
  }
  if (verb == "ppm") {
    const auto ppm = parse_number(rest, 100'000.0);
    if (!ppm) {
      return "error ppm: expected a number of pages a minute";
    }
    model_.set_pages_per_minute(*ppm);
    return "ok " + rest;
  }
  if (verb == "unplug") {
    scanner_.unplug();
    return "ok unplugged";
  }
  if (verb == "plug") {
    const Status plugged = scanner_.plug();
    return plugged ? "ok plugged" : "error " + describe(plugged.error());
  }
  if (verb == "press") {
    return "error press: sane-airscan reads no button over eSCL; the quaytest backend has one";
  }
  if (verb == "status" || verb == "quit") {
    return "ok " + model_.status_line();
  }
  return fmt::format("error unknown command '{}': expected load place fault ppm unplug plug press status quit", verb);
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

}  // namespace quay::rig
