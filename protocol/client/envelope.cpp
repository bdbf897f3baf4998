// SPDX-License-Identifier: Apache-2.0
#include "protocol/client/envelope.hpp"

#include "protocol/json/parse.hpp"
#include "protocol/json/writer.hpp"

namespace quay::protocol {
namespace {

constexpr std::size_t kLongestId = 64;

Result<json::value> parse(std::string_view text, std::string_view operation) {
  auto object = parse_object(text);
  if (!object) {
    return failure(Errc::request_malformed, std::string(operation), std::move(object).error());
  }
  return json::value(*std::move(object));
}

Status check_envelope(const Command& command) {
  if (command.id.empty() || command.id.size() > kLongestId) {
    return failure(Errc::request_malformed, "command.decode", "/id: 1 to 64 characters were expected");
  }
  if (command.v != kApiVersion) {
    return failure(Errc::request_version, "command.decode",
                   "/v: " + std::to_string(command.v) + " where " + std::to_string(kApiVersion) + " was expected");
  }
  if (command.cmd.empty()) {
    return failure(Errc::request_malformed, "command.decode", "/cmd: missing");
  }
  if (command.request_id && (command.request_id->empty() || command.request_id->size() > kLongestId)) {
    return failure(Errc::request_bad_argument, "command.decode", "/request_id: 1 to 64 characters were expected");
  }
  if (command.visit_key && command.visit_key->size() > kLongestId) {
    return failure(Errc::request_bad_argument, "command.decode", "/visit_key: at most 64 characters were expected");
  }
  return {};
}

template <class T>
Result<T> decode_as(std::string_view text, std::string_view operation) {
  auto value = parse(text, operation);
  if (!value) {
    return failure(value.error());
  }
  auto message = from_json<T>(*value);
  if (!message) {
    return failure(Errc::request_malformed, std::string(operation), message.error().detail);
  }
  return message;
}

}  // namespace

std::string encode(const Command& command) { return json::serialize(to_json(command)); }
std::string encode(const Reply& reply) { return json::serialize(to_json(reply)); }
std::string encode(const Event& event) { return json::serialize(to_json(event)); }

Result<Command> decode_command(std::string_view text, std::string& id_seen) {
  if (text.size() > kLargestCommand) {
    return failure(
        Errc::request_too_large, "command.decode",
        std::to_string(text.size()) + " bytes where at most " + std::to_string(kLargestCommand) + " are taken");
  }
  auto value = parse(text, "command.decode");
  if (!value) {
    return failure(value.error());
  }
  if (const json::value* id = value->get_object().if_contains("id"); id != nullptr && id->is_string()) {
    id_seen = std::string(cut_utf8(std::string_view(id->get_string()), kLongestId));
  }
  auto command = from_json<Command>(*value);
  if (!command) {
    return failure(command.error());
  }
  if (Status status = check_envelope(*command); !status) {
    return failure(status.error());
  }
  return command;
}

Result<Reply> decode_reply(std::string_view text) { return decode_as<Reply>(text, "reply.decode"); }
Result<Event> decode_event(std::string_view text) { return decode_as<Event>(text, "event.decode"); }

}  // namespace quay::protocol
