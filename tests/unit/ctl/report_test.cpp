// SPDX-License-Identifier: Apache-2.0
// Reports: the days that are meant, figures that are exact over many points, CSV that loses nothing, a page that needs
// nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/report/chart.hpp"
#include "ctl/report/page.hpp"
#include "ctl/report/words.hpp"
#include "protocol/client/usage.hpp"

namespace quay::ctl::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string days(std::string_view text) {
  const auto period = parse_period(text);
  return period ? day_text(period->from) + " " + day_text(period->to) : period.error().detail;
}

TEST(Period, IsWhatPeopleWrite) {
  EXPECT_EQ(days("2026"), "2026-01-01 2026-12-31");
  EXPECT_EQ(days("2026-Q1"), "2026-01-01 2026-03-31");
  EXPECT_EQ(days("2026-Q4"), "2026-10-01 2026-12-31");
  EXPECT_EQ(days("2028-02"), "2028-02-01 2028-02-29");
  EXPECT_EQ(days("2026-11-26"), "2026-11-26 2026-11-26");
  EXPECT_EQ(days("2026-11-26..2026-12-02"), "2026-11-26 2026-12-02");
}

TEST(Period, ThatIsNoneIsRefusedWithWhatWasExpected) {
  for (const char* wrong : {"", "26", "2026-Q5", "2026-q1", "2026-13", "2026-02-30", "2026-11-26..", "..2026-11-26",
                            "2026-11-30..2026-11-26", "2026-11..2026-12", "2026-1-1", "-026", "+026-Q1", "2026 "}) {
    const auto period = parse_period(wrong);
    ASSERT_FALSE(period) << wrong;
    EXPECT_EQ(period.error().code, Errc::usage) << wrong;
    EXPECT_THAT(period.error().detail, HasSubstr("where 2026, 2026-Q4, 2026-11, 2026-11-26 or")) << wrong;
  }
}

Row row(const std::string& point, const std::string& day, const std::string& measure, const std::string& label,
        std::int64_t value) {
  return {point, {{}, day, measure, label, value}};
}

TEST(Csv, ComesBackAsItWasWithWhateverIsInAName) {
  const std::vector<Row> rows{row("Cần Thơ, \"phường 1\"\nlầu 2", "2026-11-26", "visits", "done", 12),
                              row("b", "2026-11-26", "failures", "scanner-1/paper.jam", 9'000'000'000)};
  const std::string text = to_csv(rows);
  EXPECT_TRUE(text.starts_with("\xef\xbb\xbfpoint,day,measure,label,value\r\n")) << "what spreadsheets know UTF-8 by";
  const auto back = from_csv(text, "a.csv");
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(*back, rows);
}

TEST(Csv, WithoutAColumnForThePointIsOfThePointThatTheFileIsCalledAfter) {
  const auto rows = from_csv("day,measure,label,value\n2026-11-26,visits,done,3\n", "/tmp/x/can-tho.csv");
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows, std::vector<Row>{row("can-tho", "2026-11-26", "visits", "done", 3)});
}

std::string mistake(const std::string& lines) {
  const auto rows = from_csv("point,day,measure,label,value\n" + lines, "a.csv");
  return rows || rows.error().code != Errc::file_unreadable ? "none" : rows.error().detail;
}

TEST(Csv, ABadLineIsNamedWithWhatWasExpected) {
  EXPECT_EQ(mistake("p,2026-11-26,visits,done,1\np,26/11/2026,visits,done,1\n"),
            "a.csv:3: found \"26/11/2026\" where a day such as 2026-11-26 was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,done,many\n"), "a.csv:2: found \"many\" where a whole number was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,done,-1\n"), "a.csv:2: found \"-1\" where a whole number was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,done,1.5\n"), "a.csv:2: found \"1.5\" where a whole number was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,done,99999999999999999999\n"),
            "a.csv:2: found \"99999999999999999999\" where a whole number was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,done\n"), "a.csv:2: found 4 fields where 5 were expected");
  EXPECT_EQ(mistake("p,2026-11-26,,done,1\n"), "a.csv:2: found \"\" where the name of a measure was expected");
  EXPECT_EQ(mistake("p,2026-11-26,visits,\"done,1\n"),
            "a.csv:2: a quote is not closed, or something follows a closed one");
  EXPECT_EQ(mistake("\"a\nb\",2026-11-26,visits,done,1\np,x,visits,done,1\n"),
            "a.csv:4: found \"x\" where a day such as 2026-11-26 was expected")
      << "a line end in quotes counts";
  const auto no_report = from_csv("<html>", "b.csv");
  ASSERT_FALSE(no_report);
  EXPECT_EQ(no_report.error().detail,
            "b.csv:1: found \"<html>\" where the heading point,day,measure,label,value was expected");
  EXPECT_FALSE(from_csv("", "b.csv"));
}

TEST(Merging, ADayOfAPointComesOnce) {
  Merge merge;
  ASSERT_TRUE(
      merge.add("a.csv", {row("p", "2026-11-26", "visits", "done", 1), row("p", "2026-11-26", "pages", "adf", 1)}));
  ASSERT_TRUE(merge.add("b.csv", {row("q", "2026-11-26", "visits", "done", 1)}));
  const Status twice =
      merge.add("c.csv", {row("p", "2026-11-27", "visits", "done", 1), row("p", "2026-11-26", "visits", "done", 1)});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::file_unreadable);
  EXPECT_EQ(twice.error().detail, "c.csv: p 2026-11-26 is in a.csv already: each day of a point may come once");
}

