// SPDX-License-Identifier: Apache-2.0
// What a Journal holds: the connection, and the numbers of the newest events, kept in memory so that an append is one
// insert. Private to journal*.cpp.
#pragma once

#include <map>
#include <string>

#include "daemon/storage/database.hpp"
#include "daemon/storage/journal.hpp"

namespace quay::daemon::storage {

/// The newest sequence number of all, and of each topic root (`capture.`).
struct Sequence {
  std::uint64_t newest = 0;
  std::map<std::string, std::uint64_t> by_root;
};

class Journal::Impl {
 public:
  explicit Impl(Database opened) : database(std::move(opened)) {}

  Database database;
  std::string id;
  Sequence sequence;   ///< as the running transaction sees it
  Sequence committed;  ///< as it is on the disk
  bool failed = false;
};

}  // namespace quay::daemon::storage
