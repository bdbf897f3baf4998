// SPDX-License-Identifier: Apache-2.0
#include "daemon/documents/preflight.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "daemon/documents/file_name.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::daemon::documents {
namespace {

using protocol::Finding;
using protocol::Mend;
using protocol::MendAction;
using protocol::PaperRules;
using protocol::Severity;

constexpr double kDpiSlack = 0.005;  // a scanner's 199.9 is 200
constexpr double kSizeSlack = 0.01;  // of a length; Circular 05/2025: scale 100 %
constexpr double kSizeSlackMm = 2.5;
constexpr double kShapeSlack = 0.03;

Finding beyond(Errc code, double have, double allowed, std::string unit) {
  Finding found = finding_of(code);
  found.have = have;
  found.allowed = allowed;
  found.unit = std::move(unit);
  return found;
}

Finding other_than(Errc code, std::string found_text, std::string accepted) {
  Finding found = finding_of(code);
  found.found = std::move(found_text);
  found.accepted = std::move(accepted);
  return found;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

bool among(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::int32_t floor_dpi(const PaperRules& rules) { return std::max(kLegalFloorDpi, rules.min_dpi); }

/// Pages that can be made smaller without going below what law and portal want.
std::vector<std::int32_t> reducible(const PaperRules& rules, const FileFacts& file, std::uint64_t heavier_than) {
  std::vector<std::int32_t> pages;
  for (std::size_t i = 0; i < file.pages.size(); ++i) {
    const bool fine = file.pages[i].dpi > floor_dpi(rules) * (1 + kDpiSlack);
    if (fine && file.pages[i].bytes > heavier_than) {
      pages.push_back(static_cast<std::int32_t>(i + 1));
    }
  }
  return pages;
}

/// Pages in their order, cut into files that keep both limits (0: none). The sum of single-page files is never less
/// than the file that binds them. Empty when a page alone is too large.
std::vector<std::vector<std::int32_t>> parts_within(const FileFacts& file, std::uint64_t bytes, std::int32_t pages) {
  std::vector<std::vector<std::int32_t>> parts;
  std::uint64_t filled = 0;
  for (std::size_t i = 0; i < file.pages.size(); ++i) {
    const std::uint64_t more = file.pages[i].bytes;
    if (bytes > 0 && more > bytes) {
      return {};
    }
    const bool full = bytes > 0 && filled + more > bytes;
    const bool counted = !parts.empty() && pages > 0 && parts.back().size() >= static_cast<std::size_t>(pages);
    if (parts.empty() || full || counted) {
      parts.emplace_back();
      filled = 0;
    }
    parts.back().push_back(static_cast<std::int32_t>(i + 1));
    filled += more;
  }
  return parts;
}

Mend split_or_rework(const PaperRules& rules, const FileFacts& file, std::uint64_t limit) {
  Mend mend;
  mend.parts = parts_within(file, limit, rules.max_pages);
  if (mend.parts.size() > 1) {
    mend.action = MendAction::split;
    return mend;
  }
  mend.parts.clear();
  mend.pages = reducible(rules, file, file.pages.size() > 1 ? limit : 0);
  mend.action = mend.pages.empty() ? MendAction::none : MendAction::rework;
  mend.dpi = mend.pages.empty() ? 0 : floor_dpi(rules);
  return mend;
}

/// Adds what is wrong to a list; one function a rule.
struct Check {
  const PaperRules& rules;
  const FileFacts& file;
  std::uint64_t max_bytes;
  std::vector<Finding>& found;

  void add(Finding one, Mend mend = {}) const {
    one.mend = std::move(mend);
    found.push_back(std::move(one));
  }
  void add_page(std::size_t index, Finding one, MendAction action, std::int32_t dpi = 0) const {
    one.page = static_cast<std::int32_t>(index + 1);
    Mend mend;
    mend.action = action;
    mend.pages = {one.page};
    mend.dpi = dpi;
    add(std::move(one), std::move(mend));
  }
};

void check_type(const Check& check) {
  if (check.rules.media_types.empty() || among(check.rules.media_types, check.file.media_type)) {
    return;
  }
  Mend mend;
  for (const auto& [type, format] : {std::pair{"application/pdf", "pdf"}, std::pair{"image/jpeg", "jpeg"}}) {
    if (among(check.rules.media_types, type) && mend.action == MendAction::none) {
      mend.action = MendAction::rework;
      mend.format = format;
    }
  }
  check.add(other_than(Errc::portal_media_type, check.file.media_type, joined(check.rules.media_types)),
            std::move(mend));
}

void check_bytes(const Check& check) {
  std::uint64_t limit = check.rules.max_bytes;
  if (check.max_bytes > 0) {
    limit = limit == 0 ? check.max_bytes : std::min(limit, check.max_bytes);
  }
  if (limit > 0 && check.file.bytes > limit) {
    check.add(
        beyond(Errc::portal_file_too_large, static_cast<double>(check.file.bytes), static_cast<double>(limit), "bytes"),
        split_or_rework(check.rules, check.file, limit));
  }
}

void check_page_count(const Check& check) {
  const auto pages = static_cast<std::int32_t>(check.file.pages.size());
  if (check.rules.max_pages == 0 || pages <= check.rules.max_pages) {
    return;
  }
  Mend mend;
  mend.action = MendAction::split;
  mend.parts = parts_within(check.file, 0, check.rules.max_pages);
  check.add(beyond(Errc::portal_too_many_pages, pages, check.rules.max_pages, "pages"), std::move(mend));
}

void check_pdf(const Check& check) {
  if (check.file.media_type != "application/pdf") {
    return;
  }
  const auto wanted = pdf_version(check.rules.pdf_min_version);
  if (wanted && pdf_version(check.file.pdf_version).value_or(0) < *wanted) {
    check.add(other_than(Errc::portal_pdf_version, check.file.pdf_version, check.rules.pdf_min_version + " +"));
  }
  if (check.rules.pdfa_required && !check.file.pdfa) {
    check.add(other_than(Errc::portal_pdfa_required, "PDF", "PDF/A"));
  }
}

void check_name(const Check& check) {
  if (!check.rules.file_name.empty() && name_of(check.rules, check.file).empty()) {
    Mend mend;
    mend.action = MendAction::name;
    check.add(other_than(Errc::portal_file_name, "", check.rules.file_name), std::move(mend));
  }
}

void check_resolution(const Check& check, std::size_t index) {
  const PageFacts& page = check.file.pages[index];
  const double have = page.scan_dpi > 0 ? std::min(page.dpi, page.scan_dpi) : page.dpi;
  const std::int32_t least = check.rules.min_dpi;
  if (least > 0 && have < least * (1 - kDpiSlack)) {
    const bool raw_is_enough = page.scan_dpi >= least * (1 - kDpiSlack);
    check.add_page(index, beyond(Errc::portal_resolution_low, have, least, "dpi"),
                   raw_is_enough ? MendAction::rework : MendAction::rescan, least);
  }
  const std::int32_t most = check.rules.max_dpi;
  if (most > 0 && page.dpi > most * (1 + kDpiSlack)) {
    check.add_page(index, beyond(Errc::portal_resolution_high, page.dpi, most, "dpi"), MendAction::rework, most);
  }
}

bool has_size(const PageFacts& page, std::pair<double, double> size) {
  const auto near = [](double have, double want) {
    return std::abs(have - want) <= std::max(kSizeSlackMm, want * kSizeSlack);
  };
  const auto [width, height] = size;
  return (near(page.width_mm, width) && near(page.height_mm, height)) ||
         (near(page.width_mm, height) && near(page.height_mm, width));
}

void check_size(const Check& check, std::size_t index) {
  const PageFacts& page = check.file.pages[index];
  const auto fits = [&](const std::string& text) {
    const auto size = paper_size(text);
    return size && has_size(page, *size);
  };
  const std::vector<std::string>& sizes = check.rules.page_sizes;
  if (!sizes.empty() && std::none_of(sizes.begin(), sizes.end(), fits)) {
    check.add_page(
        index,
        other_than(Errc::portal_page_size, fmt::format("{:.0f}x{:.0f}", page.width_mm, page.height_mm), joined(sizes)),
        MendAction::rescan);
  }
}

void check_colour(const Check& check, std::size_t index) {
  const int bits = check.file.pages[index].bits;
  if (check.rules.colour_required && bits < 24) {
    Finding found = beyond(Errc::portal_colour_required, bits, 24, "bits");
    check.add_page(index, std::move(found), MendAction::rescan);
  }
}

void check_pixels(const Check& check, std::size_t index) {
  const PageFacts& page = check.file.pages[index];
  if (page.width_px < check.rules.min_width_px) {
    check.add_page(index, beyond(Errc::portal_pixels_low, page.width_px, check.rules.min_width_px, "px"),
                   MendAction::rescan);
  } else if (page.height_px < check.rules.min_height_px) {
    check.add_page(index, beyond(Errc::portal_pixels_low, page.height_px, check.rules.min_height_px, "px"),
                   MendAction::rescan);
  }
  const auto wanted = shape(check.rules.shape);
  if (wanted && page.height_px > 0) {
    const double have = static_cast<double>(page.width_px) / page.height_px;
    if (std::abs(have - *wanted) > *wanted * kShapeSlack) {
      check.add_page(index,
                     other_than(Errc::portal_picture_shape, fmt::format("{}:{}", page.width_px, page.height_px),
                                check.rules.shape),
                     MendAction::rescan);
    }
  }
}

void remark_on(const Check& check, std::size_t index) {
  const PageFacts& page = check.file.pages[index];
  const auto remark = [&](Errc code, MendAction action) {
    Finding found = finding_of(code);
    found.severity = Severity::remark;
    check.add_page(index, std::move(found), action);
  };
  if (page.scale_estimated) {
    remark(Errc::portal_scale_estimated, MendAction::rescan);
  }
  if (page.blank) {
    remark(Errc::portal_page_blank, MendAction::drop);
  }
}

bool refused(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& one) { return one.severity == Severity::refused; });
}

void check_dossier(const protocol::Portal& portal, std::span<const FileFacts> files,
                   protocol::PreflightResult& result) {
  if (portal.max_dossier_bytes > 0 && result.bytes > portal.max_dossier_bytes) {
    result.dossier.push_back(beyond(Errc::portal_dossier_too_large, static_cast<double>(result.bytes),
                                    static_cast<double>(portal.max_dossier_bytes), "bytes"));
  }
  const auto count = static_cast<std::int32_t>(files.size());
  if (portal.max_files > 0 && count > portal.max_files) {
    result.dossier.push_back(beyond(Errc::portal_too_many_files, count, portal.max_files, "files"));
    result.dossier.back().mend.action = MendAction::join;
  }
  std::set<std::string> names;
  for (const protocol::PreflightFileResult& file : result.files) {
    if (!file.name.empty() && !names.insert(file.name).second) {
      result.dossier.push_back(other_than(Errc::portal_file_name, file.name, "a name of its own"));
      result.dossier.back().mend.action = MendAction::name;
    }
  }
}

/// A number that is all of `text`, digits and points only.
std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && value > 0;
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<std::pair<double, double>> pair_of(std::string_view text, char between) {
  const std::size_t at = text.find(between);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const auto first = number(text.substr(0, at));
  const auto second = number(text.substr(at + 1));
  return first && second ? std::optional(std::pair{*first, *second}) : std::nullopt;
}

}  // namespace

