// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/counter_state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/unique_fd.hpp"

namespace quay::rig {
namespace {

[[noreturn]] void fail(const char* call) { throw std::system_error(errno, std::generic_category(), call); }

CounterState parse(const std::string& text, const CounterState& initially) {
  CounterState state;
  int unplugged = 0;
  int pressed = 0;
  const int found = std::sscanf(text.c_str(), "sheets=%d fed=%d unplugged=%d pressed=%d", &state.sheets, &state.fed,
                                &unplugged, &pressed);
  state.unplugged = unplugged != 0;
  state.pressed = pressed != 0;
  return found == 4 ? state : initially;
}

std::string print(const CounterState& state) {
  return fmt::format("sheets={} fed={} unplugged={:d} pressed={:d}\n", state.sheets, state.fed, state.unplugged,
                     state.pressed);
}

UniqueFd open_locked(const std::filesystem::path& file) {
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) {
    fail("open state");
  }
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      fail("flock state");
    }
  }
  return fd;
}

}  // namespace

CounterState update_state(const std::filesystem::path& file, const CounterState& initially,
                          const std::function<void(CounterState&)>& change) {
  const UniqueFd fd = open_locked(file);
  std::array<char, 256> text{};
  const ssize_t got = ::pread(fd.get(), text.data(), text.size() - 1, 0);
  const CounterState before = parse(std::string(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0), initially);
  CounterState after = before;
  change(after);
  const std::string line = print(after);
  if (got <= 0 || after != before) {
    const bool written = ::ftruncate(fd.get(), 0) == 0 &&
                         ::pwrite(fd.get(), line.data(), line.size(), 0) == static_cast<ssize_t>(line.size());
    if (!written) {
      fail("write state");
    }
  }
  return after;
}

CounterState read_state(const std::filesystem::path& file, const CounterState& initially) {
  return update_state(file, initially, [](CounterState&) {});
}

}  // namespace quay::rig
