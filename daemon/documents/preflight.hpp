// SPDX-License-Identifier: Apache-2.0
// What a portal would refuse, and what to do about it, from facts alone: sizes, resolutions and colours as the journal
// and the page reports hold them. Pure; no pixel is looked at and no file opened.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "protocol/client/documents.hpp"

namespace quay::daemon::documents {

inline constexpr std::int32_t kLegalFloorDpi = 200;  // Circular 01/2019/TT-BNV; nothing is ever proposed below it

struct PageFacts {
  std::uint64_t bytes = 0;
  std::int32_t width_px = 0;
  std::int32_t height_px = 0;
  double width_mm = 0;
  double height_mm = 0;
  double dpi = 0;       ///< of the page as it is handed over
  double scan_dpi = 0;  ///< of the raw page; 0: not known
  int bits = 24;        ///< a pixel of the raw page: 24 colour, 8 grey, 1 black and white
  bool scale_estimated = false;
  bool blank = false;
};

struct FileFacts {
  std::string id;
  std::string kind;  ///< empty: the portal's first
  std::string media_type;
  std::uint64_t bytes = 0;
  std::string code;
  std::int32_t ordinal = 0;
  std::string pdf_version;  ///< "1.7"; empty: not a PDF, or not known
  bool pdfa = false;
  std::vector<PageFacts> pages;
};

/// A refusal with the code's sentences and nothing else.
protocol::Finding finding_of(Errc code);

/// The rules for `kind`, or the first when it is empty. Errors: portal_kind_unknown.
Result<protocol::PaperRules> rules_for(const protocol::Portal& portal, const std::string& kind);

/// What is wrong with one file. `max_bytes` is a limit of the front end's own, 0: none.
std::vector<protocol::Finding> check_file(const protocol::PaperRules& rules, const FileFacts& file,
                                          std::uint64_t max_bytes = 0);

/// What is wrong with a dossier and each of its files. Errors: portal_kind_unknown.
Result<protocol::PreflightResult> preflight(const protocol::Portal& portal, std::span<const FileFacts> files);

/// The file's name by `rules`; empty while code or ordinal is missing.
std::string name_of(const protocol::PaperRules& rules, const FileFacts& file);

/// "A4" or "85.6x54" in millimetres. Nothing: no such size.
std::optional<std::pair<double, double>> paper_size(const std::string& text);
/// "4:6" as 4/6. Nothing: no such shape.
std::optional<double> shape(const std::string& text);
/// "1.7" as 17. Nothing: no such version.
std::optional<int> pdf_version(const std::string& text);

}  // namespace quay::daemon::documents
