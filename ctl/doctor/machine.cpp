// SPDX-License-Identifier: Apache-2.0
#include "ctl/doctor/machine.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/unique_fd.hpp"

namespace quay::ctl::doctor {
namespace {

namespace fs = std::filesystem;

bool is_device(const std::string& path) { return path.starts_with("/dev/bus/usb/") || path.starts_with("/dev/video"); }

void add_devices(const fs::path& folder, Process& process) {
  std::error_code error;
  fs::directory_iterator descriptors(folder / "fd", error);
  process.visible = !error;
  for (; !error && descriptors != fs::directory_iterator(); descriptors.increment(error)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(descriptors->path(), gone).string();
    if (!gone && is_device(target) && std::ranges::find(process.devices, target) == process.devices.end()) {
      process.devices.push_back(target);
    }
  }
}

std::optional<int> number_in(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::vector<Process> processes_below(const fs::path& folder) {
  std::vector<Process> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::optional<int> id = number_in(at->path().filename().string());
    if (!id) {
      continue;
    }
    Process process{.id = *id, .name = {}, .visible = false, .devices = {}};
    std::ifstream comm(at->path() / "comm");
    std::getline(comm, process.name);
    add_devices(at->path(), process);
    found.push_back(std::move(process));
  }
  std::ranges::sort(found, {}, &Process::id);
  return found;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) {
    parts.push_back(part);
  }
  return parts;
}

int exit_code_of_child(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      return -1;
    }
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string read_all(const UniqueFd& pipe, std::size_t most) {
  std::string all;
  std::array<char, 1024> buffer{};
  for (;;) {
    const ssize_t got = ::read(pipe.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return all.substr(0, most);
    }
    if (all.size() < most) {
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
}

}  // namespace

Machine::Machine(fs::path root, fs::path run_directory)
    : root_(std::move(root)), run_directory_(std::move(run_directory)), processes_(processes_below(at("/proc"))) {}

fs::path Machine::at(std::string_view absolute) const { return root_ / fs::path(absolute).relative_path(); }

bool Machine::has(std::string_view absolute) const {
  std::error_code error;
  return fs::exists(fs::symlink_status(at(absolute), error));
}

std::optional<std::string> Machine::text(std::string_view absolute) const {
  std::ifstream file(at(absolute), std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool Machine::runs(std::string_view name) const {
  return std::ranges::any_of(processes_, [name](const Process& process) { return process.name == name; });
}

std::optional<Machine::Group> Machine::group(std::string_view name) const {
  for (const std::string& line : split(text("/etc/group").value_or(""), '\n')) {
    const std::vector<std::string> fields = split(line, ':');
    if (fields.size() >= 3 && fields[0] == name) {
      const auto id = static_cast<gid_t>(number_in(fields[2]).value_or(-1));
      return Group{id, fields.size() > 3 ? split(fields[3], ',') : std::vector<std::string>()};
    }
  }
  return std::nullopt;
}

Outcome take_rights_away(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat seen {};
  if (!file || ::fstat(file.get(), &seen) != 0) {
    return {errno, std::strerror(errno)};
  }
  if (!S_ISREG(seen.st_mode) && !S_ISDIR(seen.st_mode)) {
    return {EINVAL, "neither a file nor a folder"};
  }
  return ::fchmod(file.get(), seen.st_mode & S_IRWXU) == 0 ? Outcome{0, ""} : Outcome{errno, std::strerror(errno)};
}

Outcome run_program(std::vector<std::string> words, std::size_t most) {
  std::array<int, 2> ends{};
  if (words.empty() || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {};
  }
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  writing = UniqueFd();
  if (error != 0) {
    return {};
  }
  Outcome outcome;
  outcome.output = read_all(reading, most);
  outcome.exit_code = exit_code_of_child(child);
  return outcome;
}

}  // namespace quay::ctl::doctor
