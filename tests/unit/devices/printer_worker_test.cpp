// SPDX-License-Identifier: Apache-2.0
// quay-printer at the simulated printer: what is sent arrives byte for byte, on the paper asked for, once; and whatever
// breaks, the printer's own word on the sheets comes back.
#include <gmock/gmock.h>

#include "tests/unit/devices/printed_pages.hpp"
#include "tests/unit/devices/printer_setup.hpp"

namespace quay::test {
namespace {

using frames::PrinterJobState;
using testing::Contains;

TEST(PrinterWorker, DescribesThePrinter) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  const Answers answers = worker->ask(frames::Describe{{}, 1});
  EXPECT_EQ(answers.code(), "");
  ASSERT_TRUE(answers.described && answers.described->printer);
  EXPECT_EQ(answers.described->identity.model, "Quay Sim Printer");
  EXPECT_EQ(answers.described->identity.serial, "SIM0001");
  EXPECT_EQ(answers.described->printer->format, "application/pdf");
  EXPECT_THAT(answers.described->printer->media, Contains("iso_a4_210x297mm"));
  EXPECT_TRUE(answers.described->printer->duplex);
}

TEST(PrinterWorker, PrintsADocumentByteForByteOnThePaperOfItsPages) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  const auto pdf = numbered_pages(3);
  const Answers answers = PrinterSetup::print(*worker, order_named("job-a"), pdf);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, 3);
  EXPECT_EQ(setup.sheets("job-a"), 3);
  EXPECT_EQ(bytes_of(setup.printer().tray() / "job-a.pdf"), pdf);
  EXPECT_EQ(setup.printer().status("width", "job"), "21000") << "the printer's own default is Letter";
  EXPECT_EQ(setup.printer().status("scaling", "job"), "false");
  ASSERT_TRUE(answers.placed);
  EXPECT_EQ(answers.placed->sheets, 3);
}

TEST(PrinterWorker, PrintsCopiesOnBothSides) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  frames::Print order = order_named("job-a");
  order.copies = 2;
  order.duplex = true;
  const Answers answers = PrinterSetup::print(*worker, order, numbered_pages(3));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(answers.placed->sheets, 4);
  EXPECT_EQ(last(answers).sheets, 4);
  EXPECT_EQ(setup.sheets("job-a"), 4);
}

TEST(PrinterWorker, NeverPrintsTwiceUnderOneName) {
  PrinterSetup setup;
  const auto pdf = numbered_pages(2);
  EXPECT_EQ(PrinterSetup::print(*setup.worker(), order_named("job-a"), pdf).code(), "");
  const Answers again = PrinterSetup::print(*setup.worker(), order_named("job-a"), pdf);
  EXPECT_EQ(again.code(), "");
  EXPECT_FALSE(again.placed);
  EXPECT_TRUE(last(again).sent);
  EXPECT_EQ(last(again).sheets, 2) << "the count of the first";
  EXPECT_EQ(setup.sheets("job-a"), 2);
}

TEST(PrinterWorker, SendsNoByteBeforeItIsWrittenDown) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1),
                      [](const frames::FromWorker& frame) { return !std::holds_alternative<frames::Placed>(frame); });
  worker->kill();
  EXPECT_FALSE(worker->ending().empty());
  EXPECT_FALSE(std::filesystem::exists(setup.printer().tray() / "job-a.pdf"));
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(1));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
  EXPECT_EQ(setup.printer().status("jobs"), "1") << "the job that was made is used";
}

TEST(PrinterWorker, WaitsForPaperAndGoesOn) {
  PrinterSetup setup({"--paper", "1"});
  const auto worker = setup.worker();
  bool waited = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(3), [&](const frames::FromWorker& frame) {
        if (!waited && waits_for(frame, "printer.paper_empty")) {
          waited = true;
          EXPECT_TRUE(setup.printer().tell("load 10"));
        }
        return true;
      });
  EXPECT_TRUE(waited);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).sheets, 3);
  EXPECT_EQ(setup.sheets("job-a"), 3);
}

struct Trouble {
  const char* fault;
  const char* code;
};

class PrinterTrouble : public testing::TestWithParam<Trouble> {};

TEST_P(PrinterTrouble, IsToldAndWaitedOut) {
  PrinterSetup setup;
  setup.fault(GetParam().fault);
  const auto worker = setup.worker();
  bool waited = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(2), [&](const frames::FromWorker& frame) {
        if (!waited && waits_for(frame, GetParam().code)) {
          waited = true;
          setup.fault("none");
        }
        return true;
      });
  EXPECT_TRUE(waited);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 2);
}

INSTANTIATE_TEST_SUITE_P(All, PrinterTrouble,
                         testing::Values(Trouble{"media-jam at=2", "printer.paper_jam"},
                                         Trouble{"cover-open at=1", "printer.cover_open"},
                                         Trouble{"toner-empty at=2", "printer.marker_empty"}));

