// SPDX-License-Identifier: Apache-2.0
#include "daemon/supervise/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace quay::daemon::supervise {
namespace {

constexpr int kChannelDescriptor = 3;

/// posix_spawn's two attribute objects, freed together.
struct SpawnPlan {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (std::string& text : strings) {
    list.push_back(text.data());
  }
  list.push_back(nullptr);
  return list;
}

/// Every signal at its default and none blocked: what a program expects, whatever quayd ignores.
void reset_signals(SpawnPlan& plan) {
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&plan.attributes, &none);
  ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
  ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

Result<Process> Process::spawn(const ProcessSpec& spec, const UniqueFd& channel, const UniqueFd& output) {
  SpawnPlan plan;
  reset_signals(plan);
  ::posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (output) {
    ::posix_spawn_file_actions_adddup2(&plan.actions, output.get(), STDOUT_FILENO);
  } else {
    ::posix_spawn_file_actions_adddup2(&plan.actions, STDERR_FILENO, STDOUT_FILENO);
  }
  if (channel) {
    ::posix_spawn_file_actions_adddup2(&plan.actions, channel.get(), kChannelDescriptor);
  }
  ::posix_spawn_file_actions_addclosefrom_np(&plan.actions, channel ? kChannelDescriptor + 1 : kChannelDescriptor);

  std::vector<std::string> arguments = spec.arguments;
  arguments.insert(arguments.begin(), spec.program.filename().string());
  std::vector<std::string> environment = spec.environment;
  std::vector<char*> argv = pointers(arguments);
  std::vector<char*> envp = pointers(environment);
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, spec.program.c_str(), &plan.actions, &plan.attributes, argv.data(), envp.data());
  if (error != 0) {
    return failure(errno_error(Errc::worker_start_failed, "spawn " + spec.program.string(), error));
  }
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  Process process(pid, std::move(pidfd));
  if (!process.pidfd_) {
    return failure(errno_error(Errc::worker_start_failed, "pidfd_open", errno));
  }
  return process;
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  return *this;
}

Process::~Process() {
  if (pid_ > 0) {
    kill();
    // Not waited for: a process stuck in the kernel would stop quayd. init reaps it once quayd is gone.
    ::waitpid(pid_, nullptr, WNOHANG);
  }
}

void Process::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
  }
}

std::string Process::reap() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) {
    return {};
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return fmt::format("signal {}", name != nullptr ? name : "?");
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace quay::daemon::supervise
