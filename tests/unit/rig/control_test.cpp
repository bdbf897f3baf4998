// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/scanner/control.hpp"

#include <atomic>

#include <gmock/gmock.h>

#include "tests/rig/pictures/resample.hpp"
#include "tests/rig/support/temporary_directory.hpp"

namespace quay::rig {
namespace {

std::vector<PaperSide> one_white_sheet() {
  const Image image(PixelFormat::gray, {620, 877}, Dpi{75});
  const Bytes jpeg = encode_jpeg(image.view(), 80).value();
  return {{"white.jpg", jpeg, read_jpeg_facts(jpeg).value()}};
}

class Control : public testing::Test {
 protected:
  Control() {
    EXPECT_TRUE(control_.open());
    EXPECT_TRUE(scanner_.plug());
  }

  std::string say(const std::string& command) {
    return tell(directory_ / "control.sock", command).value_or("no reply");
  }

  TemporaryDirectory directory_;
  std::atomic<bool> quit_ = false;
  PageStore pages_{one_white_sheet()};
  ScannerModel model_{{.sheets = 1}, [](const std::string&) {}};
  EsclServer scanner_{directory_ / "escl.sock", TypePlate{}, model_, pages_};
  ControlServer control_{directory_ / "control.sock", model_, scanner_, [this] { quit_ = true; }};
};

TEST_F(Control, LoadingAndFaultsShowInTheStatus) {
  EXPECT_THAT(say("load 7"), testing::StartsWith("ok sheets=7 adf=ScannerAdfLoaded"));
  EXPECT_EQ(say("fault jam page=2"), "ok jam page=2");
  EXPECT_THAT(say("status"), testing::HasSubstr("fault=jam"));
  EXPECT_THAT(say("place 2"), testing::StartsWith("ok "));
  EXPECT_EQ(say("ppm 40"), "ok 40");
}

TEST_F(Control, WhatCannotBeDoneIsAnErrorThatSaysWhy) {
  for (const char* command :
       {"load", "load -1", "load two", "load 99999999999", "place 0", "fault what", "ppm fast", "press", "dance", ""}) {
    EXPECT_THAT(say(command), testing::StartsWith("error ")) << command;
  }
}

TEST_F(Control, ManyCommandsFitOneConnection) {
  auto fd = connect_unix(directory_ / "control.sock");
  ASSERT_TRUE(fd);
  ASSERT_TRUE(send_all(fd->get(), "load 1\nload 2\nstatus\n"));
  std::string replies;
  std::array<char, 512> chunk{};
  while (std::ranges::count(replies, '\n') < 3) {
    const ssize_t got = ::read(fd->get(), chunk.data(), chunk.size());
    ASSERT_GT(got, 0);
    replies.append(chunk.data(), static_cast<std::size_t>(got));
  }
  EXPECT_THAT(replies, testing::HasSubstr("\nok sheets=2"));
}

TEST_F(Control, UnplugTakesTheSocketAwayAndPlugBringsItBack) {
  auto connection = connect_unix(directory_ / "escl.sock");
  ASSERT_TRUE(connection);
  EXPECT_EQ(say("unplug"), "ok unplugged");
  EXPECT_FALSE(connect_unix(directory_ / "escl.sock"));
  EXPECT_FALSE(wait_while_connected(connection->get(), deadline_in(std::chrono::seconds(20))));
  EXPECT_EQ(say("plug"), "ok plugged");
  EXPECT_EQ(say("plug"), "ok plugged");
  EXPECT_TRUE(connect_unix(directory_ / "escl.sock"));
}

TEST_F(Control, QuitIsAnsweredBeforeItIsDone) {
  EXPECT_THAT(say("quit"), testing::StartsWith("ok "));
  EXPECT_FALSE(tell(directory_ / "nobody.sock", "status"));
}

TEST(SocketServer, APathThatDoesNotFitIsRefused) {
  SocketServer server("/tmp/" + std::string(120, 'x'), [](int) {});
  const Status opened = server.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::usage);
}

}  // namespace
}  // namespace quay::rig
