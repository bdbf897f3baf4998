// SPDX-License-Identifier: Apache-2.0
// quay-printer at printers and services that are not ours: CUPS's ippeveprinter, and a queue of the real cupsd, whose
// count of sheets is its filter's and not its printer's.
#include <gmock/gmock.h>

#include <fstream>

#include <cairo.h>

#include "devices/printer/pdf_pages.hpp"
#include "devices/printer/printer_behind.hpp"
#include "tests/rig/support/ippeve_printer.hpp"
#include "tests/rig/support/private_cups.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/unit/devices/printed_pages.hpp"
#include "tests/unit/devices/printer_setup.hpp"

namespace quay::test {
namespace {

using frames::PrinterJobState;
using testing::ElementsAre;

/// Longer than any of these takes.
constexpr Milliseconds kPatience{60'000};

std::unique_ptr<WorkerClient> worker_with(const std::vector<std::string>& arguments) {
  auto worker = std::make_unique<WorkerClient>(QUAY_PRINTER, arguments, std::map<std::string, std::string>{});
  EXPECT_TRUE(worker->greeted());
  return worker;
}

/// How many of the squares of numbered_pages() are on each page.
std::vector<int> squares_of(const std::vector<std::uint8_t>& pdf) {
  std::vector<int> squares;
  const auto pages = printer::PdfPages::open(pdf);
  for (int page = 0; pages && page < pages->count(); ++page) {
    cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 595, 842);
    cairo_t* canvas = cairo_create(surface);
    cairo_set_source_rgb(canvas, 1, 1, 1);
    cairo_paint(canvas);
    EXPECT_TRUE(pages->draw(page, canvas));
    cairo_surface_flush(surface);
    const auto* row = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface) +
                                                             42 * cairo_image_surface_get_stride(surface));
    int found = 0;
    for (int x = 1; x < 595; ++x) {
      found += (row[x] & 0xFFU) < 128 && (row[x - 1] & 0xFFU) >= 128 ? 1 : 0;
    }
    squares.push_back(found);
    cairo_destroy(canvas);
    cairo_surface_destroy(surface);
  }
  return squares;
}

// ---- ippeveprinter ----------------------------------------------------------------------------------------------

constexpr const char* kPrints = R"(n=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')
cp "$1" "$(dirname "$0")/came.pdf"
echo "ATTR: job-impressions-completed=$n" >&2
)";

class Eve : public testing::Test {
 protected:
  void open(const std::string& script) {
    auto started = rig::IppEvePrinter::start(directory.path(), script);
    ASSERT_TRUE(started) << describe(started.error());
    eve.emplace(*std::move(started));
    worker = worker_with({"--uri", eve->uri(), "--look-ms", "100"});
  }

  rig::TemporaryDirectory directory;
  std::optional<rig::IppEvePrinter> eve;
  std::unique_ptr<WorkerClient> worker;
};

TEST_F(Eve, IsSpokenToInCipherWhereItsAddressSaysSo) {
  open(kPrints);
  const std::string address = "ipps" + eve->uri().substr(3);
  worker = worker_with({"--uri", address, "--look-ms", "100"});
  const auto pdf = numbered_pages(2);
  const Answers answers = PrinterSetup::print(*worker, order_named("quay-a-1"), pdf);
  EXPECT_EQ(answers.code(), "") << eve->transcript();
  ASSERT_FALSE(answers.seen.empty());
  EXPECT_EQ(answers.seen.back().sheets, 2);
  EXPECT_THAT(eve->transcript(), testing::HasSubstr("Connection now encrypted."));
}

TEST_F(Eve, GetsTheDocumentByteForByteAndItsCountIsTheAnswer) {
  open(kPrints);
  const auto pdf = numbered_pages(3);
  const Answers answers = PrinterSetup::print(*worker, order_named("quay-a-1"), pdf);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, 3);
  EXPECT_EQ(bytes_of(directory / "came.pdf"), pdf);
}

TEST_F(Eve, ThatGivesUpIsHeard) {
  open("exit 1\n");
  const Answers answers = PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(1));
  EXPECT_EQ(last(answers).state, PrinterJobState::aborted);
  EXPECT_EQ(last(answers).sheets, 0);
}

