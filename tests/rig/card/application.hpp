// SPDX-License-Identifier: Apache-2.0
// The card itself: files, who may read them, and what each command does. One command in, one response out; knows no
// reader. ICAO 9303-10 and -11, ISO/IEC 7816-4.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/rig/card/bac_side.hpp"
#include "tests/rig/card/chip_key.hpp"
#include "tests/rig/card/citizen.hpp"
#include "tests/rig/card/issuer.hpp"
#include "tests/rig/card/pace_side.hpp"

namespace quay::rig::card {

/// How EF.CardAccess can be reached.
enum class CardAccess : std::uint8_t {
  direct,       ///< SELECT by its identifier, with or without the master file
  master_file,  ///< only after SELECT of the master file
  missing,      ///< 6A82 always
};

/// What kind of card it is, and what is odd about it.
struct CardOptions {
  Citizen citizen;
  Bytes portrait;
  CardAccess card_access = CardAccess::direct;
  bool master_file = true;  ///< false: SELECT of it answers 6D00
  bool pace = true;         ///< false: MSE:Set AT answers 6A80, whatever EF.CardAccess says
  std::string pace_protocol = "aes128";
  int curve = 13;                ///< brainpoolP256r1
  bool bac = true;               ///< false: GET CHALLENGE answers 6D00
  std::size_t most_read = 4096;  ///< READ BINARY of more answers 6700
  bool extended = true;          ///< false: extended lengths answer 6700
  int tries = 3;                 ///< wrong CANs before PACE refuses for good
  ActiveKind active = ActiveKind::ecdsa;
  bool chip_authentication = true;
  bool clone = false;            ///< data copied, keys not
  bool forged = false;           ///< DG1 is not what was signed
  bool readable_details = true;  ///< false: DG13 holds what nobody can read
  Signer signer = Signer::good;
  std::vector<int> withheld{};  ///< data groups that are signed, but not found when they are selected
};

class Application {
 public:
  explicit Application(CardOptions options);

  /// The field is off: keys, selection and half-done protocols are gone. The tries stay.
  void power_off();
  Response carry_out(const Command& command);

  const Issuer& issuer() const { return issuer_; }
  const Citizen& citizen() const { return options_.citizen; }
  /// Wrong CANs so far, since the last right one.
  int tries_used() const { return tries_used_; }
  /// Secure messaging is on.
  bool open() const { return channel_.has_value(); }

 private:
  Response plain(const Command& command);
  Response select(const Command& command);
  Response select_application(const Command& command);
  Response select_file(std::uint16_t id);
  Response read(const Command& command);
  Response set_protocol(const Command& command);
  Response set_pace(const Command& command);
  Response set_chip_key(View point);
  Response authenticate_step(const Command& command);
  Response pace_step(const Command& command);
  Response external_authenticate(const Command& command);
  Response internal_authenticate(const Command& command);
  void make_files();

  CardOptions options_;
  Issuer issuer_;
  PaceProtocol protocol_;
  ActiveKey active_key_;
  ChipKey chip_key_;
  BacSide bac_;
  std::map<std::uint16_t, Bytes> files_;
  int tries_used_ = 0;

  // Until the field goes.
  bool in_master_file_ = false;
  bool selected_ = false;
  std::uint16_t current_ = 0;
  std::optional<SecureMessaging> channel_;
  std::optional<SecureMessaging> next_channel_;  ///< takes over after the response
  std::optional<PaceSide> pace_;
};

}  // namespace quay::rig::card
