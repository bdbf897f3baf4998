// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"

namespace quay {
namespace {

constexpr std::size_t kLongestLine = 4000;  // below PIPE_BUF, so that lines of several processes never interleave

}  // namespace

void Log::write(LogLevel level, std::string_view text) const {
  if (level > threshold_) {
    return;
  }
  std::string line = fmt::format("<{}>{}: {}", static_cast<int>(level), program_, cut_utf8(text, kLongestLine));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  line += '\n';
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace quay
