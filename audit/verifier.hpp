// SPDX-License-Identifier: Apache-2.0
// Reads an access log from its first line to its last and names every line that was edited, removed, moved, added or
// cut off. Without the key it finds what a text editor does; with the key and the head also what a patient forger does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/line.hpp"
#include "protocol/client/access_report.hpp"

namespace quay::audit {

using protocol::AccessFault;

/// What the journal knows of the log's end.
struct Head {
  std::uint64_t n = 0;
  std::string hash;
};

class Verifier {
 public:
  /// `key` seals the lines that name `key_id`; nullptr: there is none here. Borrowed.
  explicit Verifier(const crypto::Secret* key = nullptr, std::string key_id = {})
      : key_(key), key_id_(std::move(key_id)) {}

  /// Files come in the order in which they were written.
  void next_file(std::string name);
  /// `text` without its newline.
  void next_line(std::string_view text);

  /// The verdict; call once. Without `head` the end of the log is not checked.
  protocol::AccessReport finish(const std::optional<Head>& head);

 private:
  void check_place(const ParsedLine& line);
  void check_seal(const ParsedLine& line);
  void note(std::uint64_t n, AccessFault fault, std::string text);

  const crypto::Secret* key_;
  std::string key_id_;
  std::string file_;
  std::uint64_t line_ = 0;
  std::optional<Head> newest_;
  protocol::AccessReport report_;
};

}  // namespace quay::audit
