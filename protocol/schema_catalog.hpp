// SPDX-License-Identifier: Apache-2.0
// The machine-readable contract, made from the structs and tables of protocol/client: one JSON Schema for each frame
// that a front end may send or receive, the list of errors, and one AsyncAPI document over all. The files of
// protocol/schema/ are what this gives; a test keeps them so, and the program quay-schema writes them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace quay::protocol {

/// One kind of frame. `name` is "command.scan.start", "reply.scan.start" or "event.capture.ready",
/// "push.image.part".
struct MessageSchema {
  std::string name;
  std::string what;
  boost::json::object schema;
};

/// Schemas of whole frames, in the order of the tables. $schema is JSON Schema 2020-12.
std::vector<MessageSchema> message_schemas();

/// Every error code with its remedy and its two sentences.
boost::json::object error_catalog();

/// The AsyncAPI 3.0 document: channels events, control and images as quayd offers them.
boost::json::object asyncapi_document();

/// All generated files: name -> content.
std::map<std::string, std::string> schema_files();

}  // namespace quay::protocol
