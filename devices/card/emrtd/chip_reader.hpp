// SPDX-License-Identifier: Apache-2.0
// One chip from its first answer to its last file: opens it by the best way that it can, reads files, and starts anew
// with shorter pieces where a reader drops long ones. Blocking; the parent holds the deadline. Never asks for
// fingerprints.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "devices/card/emrtd/access_key.hpp"
#include "devices/card/emrtd/card_session.hpp"
#include "devices/card/emrtd/chip_proof.hpp"
#include "devices/card/emrtd/file_reader.hpp"
#include "devices/card/emrtd/random.hpp"

namespace quay::emrtd {

/// What the caller knows of the card. PACE takes the first that is there; BAC tries the zones in their order.
struct AccessKeys {
  std::optional<Password> can{};
  std::vector<Password> zones{};  ///< at most kMostZones are tried in one session
};

inline constexpr std::size_t kMostZones = 5;  // four birthdays, and no end

enum class OpenedBy : std::uint8_t { nothing, pace, bac };

/// Does the chip have the ICAO application? Selects it. Reads nothing.
/// Errors: card_unsupported, the channel's.
Status select_application(CardSession& session);

class ChipReader {
 public:
  /// channel: not owned. piece: the longest piece that got through with this reader and kind of card; 0: not known.
  ChipReader(CardChannel& channel, AccessKeys keys, RandomSource random, std::size_t piece = 0);

  /// EF.CardAccess directly, then through the master file, then what Vietnamese cards are known to say; PACE; BAC where
  /// the chip refuses PACE. Errors: card_key_missing, card_key_refused, card_tries_low, card_unsupported, the
  /// channel's.
  Status open();

  /// A whole file. A refused piece opens the chip anew with shorter ones, as often as there are shorter ones.
  /// Errors: as read_file and open.
  Result<Bytes> read(FileId file);

  /// Opens the chip once more, from its first answer on: what it said before is forgotten. Errors: as open.
  Status open_anew();

  /// See chip_proof.hpp. A copy that agrees on keys which it does not have is found by its next answer: whatever it
  /// says under them proves that it has them. A line that fails is an error and no proof.
  Result<Proof> prove_actively(View dg15, const SecurityInfos& infos);
  Result<Proof> agree_with_chip(const SecurityInfos& infos);

  OpenedBy opened_by() const { return opened_by_; }

  /// To be remembered for this reader and kind of card.
  std::size_t piece() const { return piece_.bytes(session_); }

 private:
  Result<PaceInfo> read_card_access();
  Status open_with_zones();
  Status start_anew();

  CardChannel& channel_;
  AccessKeys keys_;
  RandomSource random_;
  PieceSize piece_;
  CardSession session_;
  OpenedBy opened_by_ = OpenedBy::nothing;
};

}  // namespace quay::emrtd
