// SPDX-License-Identifier: Apache-2.0
// quay-scanner against a backend that fails on command, through the real libsane: nothing is lost, everything ends,
// and the next scan works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rig/support/fault_script.hpp"
#include "tests/rig/support/temporary_directory.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/sane_setup.hpp"

namespace quay::test {
namespace {

using protocol::ScanMode;
using protocol::ScanSource;
using testing::HasSubstr;
using testing::SizeIs;

class FaultyScanner : public testing::Test {
 protected:
  void SetUp() override { start(); }

  void start() {
    auto environment = script_.environment();
    environment.merge(worker_environment(script_.directory()));
    worker_ =
        std::make_unique<WorkerClient>(QUAY_SCANNER, std::vector<std::string>{"--device", "quaytest:0"}, environment);
    ASSERT_TRUE(worker_->greeted());
  }

  static frames::Scan order(ScanSource source = ScanSource::adf, std::int32_t max_pages = 0) {
    return scan_order(source, ScanMode::gray, 75, max_pages);
  }

  /// The backend was called so: "read hang page=2".
  void wait_for_trace(const std::string& line) {
    ASSERT_TRUE(rig::wait_until([&] { return script_.trace().find(line) != std::string::npos; })) << script_.trace();
  }

  /// All faults gone and a sheet in the feeder, the same process scans it.
  void expect_next_scan_works() {
    script_.heal();
    script_.load(1);
    const Answers answers = worker_->ask(order());
    EXPECT_EQ(answers.code(), "");
    EXPECT_THAT(answers.pages, SizeIs(1));
  }

  rig::TemporaryDirectory directory_;
  rig::FaultScript script_{directory_ / "sane"};
  std::unique_ptr<WorkerClient> worker_;
};

TEST_F(FaultyScanner, EmptiesTheFeeder) {
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(3));
  EXPECT_EQ(script_.sheets_left(), 0);
}

TEST_F(FaultyScanner, DuplexGivesBothSidesOfEachSheet) {
  const Answers answers = worker_->ask(order(ScanSource::adf_duplex));
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(6));
}

TEST_F(FaultyScanner, StopsCleanlyAfterTheNumberAskedFor) {
  const Answers answers = worker_->ask(order(ScanSource::adf, 2));
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(2));
  EXPECT_EQ(script_.sheets_left(), 1) << "the third sheet was not fed";
}

TEST_F(FaultyScanner, AutomaticTakesTheFeederWhenThereIsPaperAndElseTheGlass) {
  EXPECT_THAT(worker_->ask(order(ScanSource::automatic)).pages, SizeIs(3));
  const Answers flatbed = worker_->ask(order(ScanSource::automatic));
  EXPECT_EQ(flatbed.code(), "");
  EXPECT_THAT(flatbed.pages, SizeIs(1));
}

TEST_F(FaultyScanner, AnEmptyFeederSaysSo) {
  script_.load(0);
  EXPECT_EQ(worker_->ask(order()).code(), "paper.empty");
  expect_next_scan_works();
}

TEST_F(FaultyScanner, BitonalPagesAreTrulyBitonal) {
  frames::Scan bitonal = order(ScanSource::flatbed);
  bitonal.settings.mode = ScanMode::bitonal;
  const Answers answers = worker_->ask(bitonal);
  ASSERT_EQ(answers.code(), "");
  EXPECT_EQ(answers.pages[0].frame.geometry.format, PixelFormat::bitonal);
  EXPECT_THAT(answers.pages[0].frame.adjusted, testing::IsEmpty());
}

TEST_F(FaultyScanner, PaddedRowsAndUnknownLengthsAreRead) {
  script_.set("row-padding 5");
  script_.set("read-limit 999");
  const Answers padded = worker_->ask(order(ScanSource::flatbed));
  ASSERT_EQ(padded.code(), "");
  const protocol::PageGeometry& geometry = padded.pages[0].frame.geometry;
  EXPECT_EQ(geometry.stride_bytes, static_cast<std::uint64_t>(geometry.width) + 5);
  script_.set("lines-unknown");
  const Answers unknown = worker_->ask(order(ScanSource::flatbed));
  ASSERT_EQ(unknown.code(), "");
  EXPECT_EQ(unknown.pages[0].frame.geometry.height, geometry.height);
}

// ---- nothing is lost --------------------------------------------------------------------------------------------

TEST_F(FaultyScanner, AJamAtPageThreeKeepsPagesOneAndTwo) {
  script_.fault("read JAMMED page=3 bytes=5000");
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), "paper.jam");
  EXPECT_THAT(answers.pages, SizeIs(2));
  EXPECT_EQ(answers.finished->pages, 2);
  EXPECT_EQ(answers.finished->error->native->name, "SANE_STATUS_JAMMED");
  expect_next_scan_works();
}

TEST_F(FaultyScanner, NoMoreDocumentsIsAskedAgainWhileSheetsAreLoaded) {
  script_.fault("start NO_DOCS page=2");
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), "");
  EXPECT_THAT(answers.pages, SizeIs(3)) << script_.trace();
  EXPECT_EQ(script_.sheets_left(), 0);
}

