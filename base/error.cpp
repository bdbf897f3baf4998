// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cstring>

#include <fmt/format.h>

namespace quay {

Error errno_error(Errc code, std::string operation, int error_number) {
  const char* name = ::strerrorname_np(error_number);
  const char* text = ::strerrordesc_np(error_number);
  Error error{code, std::move(operation), text != nullptr ? text : "unknown error", {}, {}};
  error.native = NativeStatus{"errno", name != nullptr ? name : "", error_number};
  return error;
}

std::string describe(const Error& error) {
  std::string line = error.operation;
  if (!error.detail.empty()) {
    line += (line.empty() ? "" : ": ") + error.detail;
  }
  if (!error.device_id.empty()) {
    line += fmt::format(" [device {}]", error.device_id);
  }
  if (!error.native.api.empty()) {
    line += fmt::format(" [{} {} {}]", error.native.api, error.native.name, error.native.number);
  }
  return line;
}

}  // namespace quay
