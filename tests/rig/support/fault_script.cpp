// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/support/fault_script.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "tests/rig/backend/counter_state.hpp"
#include "tests/rig/support/page_images.hpp"

namespace quay::rig {
namespace {

void write_whole(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path draft = path;
  draft += ".new";
  std::ofstream file(draft, std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    throw std::system_error(errno, std::generic_category(), "write " + draft.string());
  }
  std::filesystem::rename(draft, path);
}

}  // namespace

FaultScript::FaultScript(std::filesystem::path directory, int sheets) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  write_whole(directory_ / "dll.conf", "quaytest\n");
  for (const auto& page : page_images()) {
    pages_.push_back(page);
  }
  settings_["state"] = "state " + (directory_ / "state").string();
  settings_["trace"] = "trace " + (directory_ / "trace").string();
  write();
  load(sheets);
}

void FaultScript::write() const {
  std::string text;
  for (const std::string& page : pages_) {
    text += "page " + page + "\n";
  }
  for (const auto& [name, line] : settings_) {
    text += line + "\n";
  }
  for (const std::string& fault : faults_) {
    text += "fault " + fault + "\n";
  }
  write_whole(directory_ / "quaytest.conf", text);
}

void FaultScript::set(std::string_view setting) {
  settings_[std::string(setting.substr(0, setting.find(' ')))] = setting;
  write();
}

void FaultScript::fault(std::string_view text) {
  faults_.emplace_back(text);
  write();
}

void FaultScript::heal() {
  faults_.clear();
  write();
}

void FaultScript::load(int sheets) {
  update_state(directory_ / "state", {}, [sheets](CounterState& state) {
    state.sheets = sheets;
    state.fed = 0;
  });
}

int FaultScript::sheets_left() const { return read_state(directory_ / "state", {}).sheets; }

void FaultScript::unplug() {
  update_state(directory_ / "state", {}, [](CounterState& state) { state.unplugged = true; });
}

void FaultScript::plug() {
  update_state(directory_ / "state", {}, [](CounterState& state) { state.unplugged = false; });
}

void FaultScript::press() {
  update_state(directory_ / "state", {}, [](CounterState& state) { state.pressed = true; });
}

std::string FaultScript::trace() const {
  std::ifstream file(directory_ / "trace");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::map<std::string, std::string> FaultScript::environment() const {
  const char* already = std::getenv("LD_LIBRARY_PATH");
  const std::string rest = already != nullptr ? std::string(":") + already : std::string{};
  return {{"SANE_CONFIG_DIR", directory_.string()}, {"LD_LIBRARY_PATH", QUAY_BACKEND_DIRECTORY + rest}};
}

}  // namespace quay::rig
