// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/ranges.h>

namespace quay::rig {
namespace {

constexpr int kKillDeliveredSeconds = 10;

/// Everything the child needs after fork, made before: only async-signal-safe calls follow.
struct Launch {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int input = -1;
  int output = -1;
  int errors = -1;
  int failure_report = -1;
  pid_t parent = -1;
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) {
      merged.push_back(text);
    }
  }
  for (const auto& [name, value] : changes) {
    merged.push_back(name + "=" + value);
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

[[noreturn]] void become(const Launch& launch) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) {
    ::_exit(127);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(launch.input, STDIN_FILENO);
  ::dup2(launch.output, STDOUT_FILENO);
  ::dup2(launch.errors, STDERR_FILENO);
  ::execvpe(launch.arguments[0], launch.arguments.data(), launch.environment.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(launch.failure_report, &error, sizeof(error));
  ::_exit(127);
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return failure(errno_error(Errc::worker_start_failed, "rig.pipe", errno));
  }
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd open_output(const std::filesystem::path& path) {
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600));
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// errno of the child's exec; 0 when it succeeded (the pipe closed on exec).
int exec_error(int report) {
  int error = 0;
  while (::read(report, &error, sizeof(error)) < 0 && errno == EINTR) {
  }
  return error;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
  ChildProcess child;
  child.command_ = fmt::format("{}", fmt::join(options.arguments, " "));
  child.out_ = options.output_directory / (options.output_name + ".out");
  child.err_ = options.output_directory / (options.output_name + ".err");
  const UniqueFd output = open_output(child.out_);
  const UniqueFd errors = open_output(child.err_);
  if (!output || !errors) {
    return failure(errno_error(Errc::file_unwritable, "rig.child_output", errno));
  }
  auto report = make_pipe();
  auto input = make_pipe();
  if (!report || !input) {
    return failure(!report ? report.error() : input.error());
  }
  if (!options.pipe_input) {
    input->read.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    input->write.reset();
  }
  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> environment = merged_environment(options.environment);
  const Launch launch{pointers(arguments), pointers(environment), input->read.get(), output.get(),
                      errors.get(),        report->write.get(),   ::getpid()};
  child.pid_ = ::fork();
  if (child.pid_ == 0) {
    become(launch);
  }
  report->write.reset();
  if (child.pid_ < 0) {
    return failure(errno_error(Errc::worker_start_failed, "rig.fork", errno));
  }
  child.pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, child.pid_, 0)));
  child.input_ = std::move(input->write);
  if (const int error = exec_error(report->read.get()); error != 0) {
    return failure(errno_error(Errc::worker_start_failed, "rig.exec " + options.arguments[0], error));
  }
  return child;
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  std::swap(input_, other.input_);
  std::swap(exit_, other.exit_);
  std::swap(command_, other.command_);
  std::swap(out_, other.out_);
  std::swap(err_, other.err_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pidfd_ && !exit_) {
    ::kill(pid_, SIGKILL);
    reap(0);
  }
}

void ChildProcess::reap(int options) {
  int status = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_, &status, options);
  } while (got < 0 && errno == EINTR);
  if (got == pid_) {
    exit_ = WIFEXITED(status) ? ChildExit{WEXITSTATUS(status), 0} : ChildExit{-1, WTERMSIG(status)};
  }
}

bool ChildProcess::running() {
  if (!exit_) {
    reap(WNOHANG);
  }
  return !exit_;
}

Result<ChildExit> ChildProcess::wait(Deadline deadline) {
  while (running()) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now()).count();
    pollfd watched{pidfd_.get(), POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(0, left))) == 0 && running()) {
      return failure(Errc::device_timeout, "rig.wait", "still running: " + command_);
    }
  }
  return *exit_;
}

void ChildProcess::send_signal(int number) {
  if (running()) {
    ::kill(pid_, number);
  }
}

ChildExit ChildProcess::stop(SteadyClock::duration grace) {
  send_signal(SIGTERM);
  if (auto ended = wait(grace)) {
    return *ended;
  }
  send_signal(SIGKILL);
  return wait(std::chrono::seconds(kKillDeliveredSeconds)).value_or(ChildExit{-1, SIGKILL});
}

std::string ChildProcess::output() const { return read_text(out_); }

std::string ChildProcess::errors() const { return read_text(err_); }

std::string ChildProcess::transcript() const {
  return fmt::format("$ {}\n--- standard output\n{}\n--- standard error\n{}\n", command_, output(), errors());
}

}  // namespace quay::rig
