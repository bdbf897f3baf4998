// SPDX-License-Identifier: Apache-2.0
// Bytes and BER-TLV for the simulated card. Written for the rig: the card never uses the reading side's own code, or a
// fault in it would hide itself.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace quay::rig::card {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

Bytes bytes_of(std::string_view text);
Bytes join(std::initializer_list<View> parts);

/// Big-endian, `size` bytes.
Bytes number(std::uint64_t value, std::size_t size);

/// One data object. ISO/IEC 8825-1, definite lengths. `tag` as it is spelled: 0x30, 0x5F1F, 0x7F61.
Bytes tlv(std::uint32_t tag, View value);

/// The value of the first object called `tag` at the top level of `objects`; nothing when it is not there or `objects`
/// is malformed before it.
std::optional<Bytes> find(View objects, std::uint32_t tag);

}  // namespace quay::rig::card