TEST_F(FaultyScanner, AShortPageIsNeverSent) {
  script_.fault("read EOF page=2 bytes=5000");
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), "scan.page_incomplete");
  EXPECT_THAT(answers.pages, SizeIs(1));
  EXPECT_THAT(*answers.finished->error->detail, HasSubstr("5000 bytes came"));
  expect_next_scan_works();
}

TEST_F(FaultyScanner, UnpluggedInMidPageKeepsWhatCameAndWorksAgainWhenPluggedIn) {
  script_.fault("read unplug page=2 bytes=5000");
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), "device.io");
  EXPECT_THAT(answers.pages, SizeIs(1));
  EXPECT_EQ(worker_->ask(order()).code(), "device.absent");
  script_.plug();
  expect_next_scan_works();
}

TEST_F(FaultyScanner, ACrashOfTheBackendKeepsThePagesBeforeIt) {
  script_.fault("read segv page=2 bytes=5000");
  worker_->send(order());
  const Answers answers = worker_->collect();
  EXPECT_EQ(answers.code(), "unfinished");
  EXPECT_THAT(answers.pages, SizeIs(1));
  EXPECT_THAT(worker_->ending(),
              testing::AnyOf("signal SEGV", "exit status 1", "exit status 66"));  // the latter under a sanitizer
}

TEST_F(FaultyScanner, ABackendThatWritesToADeadPipeDoesNotKillTheWorker) {
  script_.fault("read sigpipe page=2");
  EXPECT_EQ(worker_->ask(order()).code(), "device.io");
  expect_next_scan_works();
}

// ---- every status, at every call ----------------------------------------------------------------------------------

struct StatusAt {
  const char* fault;
  const char* wire;
  std::size_t pages;
};
void PrintTo(const StatusAt& status, std::ostream* out) { *out << status.fault; }

class StatusAtCall : public FaultyScanner, public testing::WithParamInterface<StatusAt> {};

TEST_P(StatusAtCall, HasItsCodeKeepsPagesAndHeals) {
  script_.fault(GetParam().fault);
  const Answers answers = worker_->ask(order());
  EXPECT_EQ(answers.code(), GetParam().wire);
  EXPECT_THAT(answers.pages, SizeIs(GetParam().pages));
  expect_next_scan_works();
}

INSTANTIATE_TEST_SUITE_P(
    Quaytest, StatusAtCall,
    testing::Values(
        StatusAt{"open DEVICE_BUSY", "device.busy", 0}, StatusAt{"open INVAL", "device.absent", 0},
        StatusAt{"open ACCESS_DENIED", "device.access_denied", 0}, StatusAt{"open IO_ERROR", "device.io", 0},
        StatusAt{"open NO_MEM", "device.no_memory", 0}, StatusAt{"start JAMMED page=2", "paper.jam", 1},
        StatusAt{"start COVER_OPEN page=1", "cover.open", 0}, StatusAt{"start DEVICE_BUSY page=2", "device.busy", 1},
        StatusAt{"start INVAL page=1", "device.invalid_setting", 0},
        StatusAt{"start WARMING_UP page=1", "device.warming_up", 0},
        StatusAt{"start HW_LOCKED page=1", "device.locked", 0},
        StatusAt{"start UNSUPPORTED page=1", "device.unsupported", 0},
        StatusAt{"start IO_ERROR page=1", "device.io", 0}, StatusAt{"start EOF page=2", "scan.page_incomplete", 1},
        StatusAt{"start CANCELLED page=2", "scan.cancelled", 1},
        StatusAt{"read COVER_OPEN page=2 bytes=100", "cover.open", 1},
        StatusAt{"read IO_ERROR page=2 bytes=100", "device.io", 1},
        StatusAt{"read NO_MEM page=3", "device.no_memory", 2},
        StatusAt{"read ACCESS_DENIED page=1", "device.access_denied", 0},
        StatusAt{"read UNSUPPORTED page=2", "device.unsupported", 1},
        StatusAt{"read INVAL page=2", "device.invalid_setting", 1},
        StatusAt{"read DEVICE_BUSY page=2", "device.busy", 1}, StatusAt{"read CANCELLED page=2", "scan.cancelled", 1}));

// ---- everything ends ----------------------------------------------------------------------------------------------

TEST_F(FaultyScanner, AHungReadIsEndedByKill) {
  script_.fault("read hang page=2 bytes=5000");
  worker_->send(order());
  wait_for_trace("read hang");
  worker_->send(frames::Cancel{{}, 1});
  worker_->kill();
  const Answers answers = worker_->collect();
  EXPECT_EQ(answers.code(), "unfinished");
  EXPECT_THAT(answers.pages, SizeIs(1)) << "the page before the hang was sent";
  EXPECT_EQ(worker_->ending(), "signal KILL");
}

class HungCall : public FaultyScanner, public testing::WithParamInterface<const char*> {};

