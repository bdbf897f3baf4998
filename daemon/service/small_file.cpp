// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/small_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/unique_fd.hpp"

namespace quay::daemon::service {

Result<std::string> read_small_file(const std::filesystem::path& file, const std::string& what) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text(kLargestSmallFile + 1, '\0');
  std::size_t size = 0;
  ssize_t got = fd ? 1 : -1;
  while (got > 0 && size < text.size()) {
    got = ::read(fd.get(), text.data() + size, text.size() - size);
    size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  if (got < 0) {
    return failure(errno_error(Errc::file_unreadable, what + " " + file.string(), errno));
  }
  if (size > kLargestSmallFile) {
    return failure(Errc::config_invalid, what,
                   fmt::format("{}: longer than {} bytes: not a configuration", file.string(), kLargestSmallFile));
  }
  text.resize(size);
  return text;
}

}  // namespace quay::daemon::service
