// SPDX-License-Identifier: Apache-2.0
// The real quay-document-camera over its channel, with a simulated video node in the kernel's place: every system call
// of the worker is made, none of its code is replaced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/codec/decode.hpp"
#include "tests/rig/support/sim_document_camera.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/worker_client.hpp"

namespace quay::test {
namespace {

class DocumentCamera : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(std::vector<std::string> arguments) {
    worker_.reset();
    sim_.reset();
    auto sim = rig::SimDocumentCamera::start(directory_.path(), {{}, std::move(arguments)});
    ASSERT_TRUE(sim) << describe(sim.error());
    sim_.emplace(*std::move(sim));
    worker_ = std::make_unique<WorkerClient>(QUAY_DOCUMENT_CAMERA, std::vector<std::string>{"--video", sim_->node()},
                                             std::map<std::string, std::string>{{"LD_PRELOAD", sim_->preload()}});
    ASSERT_TRUE(worker_->greeted());
  }

  void tell(const std::string& command) { ASSERT_TRUE(sim_->tell(command)) << command; }

  Answers capture(const protocol::CameraSettings& settings = {}, std::int32_t pictures = 1) {
    return worker_->ask(frames::Capture{{}, ++request_, settings, pictures});
  }

  /// The size of the only page that came, decoded by quay's own decoder.
  static PixelSize size_of(const Answers& answers) {
    if (answers.pages.size() != 1) {
      return {};
    }
    const SeenPage& page = answers.pages.front();
    if (page.frame.geometry.media_type.empty()) {
      return {page.frame.geometry.width, page.frame.geometry.height};
    }
    const auto picture = imaging::decode(page.pixels.bytes());
    EXPECT_TRUE(picture) << describe(picture.error());
    return picture ? picture->size() : PixelSize{};
  }

  /// Frames of a live view until `enough` of them came.
  Answers live(double frames_per_second, int enough, std::vector<std::string>& jpegs) {
    const std::uint64_t request = ++request_;
    worker_->send(frames::LiveView{{}, request, frames_per_second});
    std::vector<std::string> order;
    for (;;) {
      auto reply = worker_->next();
      if (!reply) {
        ADD_FAILURE() << "the channel was closed, or nothing came";
        return {};
      }
      if (const auto* frame = std::get_if<frames::LiveFrame>(&reply->message)) {
        auto jpeg = ReadableBuffer::open(std::move(reply->descriptors.at(0)), frame->bytes);
        jpegs.emplace_back(jpeg->bytes().begin(), jpeg->bytes().end());
        if (static_cast<int>(jpegs.size()) == enough) {
          worker_->send(frames::Cancel{{}, request});
        }
      } else if (const auto* finished = std::get_if<frames::Finished>(&reply->message)) {
        Answers answers;
        answers.finished = *finished;
        return answers;
      }
    }
  }

