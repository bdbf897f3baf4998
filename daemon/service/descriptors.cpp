// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>

namespace quay::daemon::service {
namespace {

constexpr rlim_t kEnough = 65536;

}  // namespace

DescriptorUse descriptor_use() {
  DescriptorUse use;
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/self/fd", error);
  for (auto entry = begin(entries); !error && entry != end(entries); entry.increment(error)) {
    ++use.open;
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    use.limit = limit.rlim_cur;
  }
  return use;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, kEnough));
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace quay::daemon::service
