// SPDX-License-Identifier: Apache-2.0
#include "devices/card/emrtd/data_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/encoding.hpp"
#include "devices/card/emrtd/tlv.hpp"

namespace quay::emrtd {
namespace {

constexpr std::uint32_t kInteger = 0x02, kOctets = 0x04, kSequence = 0x30, kSet = 0x31;
constexpr std::uint32_t kUtf8Text = 0x0C, kPrintableText = 0x13, kIa5Text = 0x16;

tl::unexpected<Error> malformed(const char* what) { return failure(Errc::card_data_malformed, "data_group", what); }

/// The value behind a path of tags.
Result<View> value_at(View bytes, std::initializer_list<std::uint32_t> path) {
  for (const std::uint32_t tag : path) {
    const auto object = require_tlv(bytes, tag);
    if (!object) {
      return tl::unexpected(object.error());
    }
    bytes = object->value;
  }
  return bytes;
}

std::string text_of(View bytes) { return {bytes.begin(), bytes.end()}; }

/// Tags of the data groups 1 to 16 in EF.COM, 9303-10 table 38.
constexpr std::array<std::uint8_t, 16> kGroupTags{0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
                                                  0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70};

std::uint32_t u32(View bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

bool starts_with(View bytes, View begin) {
  return bytes.size() >= begin.size() && std::equal(begin.begin(), begin.end(), bytes.begin());
}

std::optional<PortraitFormat> format_of(View image) {
  constexpr std::array<std::uint8_t, 3> kJpeg{0xFF, 0xD8, 0xFF};
  constexpr std::array<std::uint8_t, 8> kJp2{0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20};
  constexpr std::array<std::uint8_t, 4> kCodestream{0xFF, 0x4F, 0xFF, 0x51};
  if (starts_with(image, kJpeg)) {
    return PortraitFormat::jpeg;
  }
  return starts_with(image, kJp2) || starts_with(image, kCodestream) ? std::optional(PortraitFormat::jpeg2000)
                                                                     : std::nullopt;
}

/// Where the image begins in a facial record: ISO/IEC 19794-5 section 5, fixed parts and eight bytes a feature point.
Result<View> image_of_record(View record) {
  constexpr std::array<std::uint8_t, 4> kFace{'F', 'A', 'C', 0};
  constexpr std::size_t kRecordHeader = 14, kFacialInformation = 20, kFeature = 8, kImageInformation = 12;
  constexpr std::size_t kFixed = kRecordHeader + kFacialInformation + kImageInformation;
  if (!starts_with(record, kFace) || record.size() < kFixed) {
    return malformed("a facial record without its header");
  }
  const View facial = record.subspan(kRecordHeader);
  const std::size_t features = static_cast<std::size_t>(facial[4]) << 8 | facial[5];
  const std::size_t block = u32(facial), head = kFixed - kRecordHeader + features * kFeature;
  if (block > facial.size() || head >= block) {
    return malformed("a facial record shorter than it says");
  }
  return facial.first(block).subspan(head);
}

/// Texts of a field's value, and of what is nested in it, to a depth that no card needs.
void collect_texts(const Tlv& object, int depth, std::vector<std::string>& texts) {
  constexpr int kDeepest = 4;
  if (object.tag == kUtf8Text || object.tag == kPrintableText || object.tag == kIa5Text) {
    if (std::string text = text_of(object.value); is_utf8(text)) {
      texts.push_back(std::move(text));
    }
  } else if ((object.tag == kSequence || object.tag == kSet) && depth < kDeepest) {
    for (TlvReader reader(object.value); !reader.at_end();) {
      const auto inner = reader.next();
      if (!inner) {
        return;
      }
      collect_texts(*inner, depth + 1, texts);
    }
  }
}

/// SEQUENCE { INTEGER n, value... }
Result<std::pair<int, std::vector<std::string>>> parse_field(const Tlv& field) {
  TlvReader reader(field.value);
  const auto number = reader.next(kInteger);
  const auto n = number ? to_int(number->value) : tl::unexpected(number.error());
  if (!n) {
    return tl::unexpected(n.error());
  }
  std::vector<std::string> texts;
  while (!reader.at_end()) {
    const auto value = reader.next();
    if (!value) {
      return tl::unexpected(value.error());
    }
    collect_texts(*value, 0, texts);
  }
  return std::pair{*n, std::move(texts)};
}

/// Some cards wrap the content in an OCTET STRING.
Result<View> dg13_content(View file) {
  auto content = value_at(file, {0x6D});
  const auto wrapped = content ? find_tlv(*content, kOctets) : tl::unexpected(content.error());
  return wrapped && *wrapped && content->data() == (*wrapped)->whole.data() ? Result<View>((*wrapped)->value) : content;
}

}  // namespace

Result<std::vector<int>> parse_com(View file) {
  const auto tags = value_at(file, {0x60, 0x5C});
  if (!tags) {
    return tl::unexpected(tags.error());
  }
  std::vector<int> groups;
  for (const std::uint8_t tag : *tags) {
    const auto* known = std::find(kGroupTags.begin(), kGroupTags.end(), tag);
    if (known != kGroupTags.end()) {
      groups.push_back(static_cast<int>(known - kGroupTags.begin()) + 1);
    }
  }
  return groups;
}

Result<std::string> parse_dg1(View file) {
  const auto zone = value_at(file, {0x61, 0x5F1F});
  if (!zone) {
    return tl::unexpected(zone.error());
  }
  constexpr std::array<std::size_t, 3> kSizes{90, 88, 72};  // TD1, TD3, TD2
  const bool known = std::find(kSizes.begin(), kSizes.end(), zone->size()) != kSizes.end();
  const bool clean = std::all_of(zone->begin(), zone->end(), [](std::uint8_t c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
  });
  return known && clean ? Result<std::string>(text_of(*zone)) : malformed("a machine-readable zone that is none");
}

Result<Portrait> parse_dg2(View file) {
  const auto templates = value_at(file, {0x75, 0x7F61, 0x7F60});
  if (!templates) {
    return tl::unexpected(templates.error());
  }
  for (const std::uint32_t tag : {0x5F2EU, 0x7F2EU}) {
    const auto record = find_tlv(*templates, tag);
    if (!record || !*record) {
      continue;
    }
    const auto image = image_of_record((*record)->value);
    if (!image) {
      return tl::unexpected(image.error());
    }
    const std::optional<PortraitFormat> format = format_of(*image);
    return format ? Result<Portrait>(Portrait{*format, to_bytes(*image)})
                  : malformed("a portrait that is neither JPEG nor JPEG 2000");
  }
  return malformed("a biometric template without its data");
}

Result<VietnameseFields> parse_dg13(View file) {
  const auto content = dg13_content(file);
  const auto sequence = content ? value_at(*content, {kSequence}) : content;
  const auto set = sequence ? value_at(*sequence, {kSet}) : sequence;
  if (!set) {
    return tl::unexpected(set.error());
  }
  VietnameseFields fields;
  for (TlvReader reader(*set); !reader.at_end();) {
    const auto field = reader.next(kSequence);
    auto parsed = field ? parse_field(*field) : tl::unexpected(field.error());
    if (!parsed) {
      return tl::unexpected(parsed.error());
    }
    if (!parsed->second.empty()) {
      fields[parsed->first] = std::move(parsed->second);
    }
  }
  return fields;
}

}  // namespace quay::emrtd
