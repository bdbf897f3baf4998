// SPDX-License-Identifier: Apache-2.0
// quayctl at a counter, as a technician runs it.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/counter.hpp"

namespace quay::system_test {
namespace {

using testing::HasSubstr;

TEST(Quayctl, ScansAFeederIntoAFileAndSaysWhatItDid) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string file = (counter.path() / "out.pdf").string();
  const Said said = counter.quayctl({"scan", "--source", "adf", "--dpi", "150", "-o", file});
  EXPECT_EQ(said.code, 0) << said.errors;
  EXPECT_THAT(said.output, HasSubstr("3 pages"));
  std::ifstream pdf(file, std::ios::binary);
  std::string head(5, '\0');
  pdf.read(head.data(), 5);
  EXPECT_EQ(head, "%PDF-");
}

TEST(Quayctl, SaysInVietnameseWhatTheClerkHasToDo) {
  Counter counter({.sheets = 0});
  counter.start();
  const Said said =
      counter.quayctl({"--lang", "vi", "scan", "--source", "adf", "-o", (counter.path() / "out.pdf").string()});
  EXPECT_NE(said.code, 0);
  EXPECT_THAT(said.errors, HasSubstr("Khay giấy trống"));
  EXPECT_THAT(said.errors, HasSubstr("paper.empty"));
}

TEST(Quayctl, SaysThatTheDaemonIsNotThere) {
  const Counter counter;
  const Said said = counter.quayctl({"status"});
  EXPECT_EQ(said.code, 3) << said.output;
  EXPECT_THAT(said.errors, HasSubstr("daemon.unreachable"));
}

TEST(Quayctl, ReadySaysInOneLineWhetherTheCounterMayOpen) {
  Counter counter;
  EXPECT_EQ(counter.quayctl({"ready"}).code, 3) << "no daemon, no counter";
  counter.start();
  const Said ready = counter.quayctl({"--lang", "en", "ready"});
  EXPECT_EQ(ready.code, 0) << ready.errors;
  EXPECT_EQ(ready.output, "ready: scanner-1\n");
}

TEST(Quayctl, ReadySaysWhichDeviceIsNotAndWhatToDo) {
  Counter counter;
  counter.start();
  counter.script().fault("read JAMMED page=1 bytes=1000");
  EXPECT_NE(counter.quayctl({"scan", "--source", "adf", "-o", (counter.path() / "out.pdf").string()}).code, 0);
  ASSERT_TRUE(counter.device_becomes(protocol::DeviceStatus::needs_attention));
  const Said said = counter.quayctl({"--lang", "vi", "ready"});
  EXPECT_EQ(said.code, 4) << said.output;
  EXPECT_EQ(said.output,
            "chưa sẵn sàng: scanner-1: Kẹt giấy: mở nắp máy, rút giấy ra, xếp lại rồi bấm Quét lại. [paper.jam]\n");
  EXPECT_THAT(counter.quayctl({"--json", "ready"}).output, HasSubstr(R"("ready":false)"));
}

}  // namespace
}  // namespace quay::system_test