TEST(Figures, AMedianOverPointsIsThatOfAllVisitsNotOfMedians) {
  const Summary summary = summarise({row("a", "2026-11-26", "visit_seconds", "10/0/0", 1),
                                     row("a", "2026-11-26", "visit_seconds", "20/0/0", 1),
                                     row("b", "2026-11-26", "visit_seconds", "100/20/80", 8)});
  EXPECT_EQ(summary.points.at("a").timing.whole, (Spread{10, 20}));
  EXPECT_EQ(summary.whole.timing.whole, (Spread{200, 200})) << "the fifth of ten, and the ninth";
  EXPECT_EQ(summary.whole.timing.capture, (Spread{100, 100}));
  EXPECT_EQ(summary.whole.timing.processing, (Spread{20, 20}));
}

TEST(Figures, RanksAreTheNearest) {
  EXPECT_EQ(spread_of({}), (Spread{0, 0}));
  EXPECT_EQ(spread_of({{7, 1}}), (Spread{7, 7}));
  EXPECT_EQ(spread_of({{1, 1}, {2, 1}, {3, 1}, {4, 1}}), (Spread{2, 4}));
  EXPECT_EQ(spread_of({{1, 9}, {50, 1}}), (Spread{1, 1})) << "nine of ten took one second";
  EXPECT_EQ(spread_of({{1, 8}, {50, 2}}), (Spread{1, 50}));
}

TEST(Figures, HoursOpenAreOfEachPointAndDay) {
  const Summary summary =
      summarise({row("a", "2026-11-26", "opened_minute", "", 480), row("a", "2026-11-26", "closed_minute", "", 1020),
                 row("b", "2026-11-26", "opened_minute", "", 540), row("b", "2026-11-26", "closed_minute", "", 600),
                 row("a", "2026-11-27", "opened_minute", "", 480), row("a", "2026-11-27", "closed_minute", "", 490),
                 row("a", "2026-11-27", "something_newer", "", 5)});
  EXPECT_EQ(summary.whole.open_minutes, 540 + 60 + 10);
  EXPECT_EQ(summary.whole.open_days, 3);
  EXPECT_EQ(summary.points.at("a").open_minutes, 550);
}

TEST(Words, SayWhatIsWrongInVietnameseAndKeepWhatTheyDoNotKnow) {
  EXPECT_EQ(cause_name("paper.jam"), "Kẹt giấy");
  EXPECT_EQ(cause_name("blur"), "Ảnh bị mờ");
  EXPECT_EQ(cause_name("unknown"), "Không rõ nguyên nhân");
  EXPECT_EQ(cause_name("newer.code"), "newer.code");
  EXPECT_EQ(source_name("adf_duplex"), "Khay nạp giấy, hai mặt");
  EXPECT_EQ(minutes(150), "2,5");
  EXPECT_EQ(period_name("2026"), "năm 2026");
  EXPECT_EQ(period_name("2026-Q4"), "quý 4 năm 2026");
  EXPECT_EQ(period_name("2026-11"), "tháng 11 năm 2026");
  EXPECT_EQ(period_name("2026-11-26..2026-11-30"), "2026-11-26..2026-11-30");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1'500'000'000), "1,5 GB");
  EXPECT_EQ(grouped(1'234'567), "1.234.567");
  EXPECT_EQ(grouped(-1'000), "-1.000");
}

TEST(Page, IsCompleteInItselfAndTakesNoMarkupFromNames) {
  const std::vector<Row> rows{
      row("<script>x</script>", "2026-11-26", "visits", "done", 5), row("b", "2026-11-26", "visits", "abandoned", 2),
      row("b", "2026-11-26", "failures", "scanner-1/paper.jam", 3), row("b", "2026-11-26", "rescans", "blur", 4)};
  const std::string page = to_page(summarise(rows), *parse_period("2026-11"), *parse_day("2026-12-01"));
  EXPECT_THAT(page, HasSubstr("lang=\"vi\""));
  EXPECT_THAT(page, HasSubstr("size:A4"));
  EXPECT_THAT(page, HasSubstr("Kẹt giấy (paper.jam)"));
  EXPECT_THAT(page, HasSubstr("từ 01/11/2026 đến 30/11/2026 · lập ngày 01/12/2026"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  std::string elsewhere = page;
  for (std::size_t at = 0; (at = elsewhere.find("http://www.w3.org/2000/svg")) != std::string::npos;) {
    elsewhere.erase(at, 26);  // the name of a namespace, never fetched
  }
  for (const char* request : {"http:", "https:", "@import", "<link", "src="}) {
    EXPECT_THAT(elsewhere, Not(HasSubstr(request)));
  }
}

TEST(Page, OfALongPeriodHasColumnsThatCanBeCounted) {
  EXPECT_THAT(to_page({}, *parse_period("2026"), *parse_day("2026-12-01")), HasSubstr(">12/2026</text>"));
  EXPECT_THAT(to_page({}, *parse_period("2026-Q4"), *parse_day("2026-12-01")), HasSubstr(">28/12</text>")) << "weeks";
  EXPECT_THAT(to_page({}, *parse_period("2026-11"), *parse_day("2026-12-01")),
              testing::AllOf(HasSubstr(">1/11</text>"), HasSubstr(">30</text>")));
}

TEST(Chart, ColumnsAreAsHighAsTheirValuesAndNoneIsDrawnForNothing) {
  const std::string chart = column_chart({"a", "b"}, {{"x", {10, 0}}, {"y", {0, 5}}});
  EXPECT_THAT(chart, HasSubstr("height=\"170.0\" fill=\"#1f4e79\""));
  EXPECT_THAT(chart, HasSubstr("height=\"85.0\" fill=\"url(#hatched)\""));
  EXPECT_THAT(chart, Not(HasSubstr("height=\"0.0\"")));
  EXPECT_EQ(column_chart({"a"}, {}), "");
}

}  // namespace
}  // namespace quay::ctl::report
