// SPDX-License-Identifier: Apache-2.0
// The parts of quay-printer that decide: what stops a printer, what is asked of it, what its raster looks like, how its
// text is read, what its refusals mean, and when a stopped queue may go on.
#include <gmock/gmock.h>

#include <cstring>

#include <cups/raster.h>

#include "devices/printer/allowance.hpp"
#include "devices/printer/printer_link.hpp"
#include "devices/printer/queue_healer.hpp"
#include "devices/printer/raster.hpp"
#include "devices/printer/refusals.hpp"
#include "devices/printer/state_reasons.hpp"
#include "tests/unit/devices/printed_pages.hpp"

namespace quay::printer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PrinterFacts a4_printer() {
  PrinterFacts facts;
  facts.formats = {"image/pwg-raster", "application/pdf"};
  facts.media = {*size_named("na_letter_8.5x11in"), *size_named("iso_a4_210x297mm"), *size_named("iso_a5_148x210mm")};
  facts.sides = {"one-sided", "two-sided-long-edge"};
  facts.raster_types = {"sgray_8"};
  facts.most_copies = 9;
  return facts;
}

TEST(StateReasons, AreWhatAClerkCanMend) {
  EXPECT_THAT(what_stops({"media-empty-error"}, true), ElementsAre(Errc::printer_paper_empty));
  EXPECT_THAT(what_stops({"toner-empty", "media-jam-warning"}, false),
              ElementsAre(Errc::printer_paper_jam, Errc::printer_marker_empty));
  EXPECT_THAT(what_stops({"door-open-report"}, false), ElementsAre(Errc::printer_cover_open));
}

TEST(StateReasons, ThatStopNothingAreNoTrouble) {
  EXPECT_THAT(what_stops({"toner-low-warning", "media-low-report", "wifi-not-configured-report"}, false), IsEmpty());
  EXPECT_THAT(what_stops({"other-warning"}, false), IsEmpty());
}

TEST(StateReasons, OfAStoppedPrinterThatSaysNothingIsThatItStopped) {
  EXPECT_THAT(what_stops({}, true), ElementsAre(Errc::printer_stopped));
  EXPECT_THAT(what_stops({"paused", "cover-open"}, true), ElementsAre(Errc::printer_cover_open))
      << "the cause, not its effect";
}

TEST(Ticket, PrefersThePdfAsItIs) {
  const auto ticket = make_ticket(a4_printer(), {.media = "", .first_page = {210, 297}, .pages = 3});
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->format, Format::pdf);
  EXPECT_EQ(ticket->media.name, "iso_a4_210x297mm");
  EXPECT_EQ(ticket->sheets, 3);
}

TEST(Ticket, TakesTheNearestPaperAndAPageOnItsSideOnPaperThatStands) {
  const auto scanned = make_ticket(a4_printer(), {.media = "", .first_page = {209.2, 296.1}, .pages = 1});
  ASSERT_TRUE(scanned);
  EXPECT_EQ(scanned->media.name, "iso_a4_210x297mm");
  const auto sideways = make_ticket(a4_printer(), {.media = "", .first_page = {297, 210}, .pages = 1});
  ASSERT_TRUE(sideways);
  EXPECT_EQ(sideways->media.name, "iso_a4_210x297mm");
}

TEST(Ticket, CutsARollWhereTheContentEnds) {
  PrinterFacts roll;
  roll.formats = {"image/pwg-raster"};
  roll.ranges = {{5'000, 8'000, 2'000, 300'000}};
  const auto ticket = make_ticket(roll, {.media = "", .first_page = {80, 143.7}, .pages = 1});
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->media.width, 8'000);
  EXPECT_EQ(ticket->media.length, 14'370);
  EXPECT_FALSE(make_ticket(roll, {.media = "", .first_page = {210, 297}, .pages = 1}));
}

TEST(Ticket, CountsSheetsOfBothSides) {
  const auto ticket =
      make_ticket(a4_printer(), {.media = "", .first_page = {210, 297}, .pages = 3, .copies = 2, .duplex = true});
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->sheets, 4);
  EXPECT_EQ(sheets_of(6, *ticket), 4);
  EXPECT_EQ(sheets_of(3, *ticket), 2);
  EXPECT_EQ(sheets_of(1, *ticket), 1);
}

