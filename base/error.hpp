// SPDX-License-Identifier: Apache-2.0
// Error as a value: a code, where it happened, and the native status it came from. Sentences for people are not
// here: they belong to the code (protocol/client/error_table.hpp), so that every program says the same thing.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/errc.hpp"

namespace quay {

/// What a library said in its own words, kept for the technician: {"SANE", "SANE_STATUS_JAMMED", 6}.
struct NativeStatus {
  std::string api;
  std::string name;
  std::int64_t number = 0;

  bool operator==(const NativeStatus&) const = default;
};

/// A fault. `operation` names what was being done ("sane_start", "spool.write"), `detail` says what was wrong and
/// what was expected. Neither ever holds personal data: both reach logs.
struct Error {
  Errc code = Errc::bug;
  std::string operation;
  std::string detail;
  std::string device_id;
  NativeStatus native;
  std::string holder{};             ///< who has what was asked for: the name of an account or a program
  std::int64_t retry_after_ms = 0;  ///< when asking again makes sense; 0: not known

  bool operator==(const Error&) const = default;
};

inline Error make_error(Errc code, std::string operation, std::string detail) {
  return Error{code, std::move(operation), std::move(detail), {}, {}};
}

/// An Error from errno: `detail` is the C library's text, `native` carries name and number.
Error errno_error(Errc code, std::string operation, int error_number);

/// One line for a log: code number, operation, detail and native status.
std::string describe(const Error& error);

}  // namespace quay
