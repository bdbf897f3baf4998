// SPDX-License-Identifier: Apache-2.0
// quay-rig-sane-client: makes the SANE calls named by its arguments, in order, and prints a line for each.
//   list                    "list NAME..."          open NAME      "open STATUS"
//   set OPTION=VALUE        "set STATUS value=V inexact=0|1"       get OPTION     "get STATUS value=V"
//   start                   "start STATUS"          params         "params STATUS pixels= lines= bytes_per_line="
//   read [BYTES]            reads until another status than GOOD, or BYTES: "read STATUS bytes=N sum=HASH"
//   batch                   start and read again and again until one of them says other than GOOD and EOF
//   cancel-after BYTES      reads BYTES, cancels from another thread, reads on until it ends: "read STATUS bytes=N"
//   cancel-when FILE        reads; another thread cancels as soon as FILE exists: "read STATUS bytes=N"
//   wait-for FILE           until FILE exists
//   cancel                  "cancel"                close          "close"
#include <sane/sane.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr std::array<const char*, 14> kStatusNames = {
    "GOOD",    "UNSUPPORTED", "CANCELLED", "DEVICE_BUSY", "INVAL",         "EOF",        "JAMMED",
    "NO_DOCS", "COVER_OPEN",  "IO_ERROR",  "NO_MEM",      "ACCESS_DENIED", "WARMING_UP", "HW_LOCKED"};

const char* name_of(SANE_Status status) {
  const auto index = static_cast<std::size_t>(status);
  return index < kStatusNames.size() ? kStatusNames[index] : "UNKNOWN";
}

template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  fmt::print(format, std::forward<Args>(args)...);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

class Client {
 public:
  void call(const std::string& verb, const std::string& rest);

 private:
  void list();
  void set(const std::string& option, const std::string& value);
  void get(const std::string& option);
  void parameters();
  SANE_Status start();
  void batch();
  SANE_Status read(std::uint64_t most);
  void read_until_cancelled(const std::string& file);
  void report(SANE_Status status) const { say("read {} bytes={} sum={:016x}", name_of(status), bytes_, sum_); }
  SANE_Int find(const std::string& name) const;

  SANE_Handle handle_ = nullptr;
  std::uint64_t bytes_ = 0;
  std::uint64_t sum_ = 0;
};

void Client::list() {
  const SANE_Device** devices = nullptr;
  const SANE_Status status = sane_get_devices(&devices, SANE_FALSE);
  std::string names;
  for (; status == SANE_STATUS_GOOD && *devices != nullptr; ++devices) {
    names += std::string(" ") + (*devices)->name;
  }
  say("list {}{}", name_of(status), names);
}

SANE_Int Client::find(const std::string& name) const {
  for (SANE_Int i = 1;; ++i) {
    const SANE_Option_Descriptor* option = sane_get_option_descriptor(handle_, i);
    if (option == nullptr) {
      fmt::print(stderr, "no option {}\n", name);
      std::exit(2);
    }
    if (option->name != nullptr && name == option->name) {
      return i;
    }
  }
}

std::string text_of(const SANE_Option_Descriptor& option, const std::vector<char>& value) {
  if (option.type == SANE_TYPE_STRING) {
    return value.data();
  }
  SANE_Word word = 0;
  std::memcpy(&word, value.data(), sizeof(word));
  return option.type == SANE_TYPE_FIXED ? fmt::format("{:.1f}", SANE_UNFIX(word)) : fmt::format("{}", word);
}

void Client::set(const std::string& option, const std::string& value) {
  const SANE_Int number = find(option);
  const SANE_Option_Descriptor& descriptor = *sane_get_option_descriptor(handle_, number);
  std::vector<char> bytes(static_cast<std::size_t>(descriptor.size) + value.size() + 1);
  if (descriptor.type == SANE_TYPE_STRING) {
    std::memcpy(bytes.data(), value.c_str(), value.size() + 1);
  } else {
    const double wanted = std::atof(value.c_str());
    const SANE_Word word = descriptor.type == SANE_TYPE_FIXED ? SANE_FIX(wanted) : static_cast<SANE_Word>(wanted);
    std::memcpy(bytes.data(), &word, sizeof(word));
  }
  SANE_Int info = 0;
  const SANE_Status status = sane_control_option(handle_, number, SANE_ACTION_SET_VALUE, bytes.data(), &info);
  say("set {} value={} inexact={:d}", name_of(status), text_of(descriptor, bytes), (info & SANE_INFO_INEXACT) != 0);
}

