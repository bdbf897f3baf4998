// SPDX-License-Identifier: Apache-2.0
// Who speaks to quayd, and as what. Pure: what the kernel says of a peer comes in from outside.
#pragma once

#include <cstdint>
#include <string>

namespace quay::daemon::core {

/// What a peer may be; a peer may be several things at once.
enum class Role : std::uint8_t {
  viewer = 1,      ///< sees devices, jobs and that visits exist; no page, no fact of a visit
  front_end = 2,   ///< opens visits and works in its own
  technician = 4,  ///< looks after the counter: may end any visit; sees no page either
};

class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(Role role) : bits_(static_cast<std::uint8_t>(role)) {}  // NOLINT(google-explicit-constructor)

  constexpr bool any_of(Roles other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr Roles operator|(Roles a, Roles b) {
    Roles both;
    both.bits_ = static_cast<std::uint8_t>(a.bits_ | b.bits_);
    return both;
  }
  constexpr bool operator==(const Roles&) const = default;

 private:
  std::uint8_t bits_ = 0;
};

constexpr Roles operator|(Role a, Role b) { return Roles(a) | Roles(b); }

inline constexpr Roles kEverybody = Role::viewer | Role::front_end | Role::technician;

struct Peer {
  std::string name;   ///< for people: a user's or a key's name
  std::string owner;  ///< names the account for ever: "uid:1000" or "key:NAME". What it opened is its own
  Roles roles;
  std::int32_t pid = 0;   ///< 0: not known
  std::string program{};  ///< what it calls itself (hello): for people only, proves nothing
};

}  // namespace quay::daemon::core