TEST_F(Eve, ThatWaitsForPaperSaysSo) {
  open(std::string("echo 'STATE: +media-empty' >&2\nwhile [ ! -e \"$(dirname \"$0\")/paper\" ]; do sleep 0.1; done\n"
                   "echo 'STATE: -media-empty' >&2\n") +
       kPrints);
  bool waited = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(2), [&](const frames::FromWorker& frame) {
        if (!waited && waits_for(frame, "printer.paper_empty")) {
          waited = true;
          std::ofstream(directory / "paper") << "";
        }
        return true;
      });
  EXPECT_TRUE(waited);
  EXPECT_EQ(last(answers).sheets, 2);
}

// ---- a queue of cupsd -------------------------------------------------------------------------------------------

class Queue : public testing::Test {
 protected:
  void SetUp() override {
    auto started = rig::PrivateCups::start(directory.path());
    ASSERT_TRUE(started) << describe(started.error());
    cups.emplace(*std::move(started));
  }

  void add(const std::string& uri, const std::string& model = "everywhere", const std::vector<std::string>& more = {}) {
    const Status added = cups->add_queue("counter", uri, model);
    ASSERT_TRUE(added) << describe(added.error());
    std::vector<std::string> arguments{"--queue", "counter", "--service", cups->socket().string(), "--look-ms", "100"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    worker = worker_with(arguments);
  }

  rig::TemporaryDirectory directory;
  PrinterSetup behind;
  std::optional<rig::PrivateCups> cups;
  std::unique_ptr<WorkerClient> worker;
};

TEST_F(Queue, PrintsEveryPageAndTheCountIsThePrintersOwn) {
  add(behind.printer().uri());
  frames::Print order = order_named("quay-a-1");
  order.copies = 2;
  const Answers answers = PrinterSetup::print(*worker, order, numbered_pages(3));
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, 6);
  EXPECT_EQ(behind.sheets("quay-a-1"), 6);
  const std::vector<int> squares = squares_of(bytes_of(behind.printer().tray() / "quay-a-1.pdf"));
  ASSERT_GE(squares.size(), 3U);
  EXPECT_THAT(std::vector<int>(squares.begin(), squares.begin() + 3), ElementsAre(1, 2, 3));
}

TEST_F(Queue, IsNotBelievedWhenItsPrinterDroppedTheJob) {
  add(behind.printer().uri());
  behind.fault("silent-drop");
  const Answers answers = PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(3));
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, 0) << "cupsd itself says 3";
}

TEST_F(Queue, DoesNotSayThatNothingCameWhenNobodyBehindItCanBeAsked) {
  cups->break_backend(true);
  add("test-fail://nowhere", "raw");
  bool stopped = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        if (!stopped && waits_for(frame, "printer.stopped")) {
          stopped = true;
          worker->send(frames::Withdraw{{}, 1});
        }
        return true;
      });
  EXPECT_TRUE(stopped);
  EXPECT_EQ(last(answers).state, PrinterJobState::canceled);
  EXPECT_EQ(last(answers).sheets, -1);
}

TEST_F(Queue, DoesNotSayThatNothingCameWhileThePrinterBehindItIsAway) {
  add(behind.printer().uri(), "everywhere", {"--give-up-ms", "500"});
  behind.fault("offline at=2");
  bool away = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(3), [&](const frames::FromWorker&) {
        if (!away && behind.sheets("quay-a-1") == 3) {
          away = true;
          worker->send(frames::Withdraw{{}, 1});
        }
        return true;
      });
  EXPECT_TRUE(away);
  EXPECT_EQ(last(answers).sheets, -1);
}

TEST_F(Queue, CancelsAtThePrinterBehindItWhatTheQueueIsDoneWith) {
  add(behind.printer().uri() + "?waitjob=false");
  behind.fault("media-jam at=2");
  bool asked = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(3), [&](const frames::FromWorker& frame) {
        const auto* seen = std::get_if<frames::PrintSeen>(&frame);
        if (!asked && seen != nullptr && seen->sheets == 1) {
          asked = true;
          worker->send(frames::Withdraw{{}, 1});
        }
        return true;
      });
  EXPECT_TRUE(asked);
  EXPECT_EQ(answers.code(), "scan.cancelled");
  EXPECT_EQ(last(answers).state, PrinterJobState::canceled);
  EXPECT_EQ(last(answers).sheets, 1);
  EXPECT_EQ(behind.printer().status("open"), "0");
}

