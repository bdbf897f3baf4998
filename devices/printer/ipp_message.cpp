// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/ipp_message.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/text.hpp"

namespace quay::printer {
namespace {

bool is_text(ipp_tag_t kind) {
  switch (kind) {
    case IPP_TAG_TEXT:
    case IPP_TAG_NAME:
    case IPP_TAG_KEYWORD:
    case IPP_TAG_URI:
    case IPP_TAG_URISCHEME:
    case IPP_TAG_CHARSET:
    case IPP_TAG_LANGUAGE:
    case IPP_TAG_MIMETYPE:
    case IPP_TAG_TEXTLANG:
    case IPP_TAG_NAMELANG: return true;
    default: return false;
  }
}

bool is_number(ipp_attribute_t* attribute) {
  const ipp_tag_t kind = ippGetValueTag(attribute);
  return kind == IPP_TAG_INTEGER || kind == IPP_TAG_ENUM;
}

/// What no list of a printer needs, and no text: RFC 8011 section 5.1 allows 1023 bytes.
constexpr int kMostValues = 1024;
constexpr std::size_t kLongestText = 1023;

/// ISO 8859-1 as UTF-8: printers from before UTF-8 write it, whatever attributes-charset says.
std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char one : text) {
    const auto byte = static_cast<unsigned char>(one);
    if (byte < 0x80) {
      out += one;
    } else {
      out += static_cast<char>(0xC0U | byte >> 6U);
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

std::string text_at(ipp_attribute_t* attribute, int index) {
  const char* text = ippGetString(attribute, index, nullptr);
  if (text == nullptr) {
    return {};
  }
  std::string readable = is_utf8(text) ? std::string(text) : from_latin1(text);
  std::replace_if(
      readable.begin(), readable.end(), [](unsigned char one) { return one < ' ' || one == 0x7F; }, ' ');
  return std::string(cut_utf8(readable, kLongestText));
}

int count_of(ipp_attribute_t* attribute) { return std::min(ippGetCount(attribute), kMostValues); }

}  // namespace

IppMessage IppMessage::request(ipp_op_t operation, const std::string& printer_uri, const std::string& user) {
  IppMessage message(ippNewRequest(operation));
  message.add_text(IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", printer_uri);
  message.add_text(IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", user);
  return message;
}

void IppMessage::add_text(ipp_tag_t group, ipp_tag_t kind, const char* name, const std::string& value) {
  ippAddString(get(), group, kind, name, nullptr, value.c_str());
}

void IppMessage::add_integer(ipp_tag_t group, ipp_tag_t kind, const char* name, int value) {
  ippAddInteger(get(), group, kind, name, value);
}

void IppMessage::add_boolean(ipp_tag_t group, const char* name, bool value) {
  ippAddBoolean(get(), group, name, value ? 1 : 0);
}

void IppMessage::add_keywords(ipp_tag_t group, const char* name, const std::vector<std::string>& values) {
  std::vector<const char*> words;
  words.reserve(values.size());
  for (const std::string& value : values) {
    words.push_back(value.c_str());
  }
  ippAddStrings(get(), group, IPP_TAG_KEYWORD, name, static_cast<int>(words.size()), nullptr, words.data());
}

std::string IppMessage::text(const char* name) const {
  const std::vector<std::string> all = texts(name);
  return all.empty() ? std::string() : all.front();
}

std::vector<std::string> IppMessage::texts(const char* name) const {
  std::vector<std::string> all;
  ipp_attribute_t* attribute = ippFindAttribute(get(), name, IPP_TAG_ZERO);
  if (attribute == nullptr || !is_text(ippGetValueTag(attribute))) {
    return all;
  }
  for (int index = 0; index < count_of(attribute); ++index) {
    all.push_back(text_at(attribute, index));
  }
  return all;
}

std::vector<int> IppMessage::integers(const char* name) const {
  std::vector<int> all;
  ipp_attribute_t* attribute = ippFindAttribute(get(), name, IPP_TAG_ZERO);
  if (attribute == nullptr || !is_number(attribute)) {
    return all;
  }
  for (int index = 0; index < count_of(attribute); ++index) {
    all.push_back(ippGetInteger(attribute, index));
  }
  return all;
}

std::optional<int> IppMessage::integer(const char* name) const {
  const std::vector<int> all = integers(name);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<bool> IppMessage::boolean(const char* name) const {
  ipp_attribute_t* attribute = ippFindAttribute(get(), name, IPP_TAG_BOOLEAN);
  return attribute == nullptr ? std::nullopt : std::optional(ippGetBoolean(attribute, 0) != 0);
}

std::optional<int> IppMessage::most(const char* name) const {
  ipp_attribute_t* attribute = ippFindAttribute(get(), name, IPP_TAG_RANGE);
  int upper = 0;
  if (attribute == nullptr) {
    return std::nullopt;
  }
  ippGetRange(attribute, 0, &upper);
  return upper;
}

}  // namespace quay::printer