void Client::get(const std::string& option) {
  const SANE_Int number = find(option);
  const SANE_Option_Descriptor& descriptor = *sane_get_option_descriptor(handle_, number);
  std::vector<char> bytes(static_cast<std::size_t>(descriptor.size) + 1);
  const SANE_Status status = sane_control_option(handle_, number, SANE_ACTION_GET_VALUE, bytes.data(), nullptr);
  say("get {} value={}", name_of(status), text_of(descriptor, bytes));
}

void Client::parameters() {
  SANE_Parameters parameters{};
  const SANE_Status status = sane_get_parameters(handle_, &parameters);
  say("params {} pixels={} lines={} bytes_per_line={}", name_of(status), parameters.pixels_per_line, parameters.lines,
      parameters.bytes_per_line);
}

SANE_Status Client::read(std::uint64_t most) {
  std::array<SANE_Byte, 32 * 1024> chunk{};
  SANE_Status status = SANE_STATUS_GOOD;
  while (status == SANE_STATUS_GOOD && bytes_ < most) {
    const auto room = static_cast<SANE_Int>(std::min<std::uint64_t>(chunk.size(), most - bytes_));
    SANE_Int got = 0;
    status = sane_read(handle_, chunk.data(), room, &got);
    bytes_ += static_cast<std::uint64_t>(got);
    for (SANE_Int i = 0; i < got; ++i) {
      sum_ = sum_ * 31 + chunk[static_cast<std::size_t>(i)];
    }
  }
  return status;
}

SANE_Status Client::start() {
  bytes_ = 0;
  sum_ = 0;
  const SANE_Status status = sane_start(handle_);
  say("start {}", name_of(status));
  return status;
}

void Client::batch() {
  while (start() == SANE_STATUS_GOOD) {
    const SANE_Status status = read(std::numeric_limits<std::uint64_t>::max());
    report(status);
    if (status != SANE_STATUS_EOF) {
      return;
    }
  }
}

void wait_for(const std::string& file) {
  while (!std::filesystem::exists(file)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void Client::read_until_cancelled(const std::string& file) {
  std::thread canceller([this, &file] {
    wait_for(file);
    sane_cancel(handle_);
  });
  report(read(std::numeric_limits<std::uint64_t>::max()));
  canceller.join();
}

void Client::call(const std::string& verb, const std::string& rest) {
  if (verb == "list") {
    list();
  } else if (verb == "open") {
    say("open {}", name_of(sane_open(rest.c_str(), &handle_)));
  } else if (verb == "set") {
    set(rest.substr(0, rest.find('=')), rest.substr(rest.find('=') + 1));
  } else if (verb == "get") {
    get(rest);
  } else if (verb == "start") {
    start();
  } else if (verb == "batch") {
    batch();
  } else if (verb == "params") {
    parameters();
  } else if (verb == "read") {
    report(read(rest.empty() ? std::numeric_limits<std::uint64_t>::max() : std::stoull(rest)));
  } else if (verb == "cancel-after") {
    read(std::stoull(rest));
    std::thread([this] { sane_cancel(handle_); }).join();
    report(read(std::numeric_limits<std::uint64_t>::max()));
  } else if (verb == "cancel-when") {
    read_until_cancelled(rest);
  } else if (verb == "wait-for") {
    wait_for(rest);
  } else if (verb == "cancel") {
    sane_cancel(handle_);
    say("cancel");
  } else if (verb == "close") {
    sane_close(handle_);
    say("close");
  } else {
    fmt::print(stderr, "unknown call {}\n", verb);
    std::exit(2);
  }
}

}  // namespace

int main(int argc, char** argv) {
  sane_init(nullptr, nullptr);
  Client client;
  for (int i = 1; i < argc; ++i) {
    const std::string words = argv[i];
    const std::size_t space = words.find(' ');
    client.call(words.substr(0, space), space == std::string::npos ? std::string{} : words.substr(space + 1));
  }
  sane_exit();
  return 0;
}
