// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/visit_keys.hpp"

namespace quay::client {
namespace {

std::optional<std::string> text_at(const protocol::json::object& object, std::string_view key) {
  const protocol::json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::optional(std::string(found->get_string())) : std::nullopt;
}

}  // namespace

void VisitKeys::learn(const protocol::json::object& result) {
  const auto visit = text_at(result, "visit");
  const auto key = text_at(result, "visit_key");
  if (visit && key) {
    keep(*visit, *key);
  }
}

void VisitKeys::keep(const std::string& visit, const std::string& key) {
  keys_.insert_or_assign(visit, key);
  current_ = visit;
}

std::optional<std::string> VisitKeys::key_for(const protocol::json::object& args) {
  if (const auto visit = text_at(args, "visit")) {
    if (keys_.contains(*visit)) {
      current_ = *visit;
    }
    return key_of(*visit);
  }
  for (const char* about : {"capture", "document", "job", "id"}) {
    if (args.contains(about)) {
      return current_key();
    }
  }
  return std::nullopt;
}

std::optional<std::string> VisitKeys::key_of(const std::string& visit) const {
  const auto found = keys_.find(visit);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace quay::client
