// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/tlv.hpp"

#include <fmt/format.h>

#include <limits>

namespace quay::emrtd {
namespace {

constexpr std::size_t kLongestTag = 3;
constexpr std::size_t kLongestLength = 3;  // octets after the first: 16 MiB

/// `detail` names what was expected and sizes, never bytes that were found: they may be a citizen's.
tl::unexpected<Error> malformed(std::string detail) {
  return failure(Errc::card_data_malformed, "tlv", std::move(detail));
}

struct Header {
  std::uint32_t tag = 0;
  std::size_t size = 0;  // of tag and length
  std::size_t length = 0;
};

/// Octets of the tag at the begin: 1 to 3, or 0 when it does not end.
std::size_t tag_size(View bytes) {
  constexpr std::uint8_t kMore = 0x1F, kFollows = 0x80;
  if (bytes.empty() || (bytes[0] & kMore) != kMore) {
    return bytes.empty() ? 0 : 1;
  }
  for (std::size_t i = 1; i < bytes.size() && i < kLongestTag; ++i) {
    if ((bytes[i] & kFollows) == 0) {
      return i + 1;
    }
  }
  return 0;
}

Result<Header> read_header(View bytes) {
  Header header;
  header.size = tag_size(bytes);
  if (header.size == 0) {
    return malformed("a tag that does not end within three bytes");
  }
  for (const std::uint8_t octet : bytes.first(header.size)) {
    header.tag = header.tag << 8 | octet;
  }
  if (header.size == bytes.size()) {
    return malformed("an object without its length");
  }
  const std::uint8_t first = bytes[header.size++];
  const std::size_t octets = first < 0x80 ? 0 : first & 0x7FU;
  header.length = first < 0x80 ? first : 0;
  if (first == 0x80 || octets > kLongestLength || octets > bytes.size() - header.size) {
    return malformed("an object with a length that cannot be read");
  }
  for (const std::uint8_t octet : bytes.subspan(header.size, octets)) {
    header.length = header.length << 8 | octet;
  }
  header.size += octets;
  return header;
}

}  // namespace

Result<Tlv> TlvReader::next() {
  const Result<Header> header = read_header(rest_);
  if (!header) {
    return tl::unexpected(header.error());
  }
  if (header->length > rest_.size() - header->size) {
    return malformed(
        fmt::format("an object of {} bytes where {} are left", header->length, rest_.size() - header->size));
  }
  const View whole = rest_.first(header->size + header->length);
  rest_ = rest_.subspan(whole.size());
  return Tlv{header->tag, whole.subspan(header->size), whole};
}

Result<Tlv> TlvReader::next(std::uint32_t tag) {
  Result<Tlv> found = next();
  if (found && found->tag != tag) {
    return malformed(fmt::format("another object where {:X} was expected", tag));
  }
  return found;
}

Result<std::optional<Tlv>> find_tlv(View bytes, std::uint32_t tag) {
  for (TlvReader reader(bytes); !reader.at_end();) {
    const Result<Tlv> object = reader.next();
    if (!object) {
      return tl::unexpected(object.error());
    }
    if (object->tag == tag) {
      return std::optional(*object);
    }
  }
  return std::optional<Tlv>();
}

Result<Tlv> require_tlv(View bytes, std::uint32_t tag) {
  const Result<std::optional<Tlv>> found = find_tlv(bytes, tag);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (!*found) {
    return malformed(fmt::format("object {:X} is missing", tag));
  }
  return **found;
}

Result<std::size_t> whole_size(View begin) {
  const Result<Header> header = read_header(begin);
  if (!header) {
    return tl::unexpected(header.error());
  }
  return header->size + header->length;
}

Bytes make_tlv(std::uint32_t tag, View value) {
  Bytes out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (const auto octet = static_cast<std::uint8_t>(tag >> shift); octet != 0 || !out.empty()) {
      out.push_back(octet);
    }
  }
  const std::size_t length = value.size();
  if (length >= 0x80) {
    const int octets = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    out.push_back(static_cast<std::uint8_t>(0x80 + octets));
    for (int shift = 8 * (octets - 1); shift > 0; shift -= 8) {
      out.push_back(static_cast<std::uint8_t>(length >> shift));
    }
  }
  out.push_back(static_cast<std::uint8_t>(length));
  append(out, value);
  return out;
}

Result<int> to_int(View integer) {
  if (integer.empty() || integer.size() > 4 || (integer[0] & 0x80) != 0) {
    return malformed(fmt::format("a number of {} bytes, expected one from 0 to 2147483647", integer.size()));
  }
  std::uint32_t value = 0;
  for (const std::uint8_t octet : integer) {
    value = value << 8 | octet;
  }
  return static_cast<int>(value);
}

Result<std::string> to_oid(View oid) {
  if (oid.empty() || (oid.back() & 0x80) != 0) {
    return malformed("an object identifier that does not end");
  }
  std::string out;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : oid) {
    if (arc > std::numeric_limits<std::uint64_t>::max() >> 7) {
      return malformed("an object identifier with a number too large");
    }
    arc = arc << 7 | (octet & 0x7FU);
    if ((octet & 0x80) != 0) {
      continue;
    }
    if (out.empty()) {  // the first two arcs share an octet, X.690 section 8.19.4
      const std::uint64_t first = arc < 80 ? arc / 40 : 2;
      out = fmt::format("{}.{}", first, arc - 40 * first);
    } else {
      out += fmt::format(".{}", arc);
    }
    arc = 0;
  }
  return out;
}

}  // namespace quay::emrtd
