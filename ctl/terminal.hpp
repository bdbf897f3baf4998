// SPDX-License-Identifier: Apache-2.0
// A terminal taken over for a while: second screen, no cursor, keys at once. Given back as it was, whatever happens.
#pragma once

#include <termios.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace quay::ctl {

class Terminal {
 public:
  /// Errors: usage when standard input or output is no terminal.
  static Result<Terminal> take_over();

  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  struct Size {
    std::size_t columns = 80, rows = 24;
  };
  Size size() const;

  void draw(const std::vector<std::string>& lines) const;

  /// The descriptor that keys come from, to be waited for; and the key that has come.
  static int keys();
  static std::optional<char> key();

 private:
  explicit Terminal(const termios& before) : before_(before) {}

  std::optional<termios> before_;
};

}  // namespace quay::ctl
