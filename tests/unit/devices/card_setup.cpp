// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/devices/card_setup.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "protocol/json/writer.hpp"
#include "tests/rig/support/wait_until.hpp"

namespace quay::test {

CardSetup::CardSetup(std::vector<std::string> arguments, rig::Portrait portrait) {
  auto sim = rig::SimCard::start(directory_.path(), {portrait, std::move(arguments)});
  if (!sim) {
    throw std::runtime_error(describe(sim.error()));
  }
  sim_ = *std::move(sim);
}

void CardSetup::tell(const std::string& command) {
  const auto said = sim_->tell(command);
  EXPECT_TRUE(said) << describe(said.error());
}

int CardSetup::status(std::string_view key, int slot) const { return std::stoi(sim_->status(key, slot)); }

std::unique_ptr<WorkerClient> CardSetup::worker(Trust trust) const {
  std::vector<std::string> arguments{"--serve"};
  if (trust == Trust::installed) {
    arguments.insert(arguments.end(), {"--trust", sim_->trust()});
  }
  return std::make_unique<WorkerClient>(QUAY_CARD, arguments, sim_->environment());
}

frames::ReadCard identity_only() {
  using protocol::CardField;
  frames::ReadCard order;
  order.request = 1;
  order.can = "012345";
  order.fields = {CardField::number, CardField::birth_date};
  order.wait_ms = 10'000;
  order.laid_back_ms = 2'500;
  return order;
}

frames::ReadCard whole_card() {
  using protocol::CardField;
  frames::ReadCard order = identity_only();
  order.fields = {CardField::number,      CardField::name,        CardField::birth_date, CardField::sex,
                  CardField::nationality, CardField::expiry_date, CardField::issue_date, CardField::old_number,
                  CardField::ethnicity,   CardField::religion,    CardField::origin,     CardField::residence,
                  CardField::marks,       CardField::parents,     CardField::spouse,     CardField::other_numbers,
                  CardField::zone,        CardField::portrait};
  return order;
}

protocol::CardValues values_of(const Answers& answers) {
  protocol::json::object all;
  for (const SeenCardPart& part : answers.card) {
    for (const auto& [key, value] : protocol::to_json_object(part.frame.values)) {
      const bool empty = value.is_null() || (value.is_array() && value.get_array().empty());
      if (!empty) {
        all[key] = value;
      }
    }
  }
  return protocol::from_json<protocol::CardValues>(protocol::json::value(all)).value();
}

std::string truth_of(const Answers& answers) {
  std::string said;
  for (const SeenCardPart& part : answers.card) {
    if (part.frame.authenticity) {
      said = protocol::enum_name(part.frame.authenticity->truth);
      for (const std::string& reason : part.frame.authenticity->reasons) {
        said += " " + reason;
      }
    }
  }
  return said;
}

}  // namespace quay::test
