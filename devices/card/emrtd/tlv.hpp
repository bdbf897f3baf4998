// SPDX-License-Identifier: Apache-2.0
// BER-TLV data objects (ISO/IEC 7816-4 section 6.3, ITU-T X.690): strict bounds, no copies, definite lengths only.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "devices/card/emrtd/bytes.hpp"

namespace quay::emrtd {

/// A data object. The views are parts of what was read.
struct Tlv {
  std::uint32_t tag = 0;  ///< as it is spelled: 0x61, 0x5F1F, 0x7F60
  View value{};
  View whole{};  ///< tag and length too
};

/// Reads data objects that follow each other.
class TlvReader {
 public:
  explicit TlvReader(View bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  /// The next object. Errors: card_data_malformed (cut short, a length that leads outside, a tag over three bytes).
  Result<Tlv> next();

  /// The next object, which must have this tag. Errors: card_data_malformed, naming this tag; what is there instead is
  /// not told.
  Result<Tlv> next(std::uint32_t tag);

 private:
  View rest_;
};

/// The first object with this tag among those that follow each other; nothing when there is none.
/// Errors: card_data_malformed.
Result<std::optional<Tlv>> find_tlv(View bytes, std::uint32_t tag);

/// As find_tlv, but it must be there.
Result<Tlv> require_tlv(View bytes, std::uint32_t tag);

/// How long tag, length and value of an object are together, from its first bytes (at least the header's).
/// Errors: card_data_malformed.
Result<std::size_t> whole_size(View begin);

/// An object's bytes.
Bytes make_tlv(std::uint32_t tag, View value);

/// The number of a DER INTEGER's value octets. Errors: card_data_malformed (negative or above 2^31 - 1).
Result<int> to_int(View integer);

/// The decimal spelling of an OBJECT IDENTIFIER's value octets. Errors: card_data_malformed.
Result<std::string> to_oid(View oid);

}  // namespace quay::emrtd
