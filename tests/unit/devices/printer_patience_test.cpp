// SPDX-License-Identifier: Apache-2.0
// quay-printer where patience decides: quayd that ends, a printer that keeps, refuses, babbles or does not come. What
// is known is told, what is not known is never called 'nothing came'.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "base/sanitized.hpp"
#include "tests/unit/devices/printed_pages.hpp"
#include "tests/unit/devices/printer_setup.hpp"

namespace quay::test {
namespace {

using frames::PrinterJobState;
using testing::Contains;

// ---- an orderly end of quayd ----------------------------------------------------------------------------------------

frames::Print next_run_of(const Answers& answers) {
  frames::Print order = order_named("job-a");
  order.sent = true;
  order.printer_job = answers.placed ? answers.placed->printer_job : 0;
  return order;
}

/// quayd ends when `moment` comes, and lets its worker leave.
Answers print_until(PrinterSetup& setup, const std::function<bool(const frames::FromWorker&)>& moment) {
  const auto worker = setup.worker();
  Answers seen;
  bool ended = false;
  Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(40), [&](const frames::FromWorker& frame) {
        if (const auto* placed = std::get_if<frames::Placed>(&frame)) {
          seen.placed = *placed;
        }
        if (!ended && moment(frame)) {
          ended = true;
          worker->send(frames::Shutdown{});
        }
        return true;
      });
  EXPECT_TRUE(ended);
  EXPECT_EQ(worker->ending(), "exit status 0");
  answers.placed = seen.placed;
  return answers;
}

TEST(PrinterPatience, LeavesTheJobToTheNextRunWhenQuaydEndsWhileItSends) {
  PrinterSetup setup;
  setup.fault("stall");
  const Answers first = print_until(setup, [](const frames::FromWorker& frame) {
    const auto* progress = std::get_if<frames::Progress>(&frame);
    return progress != nullptr && progress->stage == frames::Stage::sending && progress->rows_total > 0;
  });
  setup.fault("none");
  EXPECT_EQ(setup.printer().status("open"), "1") << "nobody cancelled it";
  const Answers second = PrinterSetup::print(*setup.worker(), next_run_of(first), numbered_pages(40));
  EXPECT_TRUE(last(second).broke_off) << "to be sent again, not refused";
  EXPECT_EQ(last(second).state, PrinterJobState::canceled);
}

TEST(PrinterPatience, LeavesTheJobToTheNextRunWhenQuaydEndsBeforeItWasToldToSend) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  std::optional<frames::Placed> placed;
  PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
    const auto* said = std::get_if<frames::Placed>(&frame);
    placed = said != nullptr ? std::optional(*said) : std::nullopt;
    return said == nullptr;
  });
  ASSERT_TRUE(placed);
  worker->send(frames::Shutdown{});
  EXPECT_EQ(worker->ending(), "exit status 0");
  EXPECT_EQ(setup.printer().status("open"), "1");
  frames::Print order = order_named("job-a");
  order.sent = true;  // quayd had written it down
  order.printer_job = placed->printer_job;
  const Answers second = PrinterSetup::print(*setup.worker(), order, numbered_pages(1));
  EXPECT_TRUE(last(second).broke_off);
}

// ---- printers that answer, and say too much or nothing
// ----------------------------------------------------------------

TEST(PrinterPatience, UnderstandsAPrinterThatWritesNoUtf8AndListsWithoutAnEnd) {
  PrinterSetup setup;
  setup.fault("babble");
  const auto worker = setup.worker();
  const Answers described = worker->ask(frames::Describe{{}, 1});
  EXPECT_EQ(described.code(), "");
  ASSERT_TRUE(described.described && described.described->printer);
  EXPECT_EQ(described.described->identity.model, "Máy in À quê");
  EXPECT_THAT(described.described->printer->media, Contains("iso_a4_210x297mm"));
  EXPECT_THAT(described.described->printer->state_reasons, Contains("a-reasón-1-report"));
  EXPECT_EQ(PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1)).code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterPatience, PutsUpWithQuestionsThatAreRefused) {
  PrinterSetup setup;
  setup.fault("media-jam at=2");
  bool jammed = false;
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(3),
                                              [&](const frames::FromWorker& frame) {
                                                if (!jammed && waits_for(frame, "printer.paper_jam")) {
                                                  jammed = true;
                                                  setup.fault("job-error times=3");
                                                }
                                                return true;
                                              });
  EXPECT_TRUE(jammed);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.printer().status("struck"), "3");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, 3);
}

TEST(PrinterPatience, EndsWithWhatIsKnownWhenQuestionsAreRefusedForLong) {
  PrinterSetup setup;
  setup.fault("media-jam at=2");
  bool jammed = false;
  const Answers answers = PrinterSetup::print(*setup.worker({"--give-up-ms", "500"}), order_named("job-a"),
                                              numbered_pages(3), [&](const frames::FromWorker& frame) {
                                                if (!jammed && waits_for(frame, "printer.paper_jam")) {
                                                  jammed = true;
                                                  setup.fault("job-error times=1000");
                                                }
                                                return true;
                                              });
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::stopped) << "open: nobody knows what came of it";
}

