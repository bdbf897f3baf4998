// SPDX-License-Identifier: Apache-2.0
#include "devices/scanner/sane_error.hpp"

#include <array>
#include <utility>

namespace quay::scanner {
namespace {

constexpr std::array kTable{
    SaneStatusRow{0, "SANE_STATUS_GOOD", Errc::bug},
    SaneStatusRow{1, "SANE_STATUS_UNSUPPORTED", Errc::device_unsupported},
    SaneStatusRow{2, "SANE_STATUS_CANCELLED", Errc::scan_cancelled},
    SaneStatusRow{3, "SANE_STATUS_DEVICE_BUSY", Errc::device_busy},
    SaneStatusRow{4, "SANE_STATUS_INVAL", Errc::device_invalid_setting},
    SaneStatusRow{5, "SANE_STATUS_EOF", Errc::scan_page_incomplete},
    SaneStatusRow{6, "SANE_STATUS_JAMMED", Errc::paper_jam},
    SaneStatusRow{7, "SANE_STATUS_NO_DOCS", Errc::paper_empty},
    SaneStatusRow{8, "SANE_STATUS_COVER_OPEN", Errc::cover_open},
    SaneStatusRow{9, "SANE_STATUS_IO_ERROR", Errc::device_io},
    SaneStatusRow{10, "SANE_STATUS_NO_MEM", Errc::device_no_memory},
    SaneStatusRow{11, "SANE_STATUS_ACCESS_DENIED", Errc::device_access_denied},
    SaneStatusRow{12, "SANE_STATUS_WARMING_UP", Errc::device_warming_up},
    SaneStatusRow{13, "SANE_STATUS_HW_LOCKED", Errc::device_locked},
};

consteval bool rows_are_in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].number != static_cast<int>(i)) {
      return false;
    }
  }
  return true;
}
static_assert(rows_are_in_order());

}  // namespace

std::span<const SaneStatusRow> sane_status_table() { return kTable; }

Error sane_error(SANE_Status status, std::string operation) {
  const auto number = static_cast<std::size_t>(status);
  const bool known = number < kTable.size();
  const bool absent = status == SANE_STATUS_INVAL && operation == "sane_open";
  const Errc code = absent ? Errc::device_absent : (known ? kTable[number].code : Errc::device_io);
  Error error = make_error(code, std::move(operation), {});
  error.native = {"SANE", known ? kTable[number].name : "unknown status", static_cast<std::int64_t>(status)};
  return error;
}

Status sane_status(SANE_Status status, const char* operation) {
  if (status == SANE_STATUS_GOOD) {
    return {};
  }
  return failure(sane_error(status, operation));
}

}  // namespace quay::scanner
