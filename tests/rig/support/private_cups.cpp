// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/private_cups.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>

#include "tests/rig/control/socket_server.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::rig {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServerBin = "/usr/lib/cups";

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

/// cupsd refuses to print as root; as another user it prints as that one.
std::string print_user() {
  if (::geteuid() == 0) {
    return "User nobody\nGroup nogroup\n";
  }
  const passwd* self = ::getpwuid(::geteuid());
  return fmt::format("User {}\n", self == nullptr ? "nobody" : self->pw_name);
}

/// CUPS's own programs, and one backend more.
void make_programs(const fs::path& directory) {
  const fs::path bin = directory / "bin";
  fs::create_directories(bin / "backend");
  for (const fs::directory_entry& entry : fs::directory_iterator(kServerBin)) {
    if (entry.path().filename() != "backend") {
      fs::create_symlink(entry.path(), bin / entry.path().filename());
    }
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(kServerBin) / "backend")) {
    fs::create_symlink(entry.path(), bin / "backend" / entry.path().filename());
  }
  const fs::path fail = bin / "backend" / "test-fail";
  write(fail, fmt::format("#!/bin/sh\n[ $# -eq 0 ] && exit 0\n[ -e {} ] && exit 4\ncat ${{6:-}} > /dev/null\nexit 0\n",
                          (directory / "broken").string()));
  fs::permissions(fail, fs::perms(0755));
}

void make_folders(const fs::path& directory) {
  for (const char* folder : {"root", "state", "cache", "spool", "tmp", "log"}) {
    fs::create_directories(directory / folder);
    fs::permissions(directory / folder, fs::perms(0777));
  }
  fs::permissions(directory, fs::perms(0755));
}

void write_configuration(const fs::path& directory) {
  const std::string at = directory.string();
  write(directory / "cupsd.conf",
        fmt::format("LogLevel debug\nListen {}/cups.sock\nBrowsing Off\nWebInterface No\nDefaultAuthType None\n"
                    "ErrorPolicy stop-printer\nIdleExitTimeout 0\n<Location />\nOrder allow,deny\nAllow all\n"
                    "</Location>\n<Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n<Limit All>\n"
                    "Order allow,deny\nAllow all\n</Limit>\n</Policy>\n",
                    at));
  write(
      directory / "cups-files.conf",
      fmt::format("{}SystemGroup root\nServerRoot {}/root\nStateDir {}/state\nCacheDir {}/cache\nRequestRoot {}/spool\n"
                  "TempDir {}/tmp\nErrorLog {}/log/error\nAccessLog {}/log/access\nPageLog {}/log/page\n"
                  "ServerBin {}/bin\nSyncOnClose No\n",
                  print_user(), at, at, at, at, at, at, at, at, at));
}

}  // namespace

PrivateCups::PrivateCups(ChildProcess process, fs::path directory)
    : process_(std::move(process)), directory_(std::move(directory)), socket_(directory_ / "cups.sock") {}

Result<PrivateCups> PrivateCups::start(const fs::path& directory) {
  make_folders(directory);
  make_programs(directory);
  write_configuration(directory);
  ChildOptions child;
  child.arguments = {"/usr/sbin/cupsd", "-f", "-c", directory / "cupsd.conf", "-s", directory / "cups-files.conf"};
  child.output_directory = directory;
  child.output_name = "cupsd";
  auto process = ChildProcess::start(child);
  if (!process) {
    return failure(process.error());
  }
  const fs::path socket = directory / "cups.sock";
  const auto listens = [&] { return connect_unix(socket).has_value() || !process->running(); };
  if (!wait_until(listens) || !process->running()) {
    return failure(Errc::worker_start_failed, "rig.cupsd", process->transcript());
  }
  return PrivateCups(*std::move(process), directory);
}

Status PrivateCups::run(std::vector<std::string> command) const {
  ChildOptions child;
  child.arguments = std::move(command);
  child.environment = {{"CUPS_SERVER", socket_.string()}};
  child.output_directory = directory_;
  child.output_name = "command";
  auto process = ChildProcess::start(child);
  const auto ended = process ? process->wait() : failure(process.error());
  if (!ended) {
    return failure(ended.error());
  }
  return ended->code == 0 ? Status() : Status(failure(Errc::device_io, "rig.cups", process->transcript()));
}

Status PrivateCups::add_queue(const std::string& name, const std::string& uri, const std::string& model) {
  return run({"lpadmin", "-p", name, "-E", "-v", uri, "-m", model, "-o", "printer-error-policy=stop-printer"});
}

void PrivateCups::break_backend(bool broken) const {
  if (broken) {
    write(directory_ / "broken", "");
  } else {
    fs::remove(directory_ / "broken");
  }
}

std::vector<std::string> PrivateCups::spooled() const {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_ / "spool")) {
    if (entry.is_regular_file()) {
      names.push_back(entry.path().filename().string());
    }
  }
  return names;
}

}  // namespace quay::rig
