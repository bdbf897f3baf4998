// SPDX-License-Identifier: Apache-2.0
#include "protocol/schema_catalog.hpp"

#include "protocol/client/command_table.hpp"
#include "protocol/client/envelope.hpp"
#include "protocol/client/error_table.hpp"
#include "protocol/client/event_table.hpp"
#include "protocol/json/pretty.hpp"
#include "protocol/json/schema.hpp"

namespace quay::protocol {
namespace {

constexpr Direction kIn = Direction::to_quay;
constexpr Direction kOut = Direction::from_quay;
constexpr int kLongestId = 64;

json::object head(const std::string& name, std::string_view what) {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", "urn:quay:v1:" + name},
          {"title", name},
          {"description", what}};
}

template <class T>
json::object constant(const T& value) {
  return {{"const", value}};
}

json::object id_schema() { return {{"type", "string"}, {"minLength", 1}, {"maxLength", kLongestId}}; }

MessageSchema finish(std::string name, std::string_view what, json::object&& envelope) {
  json::object schema = head(name, what);
  for (auto& [key, value] : envelope) {
    schema[key] = std::move(value);
  }
  return {std::move(name), std::string(what), std::move(schema)};
}

template <class Row>
MessageSchema command_schema(const Row& row) {
  json::object envelope = schema_of<Command, kIn>();
  json::object& members = envelope["properties"].as_object();
  json::object arguments = schema_of<typename Row::Arguments, kIn>();
  json::array required{"v", "id", "cmd"};
  if (arguments.contains("required")) {
    required.emplace_back("args");
  }
  members["v"] = constant(kApiVersion);
  members["id"] = id_schema();
  members["cmd"] = constant(row.name);
  members["request_id"] = id_schema();
  members["visit_key"] = json::object{{"type", "string"}, {"maxLength", kLongestId}};
  members["args"] = std::move(arguments);
  envelope["required"] = std::move(required);
  return finish("command." + std::string(row.name), row.what, std::move(envelope));
}

/// {"if": status is `status`, "then": `then`}
json::object when_status(std::string_view status, json::object then) {
  json::object condition{{"properties", json::object{{"status", constant(status)}}}};
  return {{"if", std::move(condition)}, {"then", std::move(then)}};
}

json::object with_result(json::object result) {
  return {{"properties", json::object{{"result", std::move(result)}}}, {"required", json::array{"result"}}};
}

template <class Row>
MessageSchema reply_schema(const Row& row) {
  json::object envelope = schema_of<Reply, kOut>();
  json::object& members = envelope["properties"].as_object();
  json::array rules;
  members["v"] = constant(kApiVersion);
  if (row.answer == Answer::job) {
    rules.push_back(when_status("accepted", with_result(schema_of<JobAccepted, kOut>())));
  } else {
    members["status"] = json::object{{"type", "string"}, {"enum", json::array{"done", "failed"}}};
  }
  rules.push_back(when_status("done", with_result(schema_of<typename Row::Outcome, kOut>())));
  rules.push_back(when_status("failed", json::object{{"required", json::array{"error"}}}));
  envelope["allOf"] = std::move(rules);
  const std::string what = "Answer to " + std::string(row.name) + ".";
  return finish("reply." + std::string(row.name), what, std::move(envelope));
}

template <class Row>
MessageSchema event_schema(const Row& row) {
  json::object envelope = schema_of<Event, kOut>();
  json::object& members = envelope["properties"].as_object();
  members["v"] = constant(kApiVersion);
  members["type"] = constant(row.topic);
  members["data"] = schema_of<typename Row::Data, kOut>();
  if (row.keeping == Keeping::kept) {
    json::array& required = envelope["required"].as_array();
    required.emplace_back("seq");
    required.emplace_back("prev");
  } else {
    members.stable_erase("seq");
    members.stable_erase("prev");
  }
  return finish("event." + std::string(row.topic), row.what, std::move(envelope));
}

/// A frame on `images` that answers nothing: it has a `type` and no `status`.
template <class T>
MessageSchema push_schema(std::string_view what) {
  const T sample;
  json::object frame = schema_of<T, kOut>();
  json::object& members = frame["properties"].as_object();
  members["v"] = constant(kApiVersion);
  members["type"] = constant(sample.type);
  return finish("push." + sample.type, what, std::move(frame));
}

}  // namespace

std::vector<MessageSchema> message_schemas() {
  std::vector<MessageSchema> all;
  for_each_command([&](const auto& row) {
    all.push_back(command_schema(row));
    all.push_back(reply_schema(row));
  });
  for_each_event([&](const auto& row) { all.push_back(event_schema(row)); });
  all.push_back(
      push_schema<ImagePart>("A piece of a rendition of a visit that is followed; its bytes are the next frame."));
  all.push_back(push_schema<ImageEnd>("Nothing more comes of this follow; `reason` says why."));
  return all;
}

json::object error_catalog() {
  json::array errors;
  for (const ErrorRow& row : error_table()) {
    errors.push_back(
        json::object{{"code", row.wire}, {"remedy", remedy_name(row.remedy)}, {"vi", row.vi}, {"en", row.en}});
  }
  return {{"v", kApiVersion},
          {"description", "Codes never change. Sentences may be made better. More codes may come."},
          {"errors", std::move(errors)}};
}

std::map<std::string, std::string> schema_files() {
  std::map<std::string, std::string> files;
  for (const MessageSchema& message : message_schemas()) {
    files[message.name + ".schema.json"] = pretty(message.schema);
  }
  files["errors.json"] = pretty(error_catalog());
  files["asyncapi.json"] = pretty(asyncapi_document());
  return files;
}

}  // namespace quay::protocol
