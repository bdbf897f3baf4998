// SPDX-License-Identifier: Apache-2.0
// One reading of one chip, part by part: identity (DG1), details (DG13), portrait (DG2), authenticity. A card that is
// torn away and laid back soon goes on where it stopped; one that another program has reset is opened anew.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "devices/card/card_link.hpp"
#include "devices/card/chip_files.hpp"
#include "devices/card/field_filter.hpp"
#include "devices/card/slot_choice.hpp"
#include "devices/worker/device.hpp"

namespace quay::card {

/// The longest piece that got through, by reader and kind of card (its answer to reset).
using PieceBook = std::map<std::string, std::size_t>;

/// What a reading works with; all of it outlives the job.
struct ChipDesk {
  SlotWatch& watch;
  PieceBook& pieces;
  std::filesystem::path trust;
  const Log& log;
};

class ChipJob {
 public:
  ChipJob(ChipDesk desk, const worker::frames::ReadCard& order, worker::Job& job)
      : desk_(std::move(desk)), order_(order), job_(job), filter_(order.fields) {}

  /// Errors: card_absent (none came in time), card_removed, card_mute, card_key_missing, card_key_refused,
  /// card_tries_low, card_unsupported (no identity card, or one that opens in no way known), card_data_malformed (its
  /// zone or its portrait cannot be read), card_protocol, device_busy, device_absent, card_service_down,
  /// scan_cancelled.
  worker::Outcome run();

 private:
  /// What is sent already.
  struct Sent {
    bool identity = false;
    bool details = false;
    bool portrait = false;
  };

  Status wait_for_card(Deadline until);
  bool is_misplaced() const;
  bool may_come(const Error& error) const;
  Status try_once();
  Status read_parts(emrtd::ChipReader& chip);
  Result<emrtd::Bytes> read_needed(emrtd::ChipReader& chip, emrtd::FileId file);
  Status read_identity(emrtd::ChipReader& chip);
  Status read_details(emrtd::ChipReader& chip);
  Status read_portrait(emrtd::ChipReader& chip);
  Status read_authenticity(emrtd::ChipReader& chip);
  Result<emrtd::AccessKeys> keys() const;
  std::optional<Milliseconds> patience_after(const Error& error);

  ChipDesk desk_;
  const worker::frames::ReadCard& order_;
  worker::Job& job_;
  FieldFilter filter_;
  ChipFiles files_;
  Sent sent_;
  std::optional<identity::Facts> zone_;
  bool met_ = false;  ///< the last try found an identity card: what failed then, fails again
  int tears_ = 0;
  int resets_ = 0;
};

}  // namespace quay::card
