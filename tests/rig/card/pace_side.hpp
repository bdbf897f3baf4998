// SPDX-License-Identifier: Apache-2.0
// The card's side of PACE with generic mapping, carried out by OpenPACE (libeac): an implementation that shares nothing
// with the reading side. ICAO 9303-11 section 4.4.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/rig/card/algorithms.hpp"

struct eac_ctx;

namespace quay::rig::card {

/// One of the protocols that a card can offer: "aes128", "aes192", "aes256", "3des".
struct PaceProtocol {
  std::string name;
  int nid = 0;
  Bytes oid;
  Family family = Family::aes;
  std::size_t key_size = 16;
};

/// Nothing for another name.
std::optional<PaceProtocol> pace_protocol(const std::string& name);

/// The names, for a usage text.
std::vector<std::string> pace_protocol_names();

enum class PasswordKind : std::uint8_t { mrz = 1, can = 2 };

class PaceSide {
 public:
  /// `password`: six digits, or the ninety characters of the zone. `curve`: number of the standardised domain
  /// parameters (9303-11 section 9.5.1). Throws std::runtime_error when OpenPACE does not know it.
  PaceSide(const PaceProtocol& protocol, int curve, PasswordKind kind, const std::string& password);

  /// The answer to the next of the four commands: the value of its dynamic authentication data. Nothing when the
  /// terminal sent what does not fit; after the fourth: it knows another password.
  std::optional<Bytes> answer(View dynamic_data);
  bool done() const { return step_ == 4; }
  PasswordKind kind() const { return kind_; }
  SessionKeys keys() const;

 private:
  struct Freed {
    void operator()(eac_ctx* context) const;
  };

  std::optional<Bytes> nonce();
  std::optional<Bytes> map(const Bytes& point);
  std::optional<Bytes> agree(const Bytes& point);
  std::optional<Bytes> confirm(const Bytes& token);

  std::unique_ptr<eac_ctx, Freed> context_;
  PaceProtocol protocol_;
  PasswordKind kind_;
  std::string password_;
  Bytes terminal_point_;
  int step_ = 0;
};

}  // namespace quay::rig::card
