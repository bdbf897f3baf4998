// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/backend/script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include <fmt/format.h>

namespace quay::rig {
namespace {

constexpr std::array<std::string_view, 14> kStatusNames = {
    "GOOD",    "UNSUPPORTED", "CANCELLED", "DEVICE_BUSY", "INVAL",         "EOF",        "JAMMED",
    "NO_DOCS", "COVER_OPEN",  "IO_ERROR",  "NO_MEM",      "ACCESS_DENIED", "WARMING_UP", "HW_LOCKED"};
constexpr std::array<std::string_view, 6> kPlaces = {"get_devices", "open", "start", "read", "cancel", "close"};
constexpr std::array<std::string_view, 6> kActions = {"status", "hang", "segv", "abort", "sigpipe", "unplug"};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names, const std::string& word) {
  const auto at = std::find(names.begin(), names.end(), word);
  return at == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - names.begin()));
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return false;
  }
  number = value;
  return true;
}

bool read_place(const std::string& word, ScriptedFault& fault) {
  const auto place = index_of(kPlaces, word);
  fault.place = static_cast<Place>(place.value_or(0));
  return place.has_value();
}

bool read_action(const std::string& word, ScriptedFault& fault) {
  if (const auto status = index_of(kStatusNames, word)) {
    fault.action = Action::status;
    fault.status = static_cast<SANE_Status>(*status);
    return true;
  }
  const auto action = index_of(kActions, word);
  fault.action = static_cast<Action>(action.value_or(0));
  return action.has_value() && fault.action != Action::status;
}

bool read_fault(std::istringstream& words, Script& script) {
  ScriptedFault fault;
  std::string word;
  if (!(words >> word) || !read_place(word, fault) || !(words >> word) || !read_action(word, fault)) {
    return false;
  }
  while (words >> word) {
    const bool understood = word.starts_with("page=")    ? read_number(word.substr(5), fault.page)
                            : word.starts_with("bytes=") ? read_number(word.substr(6), fault.bytes)
                                                         : false;
    if (!understood) {
      return false;
    }
  }
  script.faults.push_back(fault);
  return true;
}

bool read_resolutions(std::istringstream& words, Script& script) {
  script.resolutions.clear();
  std::string word;
  while (words >> word) {
    int dpi = 0;
    if (word != "range" && !read_number(word, dpi)) {
      return false;
    }
    if (dpi > 0) {
      script.resolutions.push_back(dpi);
    }
  }
  return true;
}

bool read_path(std::istringstream& words, std::filesystem::path& path) {
  std::string text;
  std::getline(words >> std::ws, text);
  path = text;
  return !path.empty();
}

template <class Number>
bool read_value(std::istringstream& words, Number& number) {
  std::string word;
  return (words >> word) && read_number(word, number);
}

bool read_setting(const std::string& key, std::istringstream& words, Script& script) {
  if (key == "page") {
    return read_path(words, script.pages.emplace_back());
  }
  if (key == "state") {
    return read_path(words, script.state);
  }
  if (key == "trace") {
    return read_path(words, script.trace);
  }
  if (key == "sheets") {
    return read_value(words, script.sheets);
  }
  if (key == "devices") {
    return read_value(words, script.devices);
  }
  if (key == "usb-name") {
    return static_cast<bool>(words >> script.usb_name);
  }
  if (key == "ppm") {
    return read_value(words, script.pages_per_minute);
  }
  if (key == "warm-up") {
    return read_value(words, script.warm_up_seconds);
  }
  if (key == "line-delay-us") {
    return read_value(words, script.line_delay_us);
  }
  if (key == "row-padding") {
    return read_value(words, script.row_padding);
  }
  if (key == "read-limit") {
    return read_value(words, script.read_limit);
  }
  return false;
}

bool read_line(const std::string& line, Script& script) {
  std::istringstream words(line);
  std::string key;
  if (!(words >> key) || key.starts_with('#')) {
    return true;
  }
  if (key == "fault") {
    return read_fault(words, script);
  }
  if (key == "resolutions") {
    return read_resolutions(words, script);
  }
  if (key == "lines-unknown") {
    script.lines_unknown = true;
    return true;
  }
  return read_setting(key, words, script);
}

std::filesystem::path find_script() {
  if (const char* chosen = std::getenv("QUAY_QUAYTEST_SCRIPT")) {
    return chosen;
  }
  const char* folders = std::getenv("SANE_CONFIG_DIR");
  std::istringstream list(folders != nullptr ? folders : "");
  std::string folder;
  while (std::getline(list, folder, ':')) {
    std::error_code ignored;
    const std::filesystem::path file = std::filesystem::path(folder) / "quaytest.conf";
    if (std::filesystem::exists(file, ignored)) {
      return file;
    }
  }
  return "quaytest.conf";
}

}  // namespace

std::string_view status_name(int status) {
  const bool known = status >= 0 && static_cast<std::size_t>(status) < kStatusNames.size();
  return known ? kStatusNames[static_cast<std::size_t>(status)] : "UNKNOWN";
}

Result<Script> parse_script(std::string_view text) {
  Script script;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (!read_line(line, script)) {
      return failure(Errc::config_invalid, "rig.quaytest",
                     fmt::format("line {}: '{}' is no setting of the quaytest backend", number, line));
    }
  }
  return script;
}

Result<Script> read_script() {
  const std::filesystem::path path = find_script();
  std::ifstream file(path);
  if (!file) {
    return failure(Errc::file_unreadable, "rig.quaytest", "cannot open " + path.string());
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  auto script = parse_script(text);
  if (script) {
    script->file = path;
    if (script->state.empty()) {
      script->state = path.string() + ".state";
    }
  }
  return script;
}

}  // namespace quay::rig
