// SPDX-License-Identifier: Apache-2.0
#include "devices/card/holder.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

namespace quay::card {
namespace {

/// Programs of Debian 12 that keep a card open: GnuPG, OpenSC, p11-kit, pcsc-tools.
constexpr std::array<std::string_view, 6> kKnown{"scdaemon",       "pkcs11-register", "p11-kit-remote",
                                                 "p11-kit-server", "opensc-notify",   "pcsc_scan"};

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

bool uses_pcsc(const std::filesystem::path& process) {
  std::ifstream maps(process / "maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libpcsclite") != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string holder_of_card() {
  std::string sure;
  std::string perhaps;
  std::error_code error;
  const auto add = [](std::string& list, const std::string& name, const std::string& pid) {
    list += fmt::format("{}{} (process {})", list.empty() ? "" : ", ", name, pid);
  };
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string pid = entry.path().filename();
    if (!is_number(pid) || pid == std::to_string(::getpid())) {
      continue;
    }
    const std::string name = first_line(entry.path() / "comm");
    if (name == "pcscd") {
      continue;  // its drivers link the same library
    }
    if (uses_pcsc(entry.path())) {
      add(sure, name, pid);
    } else if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) {
      add(perhaps, name, pid);
    }
  }
  return !sure.empty() ? sure : (perhaps.empty() ? "" : "perhaps " + perhaps);
}

}  // namespace quay::card
