// SPDX-License-Identifier: Apache-2.0
// A session recorded with `quayctl trace` is played again without the device: quayd meets the same pages, the same
// fault and the same silence. tests/data/sessions holds such recordings: a fault of the field becomes a test here.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/rig/replay/session.hpp"
#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

namespace fs = std::filesystem;
using protocol::JobState;

struct Fault {
  const char* name;
  const char* script;  ///< empty: all goes well
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

struct Ending {
  JobState state;
  std::string code;
  int pages;
  bool operator==(const Ending&) const = default;
};

void PrintTo(const Ending& ending, std::ostream* out) {
  *out << protocol::enum_name(ending.state) << " " << ending.code << " after " << ending.pages;
}

Ending scan_at(Counter& counter, const std::string& visit) {
  const protocol::Job job = counter.scan({.visit = visit});
  return {job.state, counter.code_of(job), job.pages};
}

class Recorded : public testing::TestWithParam<Fault> {};

TEST_P(Recorded, EndsAgainAsItEndedAtTheDevice) {
  Counter with_device({.sheets = 3});
  with_device.start();
  if (*GetParam().script != '\0') {
    with_device.script().fault(GetParam().script);
  }
  const Ending then = scan_at(with_device, with_device.open_visit());
  const fs::path file = with_device.path() / "session";
  const Said said = with_device.quayctl({"trace", kScanner, "-o", file.string()});
  ASSERT_EQ(said.code, 0) << said.errors;

  Counter without({.session = file});
  without.start();
  EXPECT_EQ(scan_at(without, without.open_visit()), then) << without.daemon().transcript();
}

INSTANTIATE_TEST_SUITE_P(Session, Recorded,
                         testing::Values(Fault{"OfThreePages", ""},
                                         Fault{"OfAJamInMidPage", "read JAMMED page=2 bytes=70000"},
                                         Fault{"OfAPageCutShort", "read EOF page=2 bytes=70000"},
                                         Fault{"OfADriverThatHangs", "start hang page=2"},
                                         Fault{"OfADriverThatCrashes", "read segv page=2 bytes=70000"},
                                         Fault{"OfADriverThatAborts", "start abort page=2"}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Session, OfAFeederThatJamsAtTheSecondSheetOfItsSecondLoad) {
  Counter counter({.session = fs::path(QUAY_SESSIONS) / "jam-at-the-second-sheet.session"});
  counter.start();
  const std::string visit = counter.open_visit();
  EXPECT_EQ(scan_at(counter, visit), (Ending{JobState::done, "", 3})) << counter.daemon().transcript();
  EXPECT_EQ(scan_at(counter, visit), (Ending{JobState::failed, "paper.jam", 1})) << counter.daemon().transcript();
}

TEST(Session, OfAnotherKindOfFileIsRefusedWithItsLine) {
  const rig::TemporaryDirectory directory;
  const fs::path file = directory.path() / "session";
  const auto refusal = [&](const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
    const auto session = rig::read_session(file);
    return session ? std::string() : session.error().detail;
  };
  EXPECT_EQ(refusal("{}\n"), "session:1: {\"quay_session\": 1, ...} was expected");
  EXPECT_THAT(refusal("{\"quay_session\": 1}\n{\"number\": \"x\"}\n"), testing::StartsWith("session:2: "));
  EXPECT_THAT(refusal("{\"quay_session\": 1}\nnonsense\n"), testing::StartsWith("session:2: "));
}

}  // namespace
}  // namespace quay::system_test
