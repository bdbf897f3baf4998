// SPDX-License-Identifier: Apache-2.0
// The keys that prove whose a visit is: what visit.open and visit.adopt gave. In memory only: a key is never written
// down; who lost it takes the visit over with visit.adopt.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "protocol/json/reader.hpp"

namespace quay::client {

class VisitKeys {
 public:
  /// Keeps the key of a reply that holds one. That visit becomes the current one.
  void learn(const protocol::json::object& result);
  void keep(const std::string& visit, const std::string& key);

  /// The key for a command: that of `args.visit`, which becomes the current visit; for a command that names a page, a
  /// document or a job instead, that of the current visit.
  std::optional<std::string> key_for(const protocol::json::object& args);

  /// For a program with several visits at once: the next commands are about this one.
  void use(const std::string& visit) { current_ = visit; }
  std::optional<std::string> current_key() const { return key_of(current_); }
  std::optional<std::string> key_of(const std::string& visit) const;

 private:
  std::map<std::string, std::string> keys_;
  std::string current_;
};

}  // namespace quay::client
