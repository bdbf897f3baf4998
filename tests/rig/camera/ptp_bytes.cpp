// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/camera/ptp_bytes.hpp"

namespace quay::rig {

PtpWriter& PtpWriter::little_endian(std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  return *this;
}

PtpWriter& PtpWriter::text(std::string_view ascii) {
  if (ascii.empty()) {
    return u8(0);
  }
  u8(static_cast<std::uint8_t>(ascii.size() + 1));
  for (const char c : ascii) {
    u16(static_cast<std::uint8_t>(c));
  }
  return u16(0);
}

PtpWriter& PtpWriter::codes(std::span<const std::uint16_t> codes) {
  u32(static_cast<std::uint32_t>(codes.size()));
  for (const std::uint16_t code : codes) {
    u16(code);
  }
  return *this;
}

PtpWriter& PtpWriter::handles(std::span<const std::uint32_t> handles) {
  u32(static_cast<std::uint32_t>(handles.size()));
  for (const std::uint32_t handle : handles) {
    u32(handle);
  }
  return *this;
}

PtpWriter& PtpWriter::bytes(std::span<const std::uint8_t> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

std::uint64_t PtpReader::little_endian(std::size_t count) {
  if (bytes_.size() < count) {
    bytes_ = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= static_cast<std::uint64_t>(bytes_[i]) << (8 * i);
  }
  bytes_ = bytes_.subspan(count);
  return value;
}

}  // namespace quay::rig
