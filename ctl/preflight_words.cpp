// SPDX-License-Identifier: Apache-2.0
#include "ctl/preflight_words.hpp"

#include <vector>

#include <fmt/format.h>

namespace quay::ctl {
namespace {

/// " (150 dpi; 200)", " (application/pdf; image/jpeg)", or nothing.
std::string facts_text(const protocol::Finding& finding) {
  if (finding.have && finding.allowed) {
    return fmt::format(" ({:.0f} {}; {:.0f})", *finding.have, finding.unit, *finding.allowed);
  }
  if (finding.found && finding.accepted) {
    return finding.found->empty() ? fmt::format(" ({})", *finding.accepted)
                                  : fmt::format(" ({}; {})", *finding.found, *finding.accepted);
  }
  return {};
}

}  // namespace

std::string finding_text(Language language, const protocol::Finding& finding) {
  const std::string where =
      finding.page > 0 ? fmt::format("{} {}: ", say(language, "trang", "page"), finding.page) : std::string();
  const std::string& sentence = language == Language::vi ? finding.vi : finding.en;
  return fmt::format("{}{} [{}]{}", where, sentence, finding.code, facts_text(finding));
}

std::string rules_text(Language language, const protocol::PaperRules& rules) {
  std::vector<std::string> parts{fmt::format("{}", fmt::join(rules.media_types, ", "))};
  const auto limit = [&](auto value, std::string_view vi, std::string_view en) {
    if (value > 0) {
      parts.push_back(fmt::format(fmt::runtime(say(language, vi, en)), value));
    }
  };
  limit(rules.max_bytes, "không quá {} byte", "at most {} bytes");
  limit(rules.max_pages, "không quá {} trang", "at most {} pages");
  limit(rules.min_dpi, "từ {} dpi", "{} dpi or more");
  limit(rules.max_dpi, "không quá {} dpi", "at most {} dpi");
  if (rules.colour_required) {
    parts.emplace_back(say(language, "ảnh màu", "colour"));
  }
  if (rules.pdfa_required) {
    parts.emplace_back("PDF/A");
  }
  if (!rules.shape.empty()) {
    parts.push_back(rules.shape);
  }
  if (!rules.file_name.empty()) {
    parts.push_back(rules.file_name);
  }
  return fmt::format("{}: {}", rules.kind, fmt::join(parts, ", "));
}

}  // namespace quay::ctl