TEST_P(HungCall, NeverOutlivesTheChannel) {
  script_.load(2);
  script_.fault(GetParam());
  worker_->send(order());
  const std::string place = std::string(GetParam()).substr(0, std::string(GetParam()).find(" page"));
  wait_for_trace(place);
  worker_->close_channel();
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

INSTANTIATE_TEST_SUITE_P(Quaytest, HungCall,
                         testing::Values("open hang", "start hang page=2", "read hang page=1 bytes=5000",
                                         "close hang"));

TEST_F(FaultyScanner, AHungCancelDoesNotOutliveTheChannel) {
  script_.set("ppm 2");
  script_.fault("cancel hang");
  worker_->send(order());
  worker_->collect_while([](const frames::FromWorker& frame) {
    const auto* progress = std::get_if<frames::Progress>(&frame);
    return progress == nullptr || progress->stage != frames::Stage::reading;
  });
  worker_->send(frames::Cancel{{}, 1});
  wait_for_trace("cancel hang");
  worker_->close_channel();
  EXPECT_EQ(worker_->ending(), "exit status 0");
}

/// What sane_read says after a cancel: backends differ, the answer does not.
class CancelledReads : public FaultyScanner, public testing::WithParamInterface<const char*> {};

TEST_P(CancelledReads, AreCancelledWhateverTheBackendSays) {
  script_.set("ppm 6");
  script_.fault(std::string("cancel ") + GetParam());
  worker_->send(order());
  bool asked = false;
  const Answers answers = worker_->collect_while([&](const frames::FromWorker& frame) {
    const auto* progress = std::get_if<frames::Progress>(&frame);
    if (!asked && progress != nullptr && progress->stage == frames::Stage::reading) {
      asked = true;
      worker_->send(frames::Cancel{{}, 1});
    }
    return true;
  });
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_THAT(answers.pages, testing::IsEmpty());
  script_.set("ppm 0");
  expect_next_scan_works();
}

INSTANTIATE_TEST_SUITE_P(Quaytest, CancelledReads,
                         testing::Values("CANCELLED", "EOF", "GOOD", "IO_ERROR", "NO_DOCS", "JAMMED"));

TEST_F(FaultyScanner, ACancelDuringWarmUpIsHeard) {
  script_.set("warm-up 60");
  worker_->send(order());
  wait_for_trace("start page=1");
  worker_->send(frames::Cancel{{}, 1});
  EXPECT_EQ(worker_->collect().code(), "scan.cancelled");
}

/// Cancel when the n-th frame has come: before the device is open, while it feeds, reads, between pages, at the end.
class CancelAfterFrame : public FaultyScanner, public testing::WithParamInterface<int> {};

TEST_P(CancelAfterFrame, EndsTheRequestAndTheNextScanWorks) {
  script_.set("ppm 600");
  worker_->send(order());
  int seen = 0;
  if (GetParam() == 0) {
    worker_->send(frames::Cancel{{}, 1});
  }
  const Answers answers = worker_->collect_while([&](const frames::FromWorker& frame) {
    if (++seen == GetParam() && !std::holds_alternative<frames::Finished>(frame)) {
      worker_->send(frames::Cancel{{}, 1});
    }
    return true;
  });
  const bool whole = answers.code().empty() && answers.pages.size() == 3;
  EXPECT_TRUE(whole || answers.code() == "scan.cancelled") << answers.code();
  EXPECT_EQ(static_cast<std::size_t>(answers.finished->pages), answers.pages.size());
  expect_next_scan_works();
}

INSTANTIATE_TEST_SUITE_P(Quaytest, CancelAfterFrame, testing::Range(0, 14));

// ---- buffers ------------------------------------------------------------------------------------------------------

bool waits_for_buffer(const frames::FromWorker& frame) {
  const auto* progress = std::get_if<frames::Progress>(&frame);
  return progress != nullptr && progress->stage == frames::Stage::waiting_for_buffer;
}

TEST_F(FaultyScanner, FeedsNoSheetForWhichThereIsNoBuffer) {
  script_.load(5);
  worker_->send(order());
  bool waited = false;
  const Answers before = worker_->collect_while(
      [&](const frames::FromWorker& frame) {
        waited = waits_for_buffer(frame);
        return !waited;
      },
      WorkerClient::Buffers::keep);
  ASSERT_TRUE(waited);
  EXPECT_THAT(before.pages, SizeIs(3));
  EXPECT_EQ(script_.sheets_left(), 2);
  worker_->release(before.pages[0].frame.buffer);
  worker_->release(before.pages[1].frame.buffer);
  const Answers after = worker_->collect();
  EXPECT_EQ(after.code(), "");
  EXPECT_EQ(after.finished->pages, 5);
}

TEST_F(FaultyScanner, ACancelIsHeardWhileItWaitsForABuffer) {
  script_.load(5);
  worker_->send(order());
  worker_->collect_while([&](const frames::FromWorker& frame) { return !waits_for_buffer(frame); },
                         WorkerClient::Buffers::keep);
  worker_->send(frames::Cancel{{}, 1});
  EXPECT_EQ(worker_->collect().code(), "scan.cancelled");
}

}  // namespace
}  // namespace quay::test
