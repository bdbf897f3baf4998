// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands/access.hpp"

#include "protocol/client/error_table.hpp"

namespace quay::daemon::commands {
namespace {

constexpr std::size_t kMostCardKinds = 20;

std::string text_at(const protocol::json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

/// The fields of a card that were asked for, in our own spelling: nothing that a client wrote gets into the log.
std::vector<std::string> card_fields_of(const protocol::json::object& arguments) {
  std::vector<std::string> kinds{"card"};
  const auto* fields = arguments.if_contains("fields");
  if (fields == nullptr || !fields->is_array()) {
    return kinds;
  }
  for (const auto& field : fields->get_array()) {
    const auto known = field.is_string()
                           ? protocol::enum_from_name<protocol::CardField>(std::string(field.get_string()))
                           : std::nullopt;
    if (known && kinds.size() < kMostCardKinds) {
      kinds.emplace_back(protocol::enum_name(*known));
    }
  }
  return kinds;
}

/// What kind of data a command is about, in one word.
std::vector<std::string> kinds_of(const protocol::Command& command) {
  if (command.cmd == "visit.consent") {
    return {text_at(command.args, "kind").substr(0, 16)};
  }
  if (command.cmd == "card.read") {
    return card_fields_of(command.args);
  }
  if (command.cmd == "images.fetch") {
    return {text_at(command.args, "rendition").substr(0, 16)};
  }
  if (command.cmd.starts_with("scan.") || command.cmd.starts_with("capture.") || command.cmd == "camera.capture") {
    return {"page"};
  }
  if (command.cmd.starts_with("print.") || command.cmd == "form.preview") {
    return {"print"};
  }
  if (command.cmd.starts_with("card.")) {
    return {"card"};
  }
  if (command.cmd.starts_with("document.")) {
    return {"document"};
  }
  return {};
}

bool continues_a_fetch(const protocol::Command& command) {
  const auto* offset = command.args.if_contains("offset");
  return command.cmd == "images.fetch" && offset != nullptr && *offset != 0;
}

bool is_refusal_of_the_asker(const Outcome& outcome) {
  if (outcome) {
    return false;
  }
  const Errc code = outcome.error().code;
  return code == Errc::visit_consent_missing || code == Errc::visit_not_owner || code == Errc::peer_not_allowed;
}

std::string role_names(core::Roles roles) {
  std::string names;
  const auto add = [&](core::Role role, const char* name) {
    names += roles.any_of(role) ? (names.empty() ? "" : "+") + std::string(name) : "";
  };
  add(core::Role::front_end, "front_end");
  add(core::Role::technician, "technician");
  add(core::Role::viewer, "viewer");
  return names;
}

/// An id that a client said: only one of ours goes into the log.
std::string visit_of(const Request& request, const Outcome& outcome) {
  std::string visit = text_at(request.command.args, "visit");
  if (visit.empty() && outcome) {
    visit = text_at(outcome->result, "visit");
  }
  return is_uuid(visit) ? visit : "";
}

}  // namespace

audit::AccessRecord access_record(const Request& request) {
  audit::AccessRecord record;
  record.peer = request.peer.owner;
  record.pid = request.peer.pid;
  record.role = role_names(request.peer.roles);
  record.action = request.command.cmd;
  return record;
}

bool must_be_logged(const CommandEntry& entry, const Request& request, const Outcome& outcome) {
  return is_refusal_of_the_asker(outcome) ||
         (entry.access == Access::logged && !(outcome && continues_a_fetch(request.command)));
}

audit::AccessRecord access_record(const Request& request, const Outcome& outcome) {
  audit::AccessRecord record = access_record(request);
  record.visit = visit_of(request, outcome);
  record.kinds = kinds_of(request.command);
  record.result = outcome ? "ok" : std::string(protocol::error_row(outcome.error().code).wire);
  return record;
}

}  // namespace quay::daemon::commands
