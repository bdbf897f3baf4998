// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/private_pcscd.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

namespace quay::rig::card {
namespace {

constexpr const char* kDriver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
constexpr const char* kProgram = "/usr/sbin/pcscd";
constexpr Milliseconds kPatience{10'000};
constexpr Milliseconds kLook{5};

auto refused(const char* what, int error) {
  Error fault = errno_error(Errc::worker_start_failed, what, error);
  fault.detail += ": simulated readers need root, or user namespaces (kernel.unprivileged_userns_clone=1)";
  return failure(std::move(fault));
}

bool write_text(const char* path, const std::string& text) {
  const UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// Root of a namespace that holds nobody but the caller.
Status become_root() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) {
    return refused("unshare(CLONE_NEWUSER)", errno);
  }
  const bool mapped = write_text("/proc/self/setgroups", "deny") &&
                      write_text("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
                      write_text("/proc/self/gid_map", fmt::format("0 {} 1", group));
  return mapped ? Status() : Status(refused("uid_map", errno));
}

Status raise_loopback() {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  if (::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) {
    return refused("SIOCGIFFLAGS lo", errno);
  }
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  return ::ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0 ? Status() : Status(refused("SIOCSIFFLAGS lo", errno));
}

std::string tail_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > 600 ? all.substr(all.size() - 600) : all;
}

/// In the child: nothing but exec may fail here.
[[noreturn]] void become_pcscd(const std::string& configuration, const std::string& log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execl(kProgram, "pcscd", "-f", "-c", configuration.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

PrivatePcscd::PrivatePcscd(std::filesystem::path directory, std::vector<ReaderOptions> readers)
    : directory_(std::move(directory)), readers_(std::move(readers)) {}

PrivatePcscd::~PrivatePcscd() {
  stop();
  if (keeper_.joinable()) {
    {
      const std::scoped_lock lock(mutex_);
      wish_ = Wish::end;
      changed_.notify_all();
    }
    keeper_.join();
  }
}

void PrivatePcscd::keep() {
  const std::string configuration = directory_ / "readers";
  const std::string log = directory_ / "pcscd.log";
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return wish_ != Wish::none; });
    if (wish_ == Wish::end) {
      return;
    }
    spawned_ = ::fork();
    if (spawned_ == 0) {
      become_pcscd(configuration, log);
    }
    wish_ = Wish::none;
    changed_.notify_all();
  }
}

pid_t PrivatePcscd::spawn() {
  std::unique_lock lock(mutex_);
  if (!keeper_.joinable()) {
    keeper_ = std::thread([this] { keep(); });
  }
  wish_ = Wish::spawn;
  changed_.notify_all();
  changed_.wait(lock, [this] { return wish_ == Wish::none; });
  return spawned_;
}

Status PrivatePcscd::enter(const std::filesystem::path& directory) {
  if (::access(kProgram, X_OK) != 0 || ::access(kDriver, R_OK) != 0) {
    return failure(Errc::worker_start_failed, "rig.pcscd", "packages pcscd and vsmartcard-vpcd are not installed");
  }
  if (::geteuid() != 0) {
    if (Status root = become_root(); !root) {
      return root;
    }
  }
  if (::unshare(CLONE_NEWNS | CLONE_NEWNET) != 0) {
    return refused("unshare(CLONE_NEWNS | CLONE_NEWNET)", errno);
  }
  std::error_code ignored;
  std::filesystem::create_directories(directory / "pcscd", ignored);
  const bool mounted = ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                       ::mount("tmpfs", "/run", "tmpfs", 0, nullptr) == 0 && ::mkdir("/run/pcscd", 0755) == 0 &&
                       ::mount((directory / "pcscd").c_str(), "/run/pcscd", nullptr, MS_BIND, nullptr) == 0;
  return mounted ? raise_loopback() : Status(refused("mount", errno));
}

/// A driver keeps its slots in static variables: a second reader needs a copy of the file.
Status PrivatePcscd::configure() const {
  std::error_code error;
  std::filesystem::create_directories(directory_ / "readers", error);
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const std::filesystem::path driver = directory_ / fmt::format("vpcd{}.so", i);
    std::filesystem::copy_file(kDriver, driver, std::filesystem::copy_options::overwrite_existing, error);
    std::ofstream file(directory_ / "readers" / fmt::format("{:02}", i));
    file << fmt::format("FRIENDLYNAME \"{}\"\nDEVICENAME /dev/null:0x{:X}\nLIBPATH {}\nCHANNELID 0x{:X}\n",
                        readers_[i].name, readers_[i].port, driver.string(), readers_[i].port);
    if (error || !file.flush()) {
      return failure(Errc::file_unwritable, "rig.pcscd", directory_.string());
    }
  }
  return {};
}

Status PrivatePcscd::start() {
  stop();
  if (Status configured = configure(); !configured) {
    return configured;
  }
  const std::string log = directory_ / "pcscd.log";
  process_ = spawn();
  const Deadline until = deadline_in(kPatience);
  while (process_ > 0 && SteadyClock::now() < until && ::waitpid(process_, nullptr, WNOHANG) == 0) {
    if (std::filesystem::exists(socket())) {
      return {};
    }
    std::this_thread::sleep_for(kLook);
  }
  stop();
  return failure(Errc::worker_start_failed, "rig.pcscd", "does not listen: " + tail_of(log));
}

void PrivatePcscd::stop() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    std::error_code ignored;
    std::filesystem::remove(socket(), ignored);
    std::filesystem::remove(directory_ / "pcscd" / "pcscd.pid", ignored);
  }
}

}  // namespace quay::rig::card
