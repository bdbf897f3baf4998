// SPDX-License-Identifier: Apache-2.0
// One line of the access log: who touched which kind of data of which visit, when, and what came of it. Names no
// citizen and nothing that was on paper. Each line holds the hash of the one before and is sealed with a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.hpp"
#include "protocol/json/reader.hpp"

namespace quay::audit {

struct AccessRecord : protocol::AllOptional {
  std::uint64_t n = 0;  ///< 1, 2, 3, ... over all files of the log
  std::string at;       ///< RFC 3339, UTC
  std::string who;      ///< the clerk's staff code; empty when nobody said one
  std::string peer;     ///< the account, from the kernel: "uid:1000"; "quayd" for what the daemon does by itself
  std::int32_t pid = 0;
  std::string role;
  std::string action;              ///< the command, or what the daemon did: "visit.expire"
  std::string why;                 ///< the procedure the visit is for
  std::string visit;               ///< empty: none
  std::vector<std::string> kinds;  ///< kinds of data: "page", "document", "id_card_image", ...
  std::string result;              ///< "ok" or an error code
  std::string key;                 ///< id of the service key that seals the line
  std::string prev;                ///< hash of the line before; 64 zeros in the first
};
BOOST_DESCRIBE_STRUCT(AccessRecord, (), (n, at, who, peer, pid, role, action, why, visit, kinds, result, key, prev))

/// What stands before the first line.
std::string no_hash();

/// A line as it is kept, and the hash that the next one names.
struct SealedLine {
  std::string text;  ///< with the newline at its end
  std::string hash;  ///< SHA-256 of everything before `,"hash":`
};

/// Errors: bug.
Result<SealedLine> seal(const AccessRecord& record, const crypto::Secret& key);

/// A line taken apart; nothing of it is proved.
struct ParsedLine {
  AccessRecord record;
  std::string body;
  std::string hash;
  std::string mac;
};

/// Nothing when `text` (without newline) has not the form of a line.
std::optional<ParsedLine> parse_line(std::string_view text);

/// The hash is that of the body.
bool is_whole(const ParsedLine& line);

/// The seal was made with `key`.
bool is_sealed_with(const ParsedLine& line, const crypto::Secret& key);

}  // namespace quay::audit
