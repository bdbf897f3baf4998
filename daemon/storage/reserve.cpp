// SPDX-License-Identifier: Apache-2.0
#include "daemon/storage/reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace quay::daemon::storage {

Reserve::Reserve(const std::filesystem::path& folder, std::uint64_t bytes) : file_(folder / "reserve"), bytes_(bytes) {
  take();
}

void Reserve::release() const { const UniqueFd fd(::open(file_.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)); }

void Reserve::take() const {
  const UniqueFd fd(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd && bytes_ > 0 && ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes_)) != 0) {
    release();
  }
}

}  // namespace quay::daemon::storage
