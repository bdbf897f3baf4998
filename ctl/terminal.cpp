// SPDX-License-Identifier: Apache-2.0
#include "ctl/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

namespace quay::ctl {
namespace {

// ECMA-48 and xterm's private modes: second screen, cursor, home, clear to the end of line and of screen.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l", kLeave = "\x1b[?25h\x1b[?1049l", kHome = "\x1b[H",
                           kClearLine = "\x1b[K\r\n", kClearRest = "\x1b[J";

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(STDOUT_FILENO, text.data(), text.size());
    if (count <= 0) {
      return;  // a terminal that is gone is nobody's loss
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<Terminal> Terminal::take_over() {
  termios before{};
  if (isatty(STDOUT_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before) != 0) {
    return failure(Errc::usage, "terminal", "this needs a terminal; for a program there is quayctl --json status");
  }
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_all(kEnter);
  return Terminal(before);
}

Terminal::Terminal(Terminal&& other) noexcept : before_(std::exchange(other.before_, std::nullopt)) {}

Terminal::~Terminal() {
  if (before_) {
    write_all(kLeave);
    tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  }
}

Terminal::Size Terminal::size() const {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
  return known ? Size{size.ws_col, size.ws_row} : Size{};
}

void Terminal::draw(const std::vector<std::string>& lines) const {
  std::string all(kHome);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    all += lines[i];
    all += i + 1 < lines.size() ? kClearLine : kClearLine.substr(0, kClearLine.find('\r'));
  }
  write_all(all.append(kClearRest));
}

int Terminal::keys() { return STDIN_FILENO; }

std::optional<char> Terminal::key() {
  char key = 0;
  return read(STDIN_FILENO, &key, 1) == 1 ? std::optional(key) : std::nullopt;
}

}  // namespace quay::ctl
