// SPDX-License-Identifier: Apache-2.0
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <sstream>

#include <fmt/format.h>

#include "ctl/bundle/texts.hpp"

namespace quay::ctl::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> kPackages{"quay",      "libsane", "sane-airscan", "ipp-usb", "libgphoto2",
                                                     "pcscd",     "libccid", "cups",         "libzmq5", "libsqlite3",
                                                     "tesseract", "fwupd",   "gvfs",         "brltty"};

/// The first line of `file` that begins with `label`, without it.
std::string value_of(const doctor::Machine& machine, std::string_view file, std::string_view label) {
  std::istringstream lines(machine.text(file).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(label)) {
      return line.substr(label.size());
    }
  }
  return "?";
}

std::string kernel() {
  utsname names{};
  return ::uname(&names) == 0 ? fmt::format("{} {}", names.release, names.machine) : "?";
}

std::string room(const doctor::Machine& machine, std::string_view folder) {
  struct statvfs status {};
  if (::statvfs(machine.at(folder).c_str(), &status) != 0) {
    return "?";
  }
  constexpr std::uint64_t kMebibyte = 1U << 20U;
  return fmt::format("{} MiB of {} MiB free", status.f_bavail * status.f_frsize / kMebibyte,
                     status.f_blocks * status.f_frsize / kMebibyte);
}

/// "  libsane1 1.2.1-2", a line a package that begins as one of kPackages does.
std::string packages() {
  constexpr std::size_t kMostList = 1U << 20U;
  std::istringstream lines(
      doctor::run_program({"dpkg-query", "-W", "-f", "${Package} ${Version}\\n"}, kMostList).output);
  std::string told;
  for (std::string line; std::getline(lines, line);) {
    if (std::any_of(kPackages.begin(), kPackages.end(), [&](auto one) { return line.starts_with(one); })) {
      told += fmt::format("  {}\n", line);
    }
  }
  return told;
}

std::string word_of(const fs::path& file) {
  std::string word;
  std::istringstream(doctor::Machine("/", "").text(file.string()).value_or("")) >> word;
  return word;
}

/// "1-2 04a9:1909 class 00 480 Mbit/s", a line a device.
std::string usb_devices(const doctor::Machine& machine) {
  std::string told;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(machine.at("/sys/bus/usb/devices"), none)) {
    const std::string vendor = word_of(entry.path() / "idVendor");
    if (!vendor.empty()) {
      told += fmt::format("  {} {}:{} class {} {} Mbit/s\n", entry.path().filename().string(), vendor,
                          word_of(entry.path() / "idProduct"), word_of(entry.path() / "bDeviceClass"),
                          word_of(entry.path() / "speed"));
    }
  }
  return told.empty() ? "  none to be seen\n" : told;
}

}  // namespace

std::string machine_text(const doctor::Machine& machine) {
  return fmt::format(
      "quay {}\nsystem {}\nkernel {}\nprocessor{}\nmemory {}\nroom for pages: {}\npackages\n{}USB devices\n{}",
      QUAY_VERSION, value_of(machine, "/etc/os-release", "PRETTY_NAME="), kernel(),
      value_of(machine, "/proc/cpuinfo", "model name"), value_of(machine, "/proc/meminfo", "MemTotal:"),
      room(machine, "/var/lib"), packages(), usb_devices(machine));
}

}  // namespace quay::ctl::bundle