TEST(PrinterWorker, FollowsAPrinterThatWentOfflineInTheMiddle) {
  PrinterSetup setup;
  setup.fault("offline at=2");
  const auto worker = setup.worker();
  bool offline = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(3), [&](const frames::FromWorker& frame) {
        if (!offline && waits_for(frame, "printer.offline")) {
          offline = true;
          EXPECT_TRUE(setup.printer().tell("plug"));
        }
        return true;
      });
  EXPECT_TRUE(offline);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(setup.sheets("job-a"), 3);
}

TEST(PrinterWorker, SaysThatNothingIsKnownWhenThePrinterForgot) {
  PrinterSetup setup;
  setup.fault("power-cut at=2");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(3));
  EXPECT_EQ(last(answers).state, PrinterJobState::missing);
  EXPECT_TRUE(last(answers).sent);
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterWorker, StopsAJobWhoseDocumentBrokeOffAndSaysThatNoSheetCame) {
  PrinterSetup setup;
  setup.fault("cut at=1 times=1");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(40));
  EXPECT_EQ(last(answers).state, PrinterJobState::canceled);
  EXPECT_TRUE(last(answers).broke_off);
  EXPECT_EQ(last(answers).sheets, 0);
  EXPECT_EQ(setup.sheets("job-a"), 0);
}

TEST(PrinterWorker, FindsTheJobWhoseAnswerWasLost) {
  for (const char* fault : {"cut-answer", "lost-create"}) {
    PrinterSetup setup;
    setup.fault(fault);
    const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(2));
    EXPECT_EQ(answers.code(), "") << fault;
    EXPECT_EQ(last(answers).sheets, 2) << fault;
    EXPECT_EQ(setup.sheets("job-a"), 2) << fault;
    EXPECT_EQ(setup.printer().status("jobs"), "1") << fault;
  }
}

TEST(PrinterWorker, WaitsForABusyPrinter) {
  PrinterSetup setup;
  setup.fault("busy times=3");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(1));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.printer().status("struck"), "3");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterWorker, SaysWhatThePrinterRefused) {
  PrinterSetup setup;
  setup.fault("refuse");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(1));
  EXPECT_EQ(answers.code(), "print.format");
  EXPECT_EQ(last(answers).state, PrinterJobState::canceled);
  EXPECT_EQ(setup.sheets("job-a"), 0);
}

TEST(PrinterWorker, RefusesPaperThatThePrinterDoesNotTake) {
  PrinterSetup setup;
  frames::Print order = order_named("job-a");
  order.media = "iso_a3_297x420mm";
  const Answers answers = PrinterSetup::print(*setup.worker(), order, numbered_pages(1));
  EXPECT_EQ(answers.code(), "device.invalid_setting");
  EXPECT_EQ(setup.printer().status("jobs"), "0");
}

TEST(PrinterWorker, CancelsAtAnyMoment) {
  PrinterSetup setup;
  setup.fault("media-jam at=2");
  const auto worker = setup.worker();
  bool asked = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(3), [&](const frames::FromWorker& frame) {
        if (!asked && waits_for(frame, "printer.paper_jam")) {
          asked = true;
          worker->send(frames::Withdraw{{}, 1});
        }
        return true;
      });
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_EQ(last(answers).state, PrinterJobState::canceled);
  EXPECT_EQ(last(answers).sheets, 1) << "one sheet had come before the jam";
}

TEST(PrinterWorker, SendsRasterToAPrinterThatReadsNoPdf) {
  for (const char* format : {"pwg", "urf"}) {
    PrinterSetup setup({"--formats", format});
    const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(2));
    EXPECT_EQ(answers.code(), "") << format;
    EXPECT_EQ(last(answers).sheets, 2) << format;
    EXPECT_EQ(setup.sheets("job-a"), 2) << format;
  }
}

TEST(PrinterWorker, PrintsOnAPrinterWithoutCreateJob) {
  PrinterSetup setup({"--print-job-only"});
  const auto pdf = numbered_pages(2);
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), pdf);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(answers.placed->printer_job, 0);
  EXPECT_EQ(last(answers).sheets, 2);
  EXPECT_EQ(bytes_of(setup.printer().tray() / "job-a.pdf"), pdf);
}

TEST(PrinterWorker, IsNotWornDownByAPrinterThatTalksNonsense) {
  PrinterSetup setup;
  setup.fault("malformed");
  const auto worker = setup.worker();
  bool healed = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        if (!healed && std::holds_alternative<frames::PrintSeen>(frame)) {
          healed = true;
          setup.fault("none");
        }
        return true;
      });
  EXPECT_TRUE(healed);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

}  // namespace
}  // namespace quay::test
