// SPDX-License-Identifier: Apache-2.0
#include "protocol/worker/redact.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocol/json/parse.hpp"
#include "protocol/worker/codec.hpp"

namespace quay::protocol::worker {
namespace {

/// Members of a frame that are told whole. What the table does not name is not told.
struct Rule {
  std::string_view type;
  std::array<std::string_view, 6> told;
};

constexpr std::array kRules{
    Rule{"scan", {"settings"}},
    Rule{"capture", {"settings"}},
    Rule{"read_card", {"fields"}},
    Rule{"process_page", {"geometry", "profile", "settings"}},
    Rule{"assemble", {"parts", "rotate_deg"}},
    Rule{"set_form", {"form"}},
    Rule{"print", {"media"}},
    Rule{"hello", {"program", "version"}},
    Rule{"described", {"identity", "capabilities", "camera", "card", "printer", "trouble"}},
    Rule{"progress", {"stage"}},
    Rule{"page_read", {"geometry", "adjusted"}},
    Rule{"card_read", {"part"}},
    Rule{"frame_judged", {"quality"}},
    Rule{"rendition", {"media_type"}},
    Rule{"print_seen", {"state", "waits_for", "reasons"}},
    Rule{"finished", {"error"}},
};

bool is_told(std::string_view type, std::string_view member) {
  const auto* rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& one) { return one.type == type; });
  return member == "type" || (rule != kRules.end() && std::count(rule->told.begin(), rule->told.end(), member) > 0);
}

json::object redact(const json::object& frame) {
  const std::string type(frame.at("type").get_string());
  json::object told;
  json::array left_out;
  for (const auto& [member, value] : frame) {
    if (is_told(type, member)) {
      told[member] = value;
    } else if (value.is_string()) {
      told[member] = fmt::format("<{} bytes>", value.get_string().size());
    } else if (value.is_structured()) {
      left_out.emplace_back(member);
    } else {
      told[member] = value;
    }
  }
  if (!left_out.empty()) {
    told["redacted"] = std::move(left_out);
  }
  return told;
}

template <class Message>
json::object told_of(const Message& message) {
  // Our own text: it parses.
  return redact(*parse_object(encode(message)));
}

}  // namespace

json::object redacted(const ToWorker& message) { return told_of(message); }

/// A citizen's own phone is not ours to describe.
json::object redacted(const FromWorker& message) {
  json::object told = told_of(message);
  const auto* described = std::get_if<Described>(&message);
  if (described != nullptr && described->guest) {
    told.erase("identity");
    told["redacted"] = json::array{"identity"};
  }
  return told;
}

}  // namespace quay::protocol::worker