  rig::TemporaryDirectory directory_;
  std::optional<rig::SimDocumentCamera> sim_;
  std::unique_ptr<WorkerClient> worker_;
  std::uint64_t request_ = 0;
};

TEST_F(DocumentCamera, SaysWhatItIsAndCanDo) {
  const Answers answers = worker_->ask(frames::Describe{{}, ++request_});
  ASSERT_TRUE(answers.described);
  EXPECT_EQ(answers.described->identity.model, "Quay Document Camera");
  const protocol::CameraCapabilities& can = answers.described->camera.value();
  EXPECT_TRUE(can.capture && can.live_view);
  EXPECT_THAT(can.image_sizes, testing::ElementsAre("2048x1536", "1920x1080", "1280x720", "640x480"));
  ASSERT_TRUE(can.focus && can.exposure);
  EXPECT_TRUE(can.focus->automatic);
  EXPECT_EQ(can.focus->most, 250);
  EXPECT_EQ(can.exposure->least, 3);
}

TEST_F(DocumentCamera, WithoutDialsSaysSo) {
  start({"--no-dials"});
  const Answers answers = worker_->ask(frames::Describe{{}, ++request_});
  ASSERT_TRUE(answers.described);
  EXPECT_FALSE(answers.described->camera->focus);
  EXPECT_FALSE(answers.described->camera->exposure);
}

TEST_F(DocumentCamera, GivesAPageOfItsLargestSizeWhoseHuffmanTablesWerePutIn) {
  const Answers answers = capture();
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(size_of(answers), (PixelSize{2048, 1536}));
  const auto file = answers.pages.front().pixels.bytes();
  const std::uint8_t table[] = {0xFF, 0xC4};
  EXPECT_NE(std::search(file.begin(), file.end(), std::begin(table), std::end(table)), file.end());
  EXPECT_EQ(sim_->status("streaming"), "0");
}

TEST_F(DocumentCamera, ExpectsLampsOfFiftyHertz) {
  capture();
  EXPECT_EQ(sim_->status("hertz"), "1");
}

TEST_F(DocumentCamera, ThatDoesNotCompressGivesPixelsOfTheRightColour) {
  start({"--yuyv-only"});
  const Answers answers = capture();
  EXPECT_EQ(answers.code(), "");
  ASSERT_EQ(size_of(answers), (PixelSize{1280, 720}));
  const protocol::PageGeometry& geometry = answers.pages.front().frame.geometry;
  EXPECT_EQ(geometry.format, PixelFormat::rgb);
  const std::uint8_t* desk = answers.pages.front().pixels.bytes().data() + 360 * geometry.stride_bytes + 3 * 20;
  EXPECT_NEAR(desk[0], 100, 15);  // wood: red before green before blue
  EXPECT_NEAR(desk[1], 77, 12);
  EXPECT_NEAR(desk[2], 58, 12);
}

TEST_F(DocumentCamera, GivesTheSizeThatIsAsked) {
  protocol::CameraSettings settings;
  settings.image_size = "1280x720";
  EXPECT_EQ(size_of(capture(settings)), (PixelSize{1280, 720}));
  settings.image_size = "1x1";
  EXPECT_EQ(capture(settings).code(), "device.invalid_setting");
}

TEST_F(DocumentCamera, StepsDownWhereTheUsbPortHasNoRoomAndSaysSo) {
  tell("fault no-space above=1000000");
  const Answers answers = capture();
  EXPECT_EQ(answers.code(), "");
  ASSERT_EQ(size_of(answers), (PixelSize{1280, 720}));
  ASSERT_EQ(answers.pages.front().frame.adjusted.size(), 1U);
  EXPECT_EQ(answers.pages.front().frame.adjusted.front().asked, "2048x1536");
  EXPECT_EQ(answers.pages.front().frame.adjusted.front().got, "1280x720");
}

TEST_F(DocumentCamera, TurnsItsDialsAndGivesThemBack) {
  protocol::CameraSettings settings;
  settings.focus = "120";
  settings.exposure = "auto";
  EXPECT_EQ(capture(settings).code(), "");
  EXPECT_EQ(sim_->status("focus"), "120");
  settings.focus = "9999";
  EXPECT_EQ(capture(settings).code(), "device.invalid_setting");
  settings.focus = "near";
  EXPECT_EQ(capture(settings).code(), "device.invalid_setting");
}

TEST_F(DocumentCamera, WhatOneJobSetIsNotTheNextOnes) {
  protocol::CameraSettings settings;
  settings.focus = "120";
  settings.exposure = "900";
  EXPECT_EQ(capture(settings).code(), "");
  ASSERT_EQ(sim_->status("auto-focus"), "0");
  ASSERT_EQ(sim_->status("auto-exposure"), "1");
  EXPECT_EQ(capture().code(), "");
  EXPECT_EQ(sim_->status("auto-focus"), "1");
  EXPECT_EQ(sim_->status("auto-exposure"), "3");
  EXPECT_EQ(capture(settings).code(), "");
  std::vector<std::string> jpegs;
  EXPECT_EQ(live(30, 1, jpegs).code(), "");
  EXPECT_EQ(sim_->status("auto-focus"), "1");
  EXPECT_EQ(sim_->status("auto-exposure"), "3");
}

TEST_F(DocumentCamera, GivesSeveralPagesInARow) {
  const Answers answers = capture({}, 3);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(answers.pages.size(), 3U);
  EXPECT_EQ(sim_->status("streams"), "1");
}

TEST_F(DocumentCamera, WaitsUntilItsExposureHasSettled) {
  tell("fault dark-start after=12");
  protocol::CameraSettings settings;
  settings.image_size = "640x480";
  const Answers answers = capture(settings);
  ASSERT_EQ(answers.pages.size(), 1U);
  const auto picture = imaging::decode(answers.pages.front().pixels.bytes());
  ASSERT_TRUE(picture);
  int brightest = 0;
  for (std::int32_t x = 0; x < picture->size().width; ++x) {
    brightest = std::max<int>(brightest, picture->row(picture->size().height / 2)[x * 3]);
  }
  EXPECT_GT(brightest, 200);  // the first frame of that stream has 60
}

/// How much detail the middle row of a page has.
double detail_of(const Answers& answers) {
  const auto picture = imaging::decode(answers.pages.at(0).pixels.bytes());
  double sum = 0;
  for (std::int32_t y = 0; picture && y < picture->size().height; y += 7) {
    for (std::int32_t x = 3; x < picture->size().width; ++x) {
      const int step = picture->row(y)[x * 3] - picture->row(y)[x * 3 - 9];
      sum += step * step;
    }
  }
  return sum;
}

TEST_F(DocumentCamera, TakesTheSharpestOfTheFramesWhileItsLensHunts) {
  protocol::CameraSettings settings;
  settings.image_size = "640x480";
  const double sharp = detail_of(capture(settings));
  tell("fault blurred");
  const double blurred = detail_of(capture(settings));
  tell("fault hunt");
  const double chosen = detail_of(capture(settings));
  EXPECT_LT(blurred, 0.5 * sharp);
  EXPECT_GT(chosen, 0.9 * sharp);
}

struct Trouble {
  std::string fault;
  std::string code;
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.fault; }

class DocumentCameraTrouble : public DocumentCamera, public testing::WithParamInterface<Trouble> {};

TEST_P(DocumentCameraTrouble, EndsInItsOwnCodeAndTheNextPageComes) {
  tell("fault " + GetParam().fault);
  EXPECT_EQ(capture().code(), GetParam().code);
  tell("fault none");
  const Answers next = capture();
  EXPECT_EQ(next.code(), "");
  EXPECT_EQ(next.pages.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Rig, DocumentCameraTrouble,
                         testing::Values(Trouble{"busy", "device.busy"}, Trouble{"no-space", "camera.usb_bandwidth"},
                                         Trouble{"freeze", "device.timeout"},
                                         Trouble{"freeze after=2", "device.timeout"},
                                         Trouble{"half-frame", "scan.page_incomplete"},
                                         Trouble{"damaged", "scan.page_incomplete"},
                                         Trouble{"garbage", "image.unsupported"}));

TEST_F(DocumentCamera, ThatAnotherProgramUsesIsBusyAndFreeWhenThatEnds) {
  WorkerClient other(QUAY_DOCUMENT_CAMERA, {"--video", sim_->node()}, {{"LD_PRELOAD", sim_->preload()}});
  ASSERT_TRUE(other.greeted());
  other.send(frames::LiveView{{}, 1, 30});
  ASSERT_TRUE(rig::wait_until([&] { return sim_->status("streaming") == "1"; }));
  EXPECT_EQ(capture().code(), "device.busy");
  other.kill();
  ASSERT_TRUE(rig::wait_until([&] { return sim_->status("streaming") == "0"; }));
  EXPECT_EQ(capture().code(), "");
}

TEST_F(DocumentCamera, PulledOutInMidStreamIsAbsentAndIsThereAgainWhenPutBack) {
  worker_->send(frames::LiveView{{}, ++request_, 30});
  ASSERT_TRUE(rig::wait_until([&] { return sim_->status("streaming") == "1"; }));
  tell("unplug");
  EXPECT_EQ(worker_->collect().code(), "device.absent");
  EXPECT_EQ(capture().code(), "device.absent");
  tell("plug");
  EXPECT_EQ(capture().code(), "");
}

TEST_F(DocumentCamera, WhoseDriverHangsCanBeKilled) {
  tell("fault hang op=streamon");
  worker_->send(frames::Capture{{}, ++request_, {}, 1});
  EXPECT_FALSE(worker_
                   ->collect_while(
                       [](const frames::FromWorker& frame) { return !std::holds_alternative<frames::Progress>(frame); })
                   .finished);
  worker_->kill();
  EXPECT_EQ(worker_->ending(), "signal KILL");
}

TEST_F(DocumentCamera, ShowsNewFramesAtAboutTheAskedPaceAndStops) {
  std::vector<std::string> drawn_once;
  EXPECT_EQ(live(30, 6, drawn_once).code(), "");
  const int before = std::stoi(sim_->status("frames"));
  std::vector<std::string> jpegs;
  const Answers answers = live(2, 4, jpegs);
  EXPECT_EQ(answers.code(), "");
  const auto picture = imaging::decode({reinterpret_cast<const std::uint8_t*>(jpegs.at(0).data()), jpegs.at(0).size()});
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->size(), (PixelSize{1280, 720}));
  EXPECT_NE(jpegs[0], jpegs[1]);
  EXPECT_EQ(sim_->status("streaming"), "0");
  EXPECT_GE(std::stoi(sim_->status("frames")) - before, 12);  // 30 a second came, 2 went on
}

TEST_F(DocumentCamera, ThatDoesNotCompressIsShownAllTheSame) {
  start({"--yuyv-only"});
  std::vector<std::string> jpegs;
  EXPECT_EQ(live(30, 2, jpegs).code(), "");
  EXPECT_TRUE(imaging::decode({reinterpret_cast<const std::uint8_t*>(jpegs.at(0).data()), jpegs.at(0).size()}));
}

TEST_F(DocumentCamera, ItsOwnButtonIsNotReadAndThatIsSaid) {
  protocol::CameraSettings settings;
  settings.trigger = protocol::CameraTrigger::button;
  EXPECT_EQ(capture(settings).code(), "device.unsupported");
}

TEST_F(DocumentCamera, IsFoundByItsLastingName) {
  rig::ChildOptions child;
  child.arguments = {QUAY_DOCUMENT_CAMERA, "--names", sim_->names(), "--list"};
  child.environment = {{"LD_PRELOAD", sim_->preload()}};
  child.output_directory = directory_.path();
  auto process = rig::ChildProcess::start(child);
  ASSERT_TRUE(process);
  ASSERT_TRUE(process->wait());
  EXPECT_EQ(process->output(), "[{\"name\":\"Quay Document Camera\",\"video\":\"" + sim_->node().string() + "\"}]\n");
}

}  // namespace
}  // namespace quay::test
