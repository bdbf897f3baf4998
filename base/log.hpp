// SPDX-License-Identifier: Apache-2.0
// Log lines on standard error, in the form systemd-journald reads: "<priority>program: text" (sd-daemon(3)).
// Never log personal data: ids, codes, sizes and times only.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace quay {

/// syslog priorities, RFC 5424 section 6.2.1.
enum class LogLevel : int { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// Writes single lines no longer than one atomic pipe write. A value: make one in main and hand it down by reference.
class Log {
 public:
  explicit Log(std::string_view program, LogLevel threshold = LogLevel::info)
      : program_(program), threshold_(threshold) {}

  void set_threshold(LogLevel threshold) { threshold_ = threshold; }
  LogLevel threshold() const { return threshold_; }

  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    if (threshold_ >= LogLevel::debug) {
      write(LogLevel::debug, fmt::format(format, std::forward<Args>(args)...));
    }
  }

  void write(LogLevel level, std::string_view text) const;

 private:
  std::string program_;
  LogLevel threshold_;
};

}  // namespace quay
