// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/replay/session.hpp"

#include <fstream>

#include <fmt/format.h>

#include "protocol/json/parse.hpp"

namespace quay::rig {
namespace {

auto bad_line(const std::filesystem::path& file, int line, const std::string& why) {
  return failure(Errc::file_unreadable, "session", fmt::format("{}:{}: {}", file.filename().string(), line, why));
}

}  // namespace

Result<Session> read_session(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return failure(Errc::file_unreadable, "session", file.string());
  }
  Session session;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const auto object = protocol::parse_object(line);
    if (!object) {
      return bad_line(file, number, object.error());
    }
    if (number == 1) {
      const auto* version = object->if_contains("quay_session");
      if (version == nullptr || *version != 1) {
        return bad_line(file, number, "{\"quay_session\": 1, ...} was expected");
      }
      session.device = object->contains("device") ? std::string(object->at("device").as_string()) : std::string();
      continue;
    }
    auto entry = protocol::from_json<protocol::TraceEntry>(*object);
    if (!entry || !entry->frame.contains("type")) {
      return bad_line(file, number, entry ? "an entry without frame.type" : entry.error().detail);
    }
    session.entries.push_back(std::move(*entry));
  }
  return session;
}

std::string type_of(const protocol::TraceEntry& entry) { return std::string(entry.frame.at("type").as_string()); }

std::size_t find_request(const Session& session, std::size_t from, const std::string& type) {
  for (std::size_t at = from; at < session.entries.size(); ++at) {
    if (session.entries[at].way == protocol::TraceWay::to_worker && type_of(session.entries[at]) == type) {
      return at;
    }
  }
  return session.entries.size();
}

}  // namespace quay::rig
