// SPDX-License-Identifier: Apache-2.0
// Printing through the whole of quayd: every sheet that a simulated printer drops is counted, none is printed twice,
// lost in silence, or called printed that nobody counted.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/coded_page.hpp"
#include "tests/system/front_end.hpp"
#include "tests/system/print_counter.hpp"

namespace quay::system_test {
namespace {

using protocol::DeviceStatus;
using protocol::JobState;
using protocol::PrintState;
using testing::Contains;
using testing::IsEmpty;

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Print, PagesAndDocumentsArriveByteForByte) {
  PrintCounter desk;
  desk.start();
  const protocol::Job scan = desk.counter().scan({.visit = desk.visit()});
  ASSERT_EQ(scan.state, JobState::done);
  protocol::DocumentAssembleArguments pages;
  pages.visit = desk.visit();
  pages.captures = scan.captures;
  const auto document = desk.client().call_as<protocol::Document>("document.assemble", pages);
  ASSERT_TRUE(document) << describe(document.error());
  protocol::PrintSubmitArguments wanted;
  wanted.visit = desk.visit();
  wanted.document = document->document;
  wanted.media = "A4";
  const std::string id = desk.submit(wanted);
  ASSERT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.sheets(id), 2);
  const auto file = bytes_of(desk.file_of(id));
  EXPECT_EQ(file.size(), document->file.bytes);

  wanted.document.reset();
  wanted.captures = scan.captures;
  wanted.duplex = true;
  const std::string second = desk.submit(wanted);
  ASSERT_EQ(desk.await_end(second).state, JobState::done);
  EXPECT_EQ(desk.sheets(second), 1) << "both sides";
  protocol::PrintSubmitArguments again;
  again.visit = desk.visit();
  again.again = id;
  again.media = "A4";
  const std::string third = desk.submit(again);
  ASSERT_EQ(desk.await_end(third).state, JobState::done);
  EXPECT_EQ(bytes_of(desk.file_of(third)), file);
}

TEST(Print, TheSameWishPrintsOnceAndAnotherPrintsAgain) {
  PrintCounter desk;
  desk.start();
  const std::string id = desk.submit(desk.label(), "wish-1");
  EXPECT_EQ(desk.submit(desk.label(), "wish-1"), id);
  EXPECT_EQ(desk.await_end(id).state, JobState::done);
  EXPECT_EQ(desk.submit(desk.label(), "wish-1"), id);
  EXPECT_EQ(desk.submit(desk.label("Trần Văn Bưu"), "wish-1"), "request.key_reused");
  const std::string other = desk.submit(desk.label(), "wish-2");
  EXPECT_NE(other, id);
  EXPECT_EQ(desk.await_end(other).state, JobState::done);
  EXPECT_EQ(desk.printer().status("sheets"), "2");
}

TEST(Print, WaitsForPaperSaysSoAndGoesOnByItself) {
  PrintCounter desk({"--paper", "0"});
  desk.counter().start();
  ASSERT_TRUE(desk.counter().device_becomes(DeviceStatus::needs_attention, kPrinter));
  ASSERT_TRUE(desk.printer().tell("load 5"));
  ASSERT_TRUE(desk.counter().device_becomes(DeviceStatus::ready, kPrinter));
}

TEST(Print, IsDoneOnlyWhenTheSheetsWereCounted) {
  PrintCounter desk;
  desk.start();
  desk.fault("silent-drop");
  const protocol::Job dropped = desk.await_end(desk.submit(desk.label()));
  EXPECT_EQ(dropped.state, JobState::failed);
  EXPECT_EQ(desk.counter().code_of(dropped), "print.no_sheets");
  EXPECT_EQ(dropped.print->state, PrintState::not_printed);

  desk.fault("wrong-count says=3");
  const protocol::Job odd = desk.await_end(desk.submit(desk.label()));
  EXPECT_EQ(desk.counter().code_of(odd), "print.uncertain");
  EXPECT_EQ(odd.print->state, PrintState::partly);
  EXPECT_EQ(odd.print->sheets_printed, 3);

  desk.fault("no-counts");
  const protocol::Job untold = desk.await_end(desk.submit(desk.label()));
  EXPECT_EQ(untold.print->state, PrintState::uncertain);

  desk.fault("abort");
  const protocol::Job aborted = desk.await_end(desk.submit(desk.label()));
  EXPECT_EQ(desk.counter().code_of(aborted), "print.refused");
  EXPECT_EQ(aborted.print->state, PrintState::not_printed);
}

TEST(Print, APrinterThatDoesNotCountIsBelievedWhenTheOperatorSaysSo) {
  PrintCounter desk({"--fault", "no-counts"});
  desk.configure("trust_uncounted = true\n");
  desk.start();
  const protocol::Job job = desk.await_end(desk.submit(desk.label()));
  EXPECT_EQ(job.state, JobState::done);
  EXPECT_EQ(job.print->sheets_printed, -1) << "what was not counted is not made up";
}

