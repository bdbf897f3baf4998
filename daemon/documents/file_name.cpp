// SPDX-License-Identifier: Apache-2.0
#include "daemon/documents/file_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include <fmt/format.h>

namespace quay::daemon::documents {
namespace {

constexpr std::size_t kLongestCode = 60;
constexpr std::size_t kMostGroups = 6;
constexpr std::size_t kLongestGroup = 8;
constexpr std::size_t kLeastSerial = 4;
constexpr std::size_t kMostSerial = 8;
constexpr std::array<std::string_view, 5> kParts{"code", "nnn", "n", "kind", "ext"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

/// H26, H26.12 or 000.01.14.H26: groups of capitals and digits, one of them with a letter.
bool is_agency(std::string_view text) {
  const auto groups = split(text, '.');
  const auto fits = [](std::string_view group) {
    const auto allowed = [](char c) { return is_digit(c) || is_capital(c); };
    return !group.empty() && group.size() <= kLongestGroup && std::all_of(group.begin(), group.end(), allowed);
  };
  const bool lettered = std::any_of(text.begin(), text.end(), is_capital);
  return lettered && groups.size() <= kMostGroups && std::all_of(groups.begin(), groups.end(), fits);
}

int two_digits(std::string_view text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

/// YYMMDD of this century.
bool is_day(std::string_view text) {
  if (text.size() != 6 || !all_digits(text)) {
    return false;
  }
  const std::chrono::year_month_day day{std::chrono::year(2000 + two_digits(text)),
                                        std::chrono::month(static_cast<unsigned>(two_digits(text.substr(2)))),
                                        std::chrono::day(static_cast<unsigned>(two_digits(text.substr(4))))};
  return day.ok();
}

bool is_serial(std::string_view text) {
  return all_digits(text) && text.size() >= kLeastSerial && text.size() <= kMostSerial;
}

std::string_view extension_of(std::string_view media_type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kExtensions{
      {{"application/pdf", "pdf"}, {"image/jpeg", "jpg"}, {"image/png", "png"}}};
  const auto* found = std::find_if(kExtensions.begin(), kExtensions.end(),
                                   [media_type](const auto& row) { return row.first == media_type; });
  return found == kExtensions.end() ? std::string_view() : found->second;
}

std::string value_of(std::string_view part, const NameParts& parts) {
  if (part == "code") {
    return parts.code;
  }
  if (part == "kind") {
    return parts.kind;
  }
  if (part == "ext") {
    return std::string(extension_of(parts.media_type));
  }
  if (parts.ordinal < 1) {
    return {};
  }
  return part == "nnn" ? fmt::format("{:03}", parts.ordinal) : fmt::format("{}", parts.ordinal);
}

/// Calls `literal` with text between parts and `part` with the name of each. False when a brace has no fellow.
template <class Literal, class Part>
bool walk(std::string_view rule, const Literal& literal, const Part& part) {
  while (!rule.empty()) {
    const std::size_t open = rule.find_first_of("{}");
    literal(rule.substr(0, open));
    if (open == std::string_view::npos) {
      return true;
    }
    const std::size_t close = rule.find('}', open);
    if (rule[open] == '}' || close == std::string_view::npos) {
      return false;
    }
    part(rule.substr(open + 1, close - open - 1));
    rule.remove_prefix(close + 1);
  }
  return true;
}

}  // namespace

Status check_code(const std::string& code) {
  const auto refuse = [](std::string_view text) {
    return failure(Errc::document_code_invalid, "document.code", fmt::format("/args/code: {}", text));
  };
  const auto parts = split(code, '-');
  if (code.size() > kLongestCode || parts.size() != 3) {
    return refuse("AGENCY-YYMMDD-SERIAL was expected, as H26.12-260101-0001");
  }
  if (!is_agency(parts[0])) {
    return refuse("the agency has a form other than H26, H26.12 or 000.01.14.H26");
  }
  if (!is_day(parts[1])) {
    return refuse("the day is none, YYMMDD was expected");
  }
  if (!is_serial(parts[2])) {
    return refuse("the serial number has not 4 to 8 digits");
  }
  return {};
}

std::optional<std::string> file_name(const std::string& rule, const NameParts& parts) {
  std::string name;
  bool complete = true;
  const auto literal = [&](std::string_view text) { name += text; };
  const auto fill = [&](std::string_view part) {
    const std::string value = value_of(part, parts);
    complete = complete && !value.empty();
    name += value;
  };
  const bool whole = walk(rule, literal, fill);
  return whole && complete && !name.empty() ? std::optional(std::move(name)) : std::nullopt;
}

std::optional<std::string> mistake_in_rule(const std::string& rule) {
  std::optional<std::string> mistake;
  const auto literal = [&](std::string_view text) {
    const auto odd = [](char c) {
      return !is_digit(c) && !is_capital(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_';
    };
    if (std::any_of(text.begin(), text.end(), odd)) {
      mistake = "letters, digits, point, hyphen and underline between the parts";
    }
  };
  const auto part = [&](std::string_view name) {
    if (std::find(kParts.begin(), kParts.end(), name) == kParts.end()) {
      mistake = "the parts {code}, {nnn}, {n}, {kind} and {ext}";
    }
  };
  if (!walk(rule, literal, part)) {
    return "a closing brace for each opening one";
  }
  return mistake;
}

}  // namespace quay::daemon::documents