Finding finding_of(Errc code) {
  const protocol::ErrorRow& row = protocol::error_row(code);
  Finding found;
  found.code = row.wire;
  found.vi = row.vi;
  found.en = row.en;
  return found;
}

Result<PaperRules> rules_for(const protocol::Portal& portal, const std::string& kind) {
  const auto found = std::find_if(portal.papers.begin(), portal.papers.end(),
                                  [&](const PaperRules& rules) { return kind.empty() || rules.kind == kind; });
  if (found == portal.papers.end()) {
    return failure(Errc::portal_kind_unknown, "portal",
                   fmt::format("\"{}\" has no kind \"{}\"", portal.portal, kind.substr(0, 64)));
  }
  return *found;
}

std::vector<Finding> check_file(const PaperRules& rules, const FileFacts& file, std::uint64_t max_bytes) {
  std::vector<Finding> found;
  const Check check{rules, file, max_bytes, found};
  for (auto* rule : {&check_type, &check_bytes, &check_page_count, &check_pdf, &check_name}) {
    rule(check);
  }
  for (std::size_t index = 0; index < file.pages.size(); ++index) {
    for (auto* rule : {&check_resolution, &check_size, &check_colour, &check_pixels, &remark_on}) {
      rule(check, index);
    }
  }
  return found;
}