TEST(PrinterPatience, TakesNoAnswerWithoutAnEnd) {
  PrinterSetup setup;
  setup.fault("flood at=8");
  const auto worker = setup.worker();
  bool told = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        if (!told && waits_for(frame, "device.io")) {
          told = true;
          setup.fault("none");
        }
        return true;
      });
  EXPECT_TRUE(told);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterPatience, HasAnEndToItsMemory) {
  PrinterSetup setup;
  const auto worker = setup.worker();
  std::ifstream limits("/proc/" + std::to_string(worker->pid()) + "/limits");
  const std::string text{std::istreambuf_iterator<char>(limits), {}};
  const std::string most = kSanitized ? "unlimited" : "3221225472";  // their shadow memory alone is terabytes
  EXPECT_THAT(text, testing::ContainsRegex("Max address space +" + most + " +" + most));
}

// ---- nobody wants it, and the printer keeps it
// ------------------------------------------------------------------------

TEST(PrinterPatience, GivesUpACancelledPrintThatItsPrinterKeeps) {
  PrinterSetup setup;
  setup.fault("keep at=2");
  const auto worker = setup.worker({"--give-up-ms", "500"});
  bool asked = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(3), [&](const frames::FromWorker& frame) {
        const auto* seen = std::get_if<frames::PrintSeen>(&frame);
        if (!asked && seen != nullptr && seen->sheets == 1) {
          asked = true;
          worker->send(frames::Withdraw{{}, 1});
        }
        return true;
      });
  EXPECT_TRUE(asked);
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_EQ(last(answers).state, PrinterJobState::processing) << "open: nobody knows whether the second came";
  EXPECT_EQ(last(answers).reasons, "processing-to-stop-point") << "it was asked to stop";
}

// ---- it tells that it waits
// -------------------------------------------------------------------------------------------

TEST(PrinterPatience, TellsThatItWaitsForAPrinterThatIsNotThere) {
  PrinterSetup setup;
  ASSERT_TRUE(setup.printer().tell("unplug"));
  const auto worker = setup.worker();
  int signs = 0;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        signs += std::holds_alternative<frames::Progress>(frame) ? 1 : 0;
        if (signs == 2) {
          EXPECT_TRUE(setup.printer().tell("plug"));
        }
        return true;
      });
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterPatience, TellsThatItWaitsForAPrinterThatIsBusy) {
  PrinterSetup setup;
  setup.fault("busy times=100000");
  const auto worker = setup.worker();
  int signs = 0;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        signs += std::holds_alternative<frames::Progress>(frame) ? 1 : 0;
        if (signs == 2) {
          setup.fault("none");
        }
        return true;
      });
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

// ---- printers without Create-Job that refuse
// --------------------------------------------------------------------------

TEST(PrinterPatience, WaitsForABusyPrinterWithoutCreateJob) {
  PrinterSetup setup({"--print-job-only"});
  setup.fault("busy times=3");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(1));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(setup.printer().status("struck"), "3");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(setup.sheets("job-a"), 1);
}

TEST(PrinterPatience, KnowsThatNothingWasTakenByAPrinterWithoutCreateJobThatRefused) {
  PrinterSetup setup({"--print-job-only"});
  setup.fault("refuse");
  const Answers answers = PrinterSetup::print(*setup.worker(), order_named("job-a"), numbered_pages(1));
  EXPECT_EQ(answers.code(), "print.format");
  EXPECT_FALSE(last(answers).sent);
  EXPECT_EQ(setup.sheets("job-a"), 0);
}

TEST(PrinterPatience, DoesNotSendAgainWhatAWorkerThatDiedMayHaveSent) {
  PrinterSetup setup({"--print-job-only"});
  setup.fault("busy times=100000");
  const auto worker = setup.worker();
  int placed = 0;
  PrinterSetup::print(*worker, order_named("job-a"), numbered_pages(1), [&](const frames::FromWorker& frame) {
    placed += std::holds_alternative<frames::Placed>(frame) ? 1 : 0;
    return placed == 0 || std::stoi(setup.printer().status("struck")) < 3;
  });
  worker->kill();
  EXPECT_FALSE(worker->ending().empty());
  setup.fault("none");
  const Answers second = PrinterSetup::print(*setup.worker(), next_run_of({}), numbered_pages(1));
  EXPECT_EQ(last(second).state, PrinterJobState::missing);
  EXPECT_TRUE(last(second).sent) << "uncertain";
  EXPECT_EQ(setup.sheets("job-a"), 0);
}

}  // namespace
}  // namespace quay::test
