// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/process_facts.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace quay::daemon::service {
namespace {

// Positions after the name, which may hold anything but ends with the last ')': state is the first.
constexpr int kUserTicks = 11;
constexpr int kSystemTicks = 12;
constexpr int kStartTicks = 19;
constexpr int kResidentPages = 21;

/// btime, the moment the kernel came up; 0 when it does not say.
std::uint64_t boot_time() {
  std::ifstream stat("/proc/stat");
  for (std::string word; stat >> word;) {
    if (std::uint64_t seconds = 0; word == "btime" && stat >> seconds) {
      return seconds;
    }
  }
  return 0;
}

}  // namespace

Result<ProcessFacts> facts_of(std::string_view stat, std::uint64_t boot_time) {
  const std::size_t name_end = stat.rfind(')');
  std::istringstream words(std::string(name_end == std::string_view::npos ? "" : stat.substr(name_end + 1)));
  const auto ticks_a_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  ProcessFacts facts;
  std::string word;
  int at = 0;
  for (; words >> word && at <= kResidentPages; ++at) {
    if (at == kUserTicks || at == kSystemTicks) {
      facts.cpu_seconds += std::strtod(word.c_str(), nullptr) / ticks_a_second;
    } else if (at == kStartTicks) {
      facts.start_time_seconds = static_cast<double>(boot_time) + std::strtod(word.c_str(), nullptr) / ticks_a_second;
    } else if (at == kResidentPages) {
      facts.resident_bytes = std::strtoull(word.c_str(), nullptr, 10) * static_cast<std::uint64_t>(::getpagesize());
    }
  }
  if (at <= kResidentPages) {
    return failure(Errc::file_unreadable, "/proc/self/stat", "not as proc(5) says");
  }
  return facts;
}

Result<ProcessFacts> process_facts() {
  std::ifstream stat("/proc/self/stat");
  const std::string text(std::istreambuf_iterator<char>(stat), {});
  return facts_of(text, boot_time());
}

}  // namespace quay::daemon::service
