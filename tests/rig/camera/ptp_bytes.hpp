// SPDX-License-Identifier: Apache-2.0
// PTP datasets as bytes: little endian, strings and arrays as ISO 15740:2013 section 5.3 has them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tests/rig/pictures/jpeg.hpp"

namespace quay::rig {

class PtpWriter {
 public:
  PtpWriter& u8(std::uint8_t value) { return little_endian(value, 1); }
  PtpWriter& u16(std::uint16_t value) { return little_endian(value, 2); }
  PtpWriter& u32(std::uint32_t value) { return little_endian(value, 4); }
  PtpWriter& u64(std::uint64_t value) { return little_endian(value, 8); }
  /// ASCII only. The length counts the closing zero; an empty string is one zero byte.
  PtpWriter& text(std::string_view ascii);
  PtpWriter& codes(std::span<const std::uint16_t> codes);
  PtpWriter& handles(std::span<const std::uint32_t> handles);
  PtpWriter& bytes(std::span<const std::uint8_t> bytes);

  Bytes take() { return std::move(bytes_); }

 private:
  PtpWriter& little_endian(std::uint64_t value, int bytes);

  Bytes bytes_;
};

/// Reads what a host sends. After the end every read gives 0.
class PtpReader {
 public:
  explicit PtpReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(little_endian(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(little_endian(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(little_endian(4)); }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::uint64_t little_endian(std::size_t count);

  std::span<const std::uint8_t> bytes_;
};

}  // namespace quay::rig
