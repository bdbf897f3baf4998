// SPDX-License-Identifier: Apache-2.0
// The files of one chip as they come, kept over a tear: what was read of a card is not read again when the same card is
// laid back.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "devices/card/emrtd/chip_reader.hpp"
#include "devices/card/emrtd/security_object.hpp"
#include "devices/card/emrtd/trust_store.hpp"
#include "protocol/client/card.hpp"

namespace quay::card {

class ChipFiles {
 public:
  /// The file, from memory or from the chip. Errors: as ChipReader::read.
  Result<emrtd::Bytes> read(emrtd::ChipReader& chip, emrtd::FileId file);

  /// Is the chip that was just opened the one whose files are here? Errors: card_removed when it is another; as read.
  Status check_same(emrtd::ChipReader& chip);

  /// Reads what proves the chip, lets it prove itself, and says what came of it. A copy is one that proves wrongly,
  /// twice over, or keeps back what its issuer signed (decision 0047). Errors: the channel's.
  Result<protocol::CardAuthenticity> judge(emrtd::ChipReader& chip, const emrtd::TrustStore& trust,
                                           std::int64_t unix_seconds);

 private:
  Result<emrtd::Proof> prove(emrtd::ChipReader& chip);
  Result<emrtd::Proof> prove_once(emrtd::ChipReader& chip, const emrtd::SecurityInfos& infos);
  bool withholds(const emrtd::SecurityObject& signed_object) const;
  std::vector<emrtd::Finding> judge_files(const emrtd::TrustStore& trust, std::int64_t unix_seconds,
                                          emrtd::Proof proof) const;

  std::map<emrtd::FileId, emrtd::Bytes> files_;
};

/// Errors that say of one file that it is not there, or cannot be read, and nothing of the card.
bool concerns_file_alone(const Error& error);

}  // namespace quay::card