Result<protocol::PreflightResult> preflight(const protocol::Portal& portal, std::span<const FileFacts> files) {
  protocol::PreflightResult result;
  result.portal = portal.portal;
  for (const FileFacts& file : files) {
    const auto rules = rules_for(portal, file.kind);
    if (!rules) {
      return failure(rules.error());
    }
    protocol::PreflightFileResult one;
    one.id = file.id;
    one.kind = rules->kind;
    one.name = name_of(*rules, file);
    one.bytes = file.bytes;
    one.findings = check_file(*rules, file);
    one.accepted = !refused(one.findings);
    result.bytes += file.bytes;
    result.accepted = result.accepted && one.accepted;
    result.files.push_back(std::move(one));
  }
  check_dossier(portal, files, result);
  result.accepted = result.accepted && !refused(result.dossier);
  return result;
}

std::string name_of(const PaperRules& rules, const FileFacts& file) {
  return file_name(rules.file_name, {file.code, file.ordinal, rules.kind, file.media_type}).value_or("");
}

std::optional<std::pair<double, double>> paper_size(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, std::pair<double, double>>, 3> kNamed{
      {{"A3", {297, 420}}, {"A4", {210, 297}}, {"A5", {148, 210}}}};
  const auto* named = std::find_if(kNamed.begin(), kNamed.end(), [&](const auto& row) { return row.first == text; });
  return named != kNamed.end() ? std::optional(named->second) : pair_of(text, 'x');
}

std::optional<double> shape(const std::string& text) {
  const auto sides = pair_of(text, ':');
  return sides ? std::optional(sides->first / sides->second) : std::nullopt;
}

std::optional<int> pdf_version(const std::string& text) {
  const bool formed =
      text.size() == 3 && (text[0] == '1' || text[0] == '2') && text[1] == '.' && text[2] >= '0' && text[2] <= '9';
  return formed ? std::optional((text[0] - '0') * 10 + (text[2] - '0')) : std::nullopt;
}

}  // namespace quay::daemon::documents