printer::JobSeen over_at_queue(PrinterJobState state, int impressions) {
  printer::JobSeen job;
  job.name = "quay-a-1";
  job.state = state;
  job.impressions = impressions;
  job.sheets = 3;
  return job;
}

TEST(PrinterBehind, ThatNeverHeardOfTheJobProvesThatNothingCameOnlyWhenTheQueueMadeNoPage) {
  PrinterSetup setup;
  const std::string uri = setup.printer().uri();
  printer::PrinterBehind behind("quay-a-1");
  const auto none = behind.hear(uri, over_at_queue(PrinterJobState::canceled, 0), kPatience);
  EXPECT_EQ(none.job.sheets, 0);
  EXPECT_TRUE(none.whole);
  EXPECT_FALSE(none.open);
  for (const auto& queue : {over_at_queue(PrinterJobState::canceled, 2), over_at_queue(PrinterJobState::canceled, -1),
                            over_at_queue(PrinterJobState::completed, 0)}) {
    const auto forgot = behind.hear(uri, queue, kPatience);
    EXPECT_EQ(forgot.job.sheets, -1);
    EXPECT_FALSE(forgot.whole);
    EXPECT_FALSE(forgot.open);
  }
}

TEST(PrinterBehind, ThatDoesNotAnswerIsAskedAgainForSoLongAndNothingIsKnown) {
  PrinterSetup setup;
  ASSERT_TRUE(setup.printer().tell("unplug"));
  printer::PrinterBehind behind("quay-a-1");
  const auto queue = over_at_queue(PrinterJobState::canceled, 0);
  EXPECT_TRUE(behind.hear(setup.printer().uri(), queue, kPatience).open);
  const auto word = behind.hear(setup.printer().uri(), queue, Milliseconds(0));
  EXPECT_FALSE(word.open);
  EXPECT_FALSE(word.whole);
  EXPECT_EQ(word.job.sheets, -1);
}

TEST(PrinterBehind, ThatSpeaksNoIppIsNotOneThatForgot) {
  const auto word = printer::PrinterBehind("quay-a-1")
                        .hear("usb://Maker/Model", over_at_queue(PrinterJobState::completed, 3), kPatience);
  EXPECT_EQ(word.job.sheets, -1);
  EXPECT_TRUE(word.whole);
  EXPECT_FALSE(word.open);
}

TEST_F(Queue, WhosePrinterForgotTheJobKnowsNothing) {
  add(behind.printer().uri());
  behind.fault("forget");
  const Answers answers = PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(3));
  EXPECT_EQ(last(answers).sheets, -1);
  EXPECT_FALSE(last(answers).whole);
}

TEST_F(Queue, ThatStoppedGoesOnByItselfWhenTheCauseIsGone) {
  cups->break_backend(true);
  add("test-fail://nowhere", "raw");
  bool stopped = false;
  const Answers answers =
      PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(1), [&](const frames::FromWorker& frame) {
        if (!stopped && waits_for(frame, "printer.stopped")) {
          stopped = true;
          cups->break_backend(false);
        }
        return true;
      });
  EXPECT_TRUE(stopped);
  EXPECT_EQ(answers.code(), "");
  EXPECT_EQ(last(answers).state, PrinterJobState::completed);
  EXPECT_EQ(last(answers).sheets, -1) << "nobody behind it can be asked";
}

TEST_F(Queue, KeepsNothingOfAPrintThatIsOver) {
  add(behind.printer().uri());
  PrinterSetup::print(*worker, order_named("quay-a-1"), numbered_pages(1));
  EXPECT_FALSE(cups->spooled().empty()) << "PreserveJobFiles is a day by default";
  EXPECT_TRUE(rig::wait_until([&] { return cups->spooled().empty(); }));
}

}  // namespace
}  // namespace quay::test
