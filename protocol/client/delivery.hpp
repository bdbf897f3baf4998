// SPDX-License-Identifier: Apache-2.0
// What a front end says of the pages it got: they are safe with it, they are set aside, they are taken back.
#pragma once

#include <string>
#include <vector>

#include "protocol/json/reader.hpp"

namespace quay::protocol {

/// capture.ack: `consumer` has these pages and documents of the visit safe.
struct AcknowledgeArguments {
  std::string visit;
  std::string consumer;  ///< 1 to 40 of a-z, 0-9, - and .
  std::vector<std::string> captures;
  std::vector<std::string> documents;
  static constexpr bool is_optional(std::string_view name) { return name == "captures" || name == "documents"; }
};

struct AcknowledgeResult : AllOptional {
  std::vector<std::string> captures;
  std::vector<std::string> documents;
};

/// capture.discard, capture.restore.
struct CapturesArguments : AllRequired {
  std::string visit;
  std::vector<std::string> captures;
};

struct CapturesResult : AllOptional {
  std::vector<std::string> captures;
};

BOOST_DESCRIBE_STRUCT(AcknowledgeArguments, (), (visit, consumer, captures, documents))
BOOST_DESCRIBE_STRUCT(AcknowledgeResult, (), (captures, documents))
BOOST_DESCRIBE_STRUCT(CapturesArguments, (), (visit, captures))
BOOST_DESCRIBE_STRUCT(CapturesResult, (), (captures))

}  // namespace quay::protocol