TEST(Ticket, RefusesWhatThePrinterCannot) {
  EXPECT_EQ(make_ticket(a4_printer(), {.media = "iso_a3_297x420mm", .first_page = {}}).error().code,
            Errc::device_invalid_setting);
  EXPECT_EQ(make_ticket(a4_printer(), {.media = "A4", .first_page = {}}).error().code, Errc::device_invalid_setting);
  EXPECT_EQ(
      make_ticket(a4_printer(), {.media = "iso_a4_210x297mm", .first_page = {}, .pages = 1, .copies = 10}).error().code,
      Errc::device_invalid_setting);
  PrinterFacts words = a4_printer();
  words.formats = {"text/plain"};
  EXPECT_EQ(make_ticket(words, {.media = "iso_a4_210x297mm", .first_page = {}}).error().code, Errc::print_format);
}

/// The dark squares in the row of pixels that goes through them.
int squares_in(const std::vector<unsigned char>& row) {
  int squares = 0;
  for (std::size_t x = 1; x < row.size(); ++x) {
    squares += row[x] < 128 && row[x - 1] >= 128 ? 1 : 0;
  }
  return squares;
}

struct Cursor {
  const std::vector<std::uint8_t>* bytes;
  std::size_t at = 0;
};

ssize_t read_from(void* from, unsigned char* buffer, std::size_t count) {
  auto& cursor = *static_cast<Cursor*>(from);
  const std::size_t taken = std::min(count, cursor.bytes->size() - cursor.at);
  std::memcpy(buffer, cursor.bytes->data() + cursor.at, taken);
  cursor.at += taken;
  return static_cast<ssize_t>(taken);
}

/// Squares of each page, looked for `mm` below its upper edge.
std::vector<int> squares_of_pages(const std::vector<std::uint8_t>& raster, double mm) {
  std::vector<int> squares;
  Cursor cursor{&raster};
  cups_raster_t* reader = cupsRasterOpenIO(read_from, &cursor, CUPS_RASTER_READ);
  cups_page_header2_t header{};
  while (reader != nullptr && cupsRasterReadHeader2(reader, &header) != 0) {
    std::vector<unsigned char> row(header.cupsBytesPerLine);
    const auto wanted = static_cast<unsigned>(mm / 25.4 * header.HWResolution[1]);
    for (unsigned y = 0; y < header.cupsHeight; ++y) {
      cupsRasterReadPixels(reader, row.data(), header.cupsBytesPerLine);
      if (y == wanted) {
        squares.push_back(squares_in(row));
      }
    }
  }
  cupsRasterClose(reader);
  return squares;
}

std::vector<std::uint8_t> raster_of(const PrinterFacts& facts, bool duplex, Format format = Format::pwg_raster) {
  const auto pdf = test::numbered_pages(3);
  const auto pages = PdfPages::open(pdf);
  Ticket ticket{format, *size_named("iso_a4_210x297mm"), 1, duplex, 3, 3};
  return *to_raster(*pages, ticket, facts, [] { return Status(); });
}

TEST(Raster, HasEveryPageInItsPlace) {
  EXPECT_THAT(squares_of_pages(raster_of(a4_printer(), false), 15), ElementsAre(1, 2, 3));
  EXPECT_THAT(squares_of_pages(raster_of(a4_printer(), false, Format::urf), 15), ElementsAre(1, 2, 3));
}

TEST(Raster, AsksBeforeEachPageAndEndsWithTheAnswer) {
  const auto pdf = test::numbered_pages(3);
  const auto pages = PdfPages::open(pdf);
  ASSERT_TRUE(pages);
  const Ticket ticket{Format::pwg_raster, *size_named("iso_a4_210x297mm"), 1, false, 3, 3};
  int asked = 0;
  const auto raster = to_raster(*pages, ticket, a4_printer(), [&]() -> Status {
    return ++asked < 3 ? Status() : Status(failure(Errc::scan_cancelled, "test", "not wanted"));
  });
  ASSERT_FALSE(raster);
  EXPECT_EQ(raster.error().code, Errc::scan_cancelled);
  EXPECT_EQ(asked, 3);
}

TEST(Raster, TurnsBackSidesAsThePaperPathNeeds) {
  PrinterFacts facts = a4_printer();
  facts.sheet_back = "rotated";
  const auto raster = raster_of(facts, true);
  EXPECT_THAT(squares_of_pages(raster, 15), ElementsAre(1, 0, 3));
  EXPECT_THAT(squares_of_pages(raster, 297 - 15), ElementsAre(0, 2, 0));
}

