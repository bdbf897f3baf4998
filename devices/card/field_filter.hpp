// SPDX-License-Identifier: Apache-2.0
// From what a chip says to what was asked for: nothing else leaves this process.
#pragma once

#include <vector>

#include "devices/card/emrtd/data_groups.hpp"
#include "identity/match.hpp"
#include "identity/zone.hpp"
#include "protocol/client/card.hpp"

namespace quay::card {

class FieldFilter {
 public:
  explicit FieldFilter(std::vector<protocol::CardField> wanted) : wanted_(std::move(wanted)) {}

  bool wants(protocol::CardField field) const;
  bool wants_details() const;  ///< something that only DG13 has, or has better
  bool wants_portrait() const { return wants(protocol::CardField::portrait); }

  /// `text`: the zone of DG1, ninety characters.
  protocol::CardValues of_zone(const identity::Zone& zone, const std::string& text) const;
  protocol::CardValues of_details(const emrtd::VietnameseFields& fields) const;

 private:
  void keep(std::optional<std::string>& into, protocol::CardField field, const std::string& value) const;

  std::vector<protocol::CardField> wanted_;
};

identity::Facts facts_of(const identity::Zone& zone);
identity::Facts facts_of(const emrtd::VietnameseFields& fields);

/// "zone details", and what agrees.
protocol::CardCheck check_of(std::string between, const identity::Facts& left, const identity::Facts& right);

}  // namespace quay::card
