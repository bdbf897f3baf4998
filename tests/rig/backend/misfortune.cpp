// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/misfortune.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/unique_fd.hpp"
#include "tests/rig/backend/counter_state.hpp"

namespace quay::rig {
namespace {

constexpr std::array<const char*, 6> kPlaceNames = {"get_devices", "open", "start", "read", "cancel", "close"};
constexpr std::array<const char*, 6> kActionNames = {"status", "hang", "segv", "abort", "sigpipe", "unplug"};

/// A process in the kernel's uninterruptible sleep hears nothing but SIGKILL; so does this one.
void ignore_signals() {
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
}

[[noreturn]] void hang_for_ever() {
  while (true) {
    ::pause();
  }
}

[[noreturn]] void segfault() {
  constexpr std::size_t kPage = 4096;
  void* nothing = ::mmap(nullptr, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile char*>(nothing) = 1;
  std::abort();
}

void write_into_closed_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return;
  }
  const UniqueFd writer(ends[1]);
  ::close(ends[0]);
  [[maybe_unused]] const ssize_t written = ::write(writer.get(), "x", 1);
}

SANE_Status pull_the_plug(const Script& script, Place place) {
  update_state(script.state, initial_state(script), [](CounterState& state) { state.unplugged = true; });
  return place == Place::open ? SANE_STATUS_INVAL : SANE_STATUS_IO_ERROR;
}

}  // namespace

CounterState initial_state(const Script& script) {
  CounterState state;
  state.sheets = script.sheets;
  return state;
}

void trace(const Script& script, const std::string& line) {
  if (script.trace.empty()) {
    return;
  }
  const UniqueFd file(::open(script.trace.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  const std::string text = line + "\n";
  [[maybe_unused]] const ssize_t written = ::write(file.get(), text.data(), text.size());
}

const ScriptedFault* find_fault(const Script& script, Place place, int page, std::size_t bytes) {
  for (const ScriptedFault& fault : script.faults) {
    const bool page_matches = fault.page == 0 || page == 0 || fault.page == page;
    if (fault.place == place && page_matches && bytes >= fault.bytes) {
      return &fault;
    }
  }
  return nullptr;
}

SANE_Status suffer(const Script& script, const ScriptedFault& fault, int page) {
  const bool status = fault.action == Action::status;
  if (fault.action == Action::hang) {
    ignore_signals();  // before the trace: who reads it may send SIGTERM at once
  }
  trace(script,
        fmt::format("{} {} page={}", kPlaceNames[static_cast<std::size_t>(fault.place)],
                    status ? status_name(fault.status) : kActionNames[static_cast<std::size_t>(fault.action)], page));
  switch (fault.action) {
    case Action::status: return fault.status;
    case Action::hang: hang_for_ever();
    case Action::segv: segfault();
    case Action::abort: std::abort();
    case Action::sigpipe: write_into_closed_pipe(); return SANE_STATUS_IO_ERROR;
    case Action::unplug: return pull_the_plug(script, fault.place);
  }
  return SANE_STATUS_IO_ERROR;
}

std::optional<SANE_Status> strike(const Script& script, Place place, int page, std::size_t bytes) {
  const ScriptedFault* fault = find_fault(script, place, page, bytes);
  return fault != nullptr ? std::optional(suffer(script, *fault, page)) : std::nullopt;
}

}  // namespace quay::rig
