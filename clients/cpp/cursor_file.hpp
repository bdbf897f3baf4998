// SPDX-License-Identifier: Apache-2.0
// The file that remembers how far a program has come in the journal, over a restart. The same form in every client
// library: {"journal":"...","seq":42}.
#pragma once

#include <filesystem>
#include <optional>

#include "clients/cpp/delivery_cursor.hpp"

namespace quay::client {

/// One program a file.
class CursorFile {
 public:
  explicit CursorFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// Nothing when there is no file yet. Errors: usage when it holds no cursor: it was damaged, or is another file.
  Result<std::optional<Cursor>> read() const;

  /// Whole or not at all, and durable on return. Errors: file_unwritable.
  Status write(const Cursor& cursor) const;

 private:
  std::filesystem::path path_;
};

}  // namespace quay::client
