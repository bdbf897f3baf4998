// SPDX-License-Identifier: Apache-2.0
// Elementary files of the chip (ICAO 9303-10 section 3), read in pieces that the reader and the card can bear: what
// readers claim is often not true, so a piece that is refused makes all later ones shorter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.hpp"
#include "devices/card/emrtd/card_session.hpp"

namespace quay::emrtd {

enum class FileId : std::uint16_t {
  card_access = 0x011C,
  com = 0x011E,
  sod = 0x011D,
  dg1 = 0x0101,
  dg2 = 0x0102,
  dg13 = 0x010D,
  dg14 = 0x010E,
  dg15 = 0x010F,
};

/// How much is asked for at a time. Starts where the caller knows that this reader and kind of card got through before.
class PieceSize {
 public:
  /// bytes: the longest piece to try; as long as the session's short answer allows when that is less or `bytes` is 0.
  /// Above 256 bytes it takes extended commands.
  explicit PieceSize(std::size_t bytes = 0) : bytes_(bytes) {}

  std::size_t bytes(const CardSession& session) const;

  /// The next shorter piece: the short answer, 160, 128. False when there is none.
  bool step_down(const CardSession& session);

 private:
  std::size_t bytes_;
};

/// SELECT of an elementary file under the application that is selected (ISO/IEC 7816-4 section 7.1.1).
CommandApdu select_command(FileId file);

/// SELECT and READ BINARY of a whole file, whose length its first object tells.
/// Errors: card_unsupported with native "6A82" when there is no such file, "6982" when it may not be read (both as they
/// are in `native`); card_protocol when a piece was refused in a way that ended the session (`size` is then shorter);
/// card_data_malformed when it is no data object or longer than 65535 bytes; the channel's.
Result<Bytes> read_file(CardSession& session, FileId file, PieceSize& size);

}  // namespace quay::emrtd
