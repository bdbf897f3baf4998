// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/state_reasons.hpp"

#include <algorithm>
#include <array>

namespace quay::printer {
namespace {

/// In the order in which a clerk would look. CUPS calls a jam "media-jam-warning" and waits all the same: such rows
/// stop whatever the severity is.
constexpr std::array kTable{
    ReasonRow{"media-jam", Errc::printer_paper_jam},
    ReasonRow{"cover-open", Errc::printer_cover_open},
    ReasonRow{"door-open", Errc::printer_cover_open},
    ReasonRow{"interlock-open", Errc::printer_cover_open},
    ReasonRow{"input-tray-missing", Errc::printer_paper_empty},
    ReasonRow{"media-empty", Errc::printer_paper_empty},
    ReasonRow{"media-needed", Errc::printer_paper_empty},
    ReasonRow{"marker-supply-empty", Errc::printer_marker_empty},
    ReasonRow{"marker-supply-missing", Errc::printer_marker_empty},
    ReasonRow{"toner-empty", Errc::printer_marker_empty},
    ReasonRow{"offline", Errc::printer_offline},
    ReasonRow{"shutdown", Errc::printer_offline},
    ReasonRow{"timed-out", Errc::printer_offline},
    ReasonRow{"connecting-to-device", Errc::printer_offline, false},
    ReasonRow{"paused", Errc::printer_stopped},
    ReasonRow{"output-area-full", Errc::printer_stopped},
    ReasonRow{"marker-waste-full", Errc::printer_stopped},
    ReasonRow{"fuser-over-temp", Errc::printer_stopped},
    ReasonRow{"other", Errc::printer_stopped, false},
};

constexpr std::string_view kError = "-error";
constexpr std::string_view kWarning = "-warning";
constexpr std::string_view kReport = "-report";

struct Reason {
  std::string_view keyword;
  bool grave = true;
};

/// RFC 8011: no suffix counts as an error.
Reason taken_apart(std::string_view reason) {
  for (const std::string_view suffix : {kError, kWarning, kReport}) {
    if (reason.ends_with(suffix)) {
      return {reason.substr(0, reason.size() - suffix.size()), suffix == kError};
    }
  }
  return {reason, true};
}

bool says(const std::vector<std::string>& reasons, const ReasonRow& row, bool stopped) {
  return std::any_of(reasons.begin(), reasons.end(), [&](const std::string& text) {
    const Reason reason = taken_apart(text);
    return reason.keyword == row.keyword && (row.stops || (reason.grave && stopped));
  });
}

}  // namespace

std::span<const ReasonRow> reason_table() { return kTable; }

std::vector<Errc> what_stops(const std::vector<std::string>& reasons, bool stopped) {
  std::vector<Errc> codes;
  for (const ReasonRow& row : kTable) {
    if (says(reasons, row, stopped) && std::find(codes.begin(), codes.end(), row.code) == codes.end()) {
      codes.push_back(row.code);
    }
  }
  if (codes.empty() && stopped) {
    codes.push_back(Errc::printer_stopped);
  }
  if (codes.size() > 1) {  // a queue is paused because of something: that is what the clerk can mend
    std::erase(codes, Errc::printer_stopped);
  }
  return codes;
}

}  // namespace quay::printer