std::string read_back(const std::string& written) {
  const IppMessage message(ippNew());
  ippAddString(message.get(), IPP_TAG_PRINTER, IPP_TAG_TEXT, "printer-info", nullptr, written.c_str());
  return message.text("printer-info");
}

TEST(IppText, IsUtf8AsItIsAndIso8859ElseAndHasNoControlCharacters) {
  EXPECT_EQ(read_back("M\xC3\xA1y in"), "Máy in");
  EXPECT_EQ(read_back("M\xE1y in \xC0 \xFF"), "Máy in À ÿ");
  EXPECT_EQ(read_back("a\nb\x1B[31mc\x7F"), "a b [31mc ");
  EXPECT_EQ(read_back(""), "");
}

TEST(IppText, IsCutBetweenTwoCharacters) {
  std::string longest = "x";
  for (int i = 0; i < 600; ++i) {
    longest += "á";
  }
  EXPECT_EQ(read_back(longest), longest.substr(0, 1023)) << "1 + 511 * 2";
  EXPECT_EQ(read_back("x" + longest).size(), 1022U);
}

TEST(IppText, OfAListWithoutAnEndIsItsBeginning) {
  const IppMessage message(ippNew());
  const std::vector<const char*> words(5'000, "a-paper");
  ippAddStrings(message.get(), IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-supported", static_cast<int>(words.size()),
                nullptr, words.data());
  const std::vector<int> numbers(5'000, 3);
  ippAddIntegers(message.get(), IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported", static_cast<int>(numbers.size()),
                 numbers.data());
  EXPECT_EQ(message.texts("media-supported").size(), 1024U);
  EXPECT_EQ(message.integers("operations-supported").size(), 1024U);
}

Error answered(Errc code, const char* api, ipp_status_t status) {
  Error error = make_error(code, "test", "");
  error.native = {api, "", static_cast<std::int64_t>(status)};
  return error;
}

TEST(Refusal, IsOnlySureWhereThePrinterItselfSaidNo) {
  EXPECT_TRUE(took_nothing(answered(Errc::print_format, kIppApi, IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR)));
  EXPECT_TRUE(took_nothing(answered(Errc::print_refused, kIppApi, IPP_STATUS_ERROR_BAD_REQUEST)));
  EXPECT_TRUE(took_nothing(answered(Errc::device_busy, kIppApi, IPP_STATUS_ERROR_BUSY)));
  EXPECT_TRUE(took_nothing(answered(Errc::printer_stopped, kIppApi, IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS)));
  EXPECT_FALSE(took_nothing(answered(Errc::print_refused, kIppApi, IPP_STATUS_ERROR_INTERNAL)));
  EXPECT_FALSE(took_nothing(make_error(Errc::print_refused, "printer.http", "HTTP 500")));
  EXPECT_FALSE(took_nothing(make_error(Errc::printer_offline, "printer.document", "broken pipe")));
}

TEST(Allowance, BeginsWithTheFirstQuestionAndIsRenewed) {
  Allowance allowance;
  EXPECT_FALSE(allowance.used_up(Milliseconds(60'000)));
  EXPECT_TRUE(allowance.used_up(Milliseconds(0))) << "the shortest counts";
  EXPECT_TRUE(allowance.used_up(Milliseconds(60'000)));
  allowance.renew();
  EXPECT_FALSE(allowance.used_up(Milliseconds(60'000)));
}

TEST(QueueHealer, LetsAQueueGoOnWhenItsCauseIsGone) {
  PrinterFacts queue;
  EXPECT_EQ(healing_of(queue, "", std::nullopt), Healing::none);
  queue.stopped = true;
  EXPECT_EQ(healing_of(queue, "", std::nullopt), Healing::resume);
  PrinterFacts behind;
  EXPECT_EQ(healing_of(queue, "", behind), Healing::resume);
  behind.reasons = {"media-empty-error"};
  EXPECT_EQ(healing_of(queue, "", behind), Healing::wait);
  queue.state_message = "The printer is not responding.";
  EXPECT_EQ(healing_of(queue, "The printer is not responding.", std::nullopt), Healing::resume);
}

TEST(QueueHealer, LeavesAQueueAloneThatAPersonPaused) {
  PrinterFacts queue;
  queue.stopped = true;
  for (const char* reason : {"Paused", "Đang sửa"}) {
    queue.state_message = reason;
    EXPECT_EQ(healing_of(queue, "", std::nullopt), Healing::leave) << reason;
  }
}

}  // namespace
}  // namespace quay::printer
