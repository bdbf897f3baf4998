// SPDX-License-Identifier: Apache-2.0
#include "ctl/session.hpp"

#include <gtest/gtest.h>

namespace quay::ctl {
namespace {

TEST(ExitCode, TellsWhoHasToAct) {
  const auto code = [](Errc errc) { return exit_code_of(make_error(errc, "", "")); };
  EXPECT_EQ(code(Errc::paper_jam), Exit::clerk);
  EXPECT_EQ(code(Errc::device_busy), Exit::wait);
  EXPECT_EQ(code(Errc::daemon_unreachable), Exit::unreachable);
  EXPECT_EQ(code(Errc::spool_failed), Exit::failed);
  EXPECT_EQ(code(Errc::bug), Exit::failed);
  EXPECT_EQ(code(Errc::device_unknown), Exit::usage);
}

TEST(FaultText, GivesTheSentenceTheCodeAndTheFacts) {
  Error error = make_error(Errc::cover_open, "sane_start", "page 2");
  error.device_id = "demo";
  error.native = NativeStatus{"SANE", "SANE_STATUS_COVER_OPEN", 8};
  EXPECT_EQ(fault_text(Language::en, error),
            "The scanner cover is open: close it and press Scan again. [cover.open] "
            "(device 'demo', sane_start, SANE_STATUS_COVER_OPEN (8): page 2)");
  EXPECT_EQ(fault_text(Language::vi, make_error(Errc::cover_open, "", "")),
            "Nắp máy quét đang mở: đóng nắp rồi bấm Quét lại. [cover.open]");
}

TEST(SentenceOf, ShowsACodeOfANewerDaemonAsItIs) {
  EXPECT_EQ(sentence_of(Language::en, "toner.low"), "toner.low");
  EXPECT_EQ(sentence_of(Language::en, "usage"), "The command line is wrong: see --help.");
}

}  // namespace
}  // namespace quay::ctl
