// SPDX-License-Identifier: Apache-2.0
// An Error as it stands in a message: the code's wire name, its remedy and its two sentences, with the facts.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "protocol/json/reader.hpp"

namespace quay::protocol {

struct NativeBody : AllOptional {
  std::string api;
  std::string name;
  std::int64_t number = 0;
};

/// `vi` and `en` come from the error table; `detail` says what was wrong and what was expected, in English, for the
/// technician.
struct ErrorBody : AllOptional {
  std::string code;
  std::string remedy;
  std::string vi;
  std::string en;
  std::optional<std::string> device;
  std::optional<std::string> operation;
  std::optional<std::string> detail;
  std::optional<NativeBody> native;
  std::optional<std::string> holder;           ///< who has what was asked for
  std::optional<std::int64_t> retry_after_ms;  ///< when asking again makes sense
};

BOOST_DESCRIBE_STRUCT(NativeBody, (), (api, name, number))
BOOST_DESCRIBE_STRUCT(ErrorBody, (), (code, remedy, vi, en, device, operation, detail, native, holder, retry_after_ms))

ErrorBody to_body(const Error& error);

/// The Error a body speaks of; a code this build does not know becomes Errc::bug with the code in `detail`.
Error from_body(const ErrorBody& body);

}  // namespace quay::protocol
