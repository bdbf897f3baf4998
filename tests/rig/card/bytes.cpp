// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/card/bytes.hpp"

namespace quay::rig::card {
namespace {

/// Takes the bytes of a tag from the front of `rest`; 0 when there is none.
std::uint32_t take_tag(View& rest) {
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < rest.size() && i < 4; ++i) {
    tag = (tag << 8) | rest[i];
    const bool goes_on = i == 0 ? (rest[i] & 0x1FU) == 0x1FU : (rest[i] & 0x80U) != 0;
    if (!goes_on) {
      rest = rest.subspan(i + 1);
      return tag;
    }
  }
  return 0;
}

std::optional<std::size_t> take_length(View& rest) {
  if (rest.empty()) {
    return std::nullopt;
  }
  std::size_t length = rest[0];
  rest = rest.subspan(1);
  if (length < 0x80) {
    return length;
  }
  const std::size_t size = length & 0x7FU;
  if (size == 0 || size > 3 || size > rest.size()) {
    return std::nullopt;
  }
  length = 0;
  for (std::size_t i = 0; i < size; ++i) {
    length = (length << 8) | rest[i];
  }
  rest = rest.subspan(size);
  return length;
}

}  // namespace

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Bytes join(std::initializer_list<View> parts) {
  Bytes all;
  for (const View part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Bytes number(std::uint64_t value, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = size; i-- > 0; value >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(value);
  }
  return bytes;
}

Bytes tlv(std::uint32_t tag, View value) {
  std::size_t tag_size = 1;
  while (tag_size < 4 && (tag >> (8 * tag_size)) != 0) {
    ++tag_size;
  }
  Bytes length;
  if (value.size() < 0x80) {
    length = number(value.size(), 1);
  } else if (value.size() < 0x100) {
    length = join({Bytes{0x81}, number(value.size(), 1)});
  } else {
    length = join({Bytes{0x82}, number(value.size(), 2)});
  }
  return join({number(tag, tag_size), length, value});
}

std::optional<Bytes> find(View objects, std::uint32_t tag) {
  while (!objects.empty()) {
    const std::uint32_t found = take_tag(objects);
    const auto length = take_length(objects);
    if (found == 0 || !length || *length > objects.size()) {
      return std::nullopt;
    }
    if (found == tag) {
      return Bytes(objects.begin(), objects.begin() + static_cast<std::ptrdiff_t>(*length));
    }
    objects = objects.subspan(*length);
  }
  return std::nullopt;
}

}  // namespace quay::rig::card
