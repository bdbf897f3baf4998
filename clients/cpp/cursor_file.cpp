// SPDX-License-Identifier: Apache-2.0
#include "clients/cpp/cursor_file.hpp"

#include <fstream>
#include <iterator>

#include "base/atomic_file.hpp"
#include "protocol/json/parse.hpp"

namespace quay::client {

Result<std::optional<Cursor>> CursorFile::read() const {
  std::ifstream file(path_);
  if (!file) {
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto object = protocol::parse_object(text);
  const auto* journal = object ? object->if_contains("journal") : nullptr;
  const auto* seq = object ? object->if_contains("seq") : nullptr;
  const bool whole =
      journal != nullptr && journal->is_string() && seq != nullptr && seq->is_int64() && seq->get_int64() >= 0;
  if (!whole) {
    return failure(Errc::usage, path_.string(), "this file holds no cursor: remove it to begin anew");
  }
  return Cursor{std::string(journal->get_string()), static_cast<std::uint64_t>(seq->get_int64())};
}

Status CursorFile::write(const Cursor& cursor) const {
  const protocol::json::object object{{"journal", cursor.journal}, {"seq", cursor.seq}};
  const std::string text = protocol::json::serialize(object) + "\n";
  return write_atomically(path_, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace quay::client
