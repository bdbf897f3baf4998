// SPDX-License-Identifier: Apache-2.0
// Every status SANE can return, those newer than Debian's header included, and what quay makes of it.
#include <gtest/gtest.h>

#include <set>

#include "devices/scanner/sane_error.hpp"
#include "protocol/client/error_table.hpp"

namespace quay::scanner {
namespace {

struct Expected {
  int number;
  const char* name;
  const char* wire;
};

/// Written down once more from the SANE standard (4.2.7) and sane.h of 1.1.1, independent of the table.
constexpr Expected kExpected[] = {
    {SANE_STATUS_UNSUPPORTED, "SANE_STATUS_UNSUPPORTED", "device.unsupported"},
    {SANE_STATUS_CANCELLED, "SANE_STATUS_CANCELLED", "scan.cancelled"},
    {SANE_STATUS_DEVICE_BUSY, "SANE_STATUS_DEVICE_BUSY", "device.busy"},
    {SANE_STATUS_INVAL, "SANE_STATUS_INVAL", "device.invalid_setting"},
    {SANE_STATUS_EOF, "SANE_STATUS_EOF", "scan.page_incomplete"},
    {SANE_STATUS_JAMMED, "SANE_STATUS_JAMMED", "paper.jam"},
    {SANE_STATUS_NO_DOCS, "SANE_STATUS_NO_DOCS", "paper.empty"},
    {SANE_STATUS_COVER_OPEN, "SANE_STATUS_COVER_OPEN", "cover.open"},
    {SANE_STATUS_IO_ERROR, "SANE_STATUS_IO_ERROR", "device.io"},
    {SANE_STATUS_NO_MEM, "SANE_STATUS_NO_MEM", "device.no_memory"},
    {SANE_STATUS_ACCESS_DENIED, "SANE_STATUS_ACCESS_DENIED", "device.access_denied"},
    {12, "SANE_STATUS_WARMING_UP", "device.warming_up"},
    {13, "SANE_STATUS_HW_LOCKED", "device.locked"},
};

TEST(SaneError, EveryStatusHasItsOwnCodeAndKeepsItsNativeName) {
  std::set<Errc> codes;
  for (const Expected& expected : kExpected) {
    const Error error = sane_error(static_cast<SANE_Status>(expected.number), "sane_read");
    EXPECT_EQ(protocol::error_row(error.code).wire, expected.wire);
    EXPECT_EQ(error.native, (NativeStatus{"SANE", expected.name, expected.number}));
    EXPECT_EQ(error.operation, "sane_read");
    EXPECT_TRUE(codes.insert(error.code).second) << expected.name << " shares its code with another status";
  }
}

TEST(SaneError, TheTableHoldsExactlyTheStatusesOfSane11) {
  EXPECT_EQ(sane_status_table().size(), std::size(kExpected) + 1);  // and GOOD
}

TEST(SaneError, InvalidAtOpenMeansTheDeviceIsNotThere) {
  EXPECT_EQ(sane_error(SANE_STATUS_INVAL, "sane_open").code, Errc::device_absent);
}

TEST(SaneError, AStatusFromTheFutureIsAFaultOfTheDeviceThatKeepsItsNumber) {
  const Error error = sane_error(static_cast<SANE_Status>(14), "sane_start");
  EXPECT_EQ(error.code, Errc::device_io);
  EXPECT_EQ(error.native.number, 14);
}

TEST(SaneError, OnlyGoodIsSuccess) {
  EXPECT_TRUE(sane_status(SANE_STATUS_GOOD, "sane_start"));
  for (const Expected& expected : kExpected) {
    EXPECT_FALSE(sane_status(static_cast<SANE_Status>(expected.number), "sane_start")) << expected.name;
  }
}

}  // namespace
}  // namespace quay::scanner