TEST(Print, AJournalThatRefusesForAMomentCostsNoAttempt) {
  PrintCounter desk;
  desk.start();
  desk.counter().stop_daemon();
  desk.in_journal(
      "CREATE TRIGGER refuse BEFORE UPDATE ON print WHEN NEW.sent = 1 AND NEW.attempt < 5"
      " BEGIN SELECT RAISE(ABORT, 'not now'); END");
  desk.counter().start();
  desk.connect_again();
  const std::string id = desk.submit(desk.label());
  EXPECT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.sheets(id), 1);
}

TEST(Print, ThatNeverReachedItsPrinterSaysSoAndIsPrintedAgain) {
  PrintCounter desk;
  desk.start();
  const protocol::Job scan = desk.counter().scan({.visit = desk.visit()});
  protocol::PrintSubmitArguments wanted;
  wanted.visit = desk.visit();
  wanted.captures = scan.captures;
  wanted.media = "A4";
  desk.fault("cut at=100 times=9");
  const protocol::Job job = desk.await_end(desk.submit(wanted));
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(job.print->state, PrintState::not_printed);
  EXPECT_EQ(desk.counter().code_of(job), "print.not_sent") << desk.counter().daemon().transcript();
}

TEST(Print, ADocumentThatBrokeOffIsSentAgain) {
  PrintCounter desk;
  desk.start();
  const protocol::Job scan = desk.counter().scan({.visit = desk.visit()});
  protocol::PrintSubmitArguments wanted;
  wanted.visit = desk.visit();
  wanted.captures = scan.captures;
  wanted.media = "A4";
  desk.fault("cut at=100 times=1");
  const std::string id = desk.submit(wanted);
  EXPECT_EQ(desk.await_end(id).state, JobState::done) << desk.counter().daemon().transcript();
  EXPECT_EQ(desk.sheets(id), 2);
  EXPECT_EQ(desk.printer().status("struck"), "1");
}

TEST(Print, ThePrinterTellsHowItIs) {
  PrintCounter desk;
  desk.start();
  const auto device =
      desk.client().call_as<protocol::Device>("device.describe", protocol::DeviceArguments{{}, kPrinter});
  ASSERT_TRUE(device && device->printer);
  EXPECT_EQ(device->kind, protocol::DeviceKind::printer);
  EXPECT_EQ(device->printer->path, protocol::PrinterPath::direct);
  EXPECT_EQ(device->identity.port_path, desk.printer().uri());
  EXPECT_THAT(device->printer->media, Contains("iso_a4_210x297mm"));
  ASSERT_TRUE(desk.printer().tell("unplug"));
  ASSERT_TRUE(desk.counter().device_becomes(DeviceStatus::needs_attention, kPrinter));
  ASSERT_TRUE(desk.printer().tell("plug"));
  ASSERT_TRUE(desk.counter().device_becomes(DeviceStatus::ready, kPrinter));
}

TEST(Print, AsksWhenNothingMovesForLong) {
  PrintCounter desk;
  desk.start();
  desk.fault("cover-open at=1");
  const std::string id = desk.submit(desk.label());
  EXPECT_TRUE(desk.waits_for(id, "printer.cover_open"));
  EXPECT_TRUE(rig::wait_until([&] { return desk.get(id).print->stale; }));
  desk.fault("none");
  const protocol::Job job = desk.await_end(id);
  EXPECT_EQ(job.state, JobState::done);
  EXPECT_FALSE(job.print->stale);
}

TEST(Print, ByQuayctlSaysHowManySheetsCameAndLeavesNoVisitOpen) {
  PrintCounter desk;
  desk.start();
  const std::filesystem::path values = desk.counter().path() / "values.json";
  std::ofstream(values) << boost::json::serialize(desk.label().values);
  const Said said = desk.counter().quayctl(
      {"--lang", "en", "print", "--form", "file-label", "--values", values.string(), "--media", "A4", "--copies", "2"});
  EXPECT_EQ(said.code, 0) << said.errors;
  EXPECT_THAT(said.output, testing::HasSubstr("printed, 2 / 2 sheets"));
  EXPECT_EQ(desk.printer().status("sheets"), "2");
  const auto visits = desk.client().call_as<protocol::VisitListResult>("visit.list", protocol::NoArguments{});
  ASSERT_TRUE(visits);
  EXPECT_EQ(visits->visits.size(), 1U) << "the test's own";

  desk.fault("power-cut at=1");
  const Said unknown = desk.counter().quayctl(
      {"--lang", "en", "print", "--form", "file-label", "--values", values.string(), "--media", "A4"});
  EXPECT_EQ(unknown.code, 4) << unknown.output << unknown.errors;
  EXPECT_THAT(unknown.errors, testing::HasSubstr("print.uncertain"));
  EXPECT_THAT(unknown.errors, testing::HasSubstr("quayctl print --settle"));
}

}  // namespace
}  // namespace quay::system_test
