// SPDX-License-Identifier: Apache-2.0
// What quayctl doctor looks at: a table of checks, each of which says what it found, why that is so, and the one
// command that mends it. No check changes anything.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/doctor/configured.hpp"
#include "ctl/doctor/machine.hpp"

namespace quay::ctl::doctor {

enum class Verdict : std::uint8_t {
  good,
  unknown,  ///< this user may not look
  warning,  ///< works now, may not tomorrow
  fault,
};

struct Finding {
  Verdict verdict = Verdict::good;
  std::string vi;       ///< cause and what to do, one sentence
  std::string en;       ///< the same
  std::string command;  ///< for a person's shell; empty: nothing to type
  std::vector<std::string>
      fix;  ///< what --fix runs as root: never loses data, never touches who may do what; empty: none
};

/// Who asks, and of what.
struct Patient {
  const Machine& machine;
  const Configured& settings;
  std::string user;  ///< name of who types
};

struct Check {
  std::string_view name;  ///< API: programs know checks by it
  std::vector<Finding> (*look)(const Patient&);
};

/// In the order in which causes come before effects.
std::span<const Check> checks();

// One file for each group of them.
std::vector<Finding> look_at_service(const Patient& patient);
std::vector<Finding> look_at_socket(const Patient& patient);
std::vector<Finding> look_at_configuration(const Patient& patient);
std::vector<Finding> look_at_room(const Patient& patient);
std::vector<Finding> look_at_keys(const Patient& patient);
std::vector<Finding> look_at_packages(const Patient& patient);
std::vector<Finding> look_at_holders(const Patient& patient);
std::vector<Finding> look_at_printing(const Patient& patient);
std::vector<Finding> look_at_card_service(const Patient& patient);

}  // namespace quay::ctl::doctor
