// SPDX-License-Identifier: Apache-2.0
// From visits at a real counter to the operator's report: what was done is in it, also after a restart, nobody is, and
// what marked the day's citizens is gone when the day is.
#include <sqlite3.h>

#include <fstream>

#include <gmock/gmock.h>

#include "protocol/client/usage.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/coded_page.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kNumber = "001099123456";
constexpr const char* kOnTheCard = "001099123456|012345678|NGUYEN THI ANH TUYET|05071999|Nu|So 12, Ha Noi|10052021";
/// Two time zones in which it is never the same day: 26 hours apart.
constexpr const char* kAhead = "AHEAD-14";
constexpr const char* kBehind = "BEHIND12";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Today somewhere on earth.
std::string day(int hours_east) {
  const auto there = std::chrono::system_clock::now() + std::chrono::hours(hours_east);
  return rfc3339(there).substr(0, 10);
}

std::int64_t value(Counter& counter, const std::string& measure, const std::string& label, const std::string& of_day) {
  client::Client client = counter.connect();
  const auto usage = client.call_as<protocol::UsageResult>("usage.get", protocol::UsageArguments{{}, of_day, of_day});
  EXPECT_TRUE(usage) << describe(usage.error());
  std::int64_t found = 0;
  for (const protocol::UsageRow& row : usage ? usage->rows : std::vector<protocol::UsageRow>()) {
    found += row.measure == measure && row.label == label ? row.value : 0;
  }
  return found;
}

protocol::VisitClosed close(Counter& counter, const std::string& visit) {
  client::Client client = counter.connect();
  const auto closed = client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit});
  EXPECT_TRUE(closed) << describe(closed.error());
  return closed.value_or(protocol::VisitClosed{});
}

/// A dossier of three pages of which the first was set aside.
std::string serve_a_citizen(Counter& counter) {
  const std::string visit = counter.open_visit({{}, "nv-042", "1.004222"});
  const protocol::Job job = counter.scan({.visit = visit});
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "capture.discard", {{"visit", visit}, {"captures", {job.captures.at(0)}}}), "done");
  close(counter, visit);
  return visit;
}

TEST(Report, HasWhatHappenedAtTheCounterAlsoAfterARestartAndNobodyWhoWasThere) {
  Counter counter({.sheets = 3});
  counter.set_daemon_environment({{"TZ", "Asia-7"}});
  counter.start();
  const std::string visit = serve_a_citizen(counter);
  close(counter, counter.open_visit());
  const std::string today = day(7);
  counter.stop_daemon();
  counter.start();
  EXPECT_EQ(value(counter, "visits", "done", today), 1);
  EXPECT_EQ(value(counter, "visits", "empty", today), 1);
  EXPECT_EQ(value(counter, "pages", "adf", today), 3);
  EXPECT_EQ(value(counter, "rescans", "low-dpi", today), 1) << "the feeder scans at 75 dpi here";

  const std::string file = (counter.path() / "report.csv").string();
  const std::string period = today + ".." + today;
  const Said made = counter.quayctl({"report", "--period", period, "--point", "can-tho", "-o", file});
  ASSERT_EQ(made.code, 0) << made.errors;
  const std::string csv = text_of(file);
  EXPECT_THAT(csv, HasSubstr("\r\ncan-tho," + today + ",pages,adf,3\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\ncan-tho," + today + ",visits,done,1\r\n"));
  for (const char* mark : {visit.c_str(), "nv-042", "1.004222"}) {
    EXPECT_THAT(csv, Not(HasSubstr(mark)));
  }
  const Said figures = counter.quayctl({"report", "--period", today});
  EXPECT_THAT(figures.output, testing::ContainsRegex("visits +2\n"));
  EXPECT_THAT(counter.quayctl({"--json", "report", "--period", today}).output,
              HasSubstr("\"measure\":\"pages\",\"label\":\"adf\",\"value\":3"));
}

TEST(Report, OfManyPointsIsOneAndABadFileIsNamedWithItsLine) {
  Counter counter({.sheets = 3});
  counter.start();
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(counter.path() / name) << text;
    return (counter.path() / name).string();
  };
  const std::string a = write("a.csv", "day,measure,label,value\n2026-11-26,visits,done,2\n");
  const std::string b = write("b.csv", "point,day,measure,label,value\nb,2026-11-27,visits,done,3\n");
  const std::string bad =
      write("bad.csv", "day,measure,label,value\n2026-11-26,visits,done,2\nyesterday,visits,done,2\n");
  const std::string out = (counter.path() / "all.csv").string();
  ASSERT_EQ(counter.quayctl({"report", "merge", a, b, "-o", out}).code, 0);
  EXPECT_THAT(text_of(out), HasSubstr("a,2026-11-26,visits,done,2\r\nb,2026-11-27,visits,done,3\r\n"));
  const std::string page = (counter.path() / "all.html").string();
  ASSERT_EQ(counter.quayctl({"report", "merge", out, "--period", "2026-11", "-o", page}).code, 0);
  EXPECT_THAT(text_of(page), HasSubstr("Theo điểm"));
  const Said refused = counter.quayctl({"report", "merge", a, bad, "-o", out});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("[file.unreadable]"));
  EXPECT_THAT(refused.errors, HasSubstr("bad.csv:3: found \"yesterday\" where a day such as 2026-11-26 was expected"));
  EXPECT_THAT(counter.quayctl({"report", "merge", a, a}).errors, HasSubstr("each day of a point may come once"));
  EXPECT_EQ(counter.quayctl({"report", "merge", "/nowhere.csv"}).code, 2);
  EXPECT_THAT(counter.quayctl({"report", "--period", "2026-Q5"}).errors, HasSubstr("2026-Q4, 2026-11"));
  EXPECT_THAT(counter.quayctl({"report", "--period", "2026", "-o", "x.pdf"}).errors,
              HasSubstr("FILE.csv or FILE.html"));
}

TEST(Report, IsForTechniciansAndForAMonthAtATime) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "usage.get", {{"from", "2026-11-01"}, {"to", "2026-12-01"}}), "done");
  EXPECT_EQ(call(client, "usage.get", {{"from", "2026-11-01"}, {"to", "2026-12-02"}}), "request.bad_argument");
  EXPECT_EQ(call(client, "usage.get", {{"from", "2026-11-02"}, {"to", "2026-11-01"}}), "request.bad_argument");
  EXPECT_EQ(call(client, "usage.get", {{"from", "2026-11-31"}, {"to", "2026-12-01"}}), "request.bad_argument");
  counter.stop_daemon();
  counter.write_config("[[peer]]\nuid = " + std::to_string(::getuid()) + "\nroles = [\"front_end\"]\n");
  ASSERT_TRUE(counter.try_start());
  client::Client clerk = counter.connect();
  EXPECT_EQ(call(clerk, "usage.get", {{"from", "2026-11-01"}, {"to", "2026-11-01"}}), "peer.not_allowed");
}

/// What lies in the day's tables: "key KEY" and "mark MARK".
std::vector<std::string> secrets_of_the_day(const Counter& counter) {
  std::vector<std::string> found;
  sqlite3* raw = nullptr;
  ::sqlite3_open((counter.path() / "state" / "journal.db").c_str(), &raw);
  const auto take = [](void* into, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(into)->emplace_back(values[0]);
    return 0;
  };
  ::sqlite3_exec(raw, "SELECT wrapped FROM usage_key UNION ALL SELECT mark FROM usage_citizen", take, &found, nullptr);
  ::sqlite3_close(raw);
  return found;
}

TEST(Report, CountsACitizenOnceADayAndWhatMarkedHimIsGoneWhenTheDayIs) {
  const rig::TemporaryDirectory paper;
  write_page_with_code(paper.path() / "card.jpg", kOnTheCard);
  Counter counter({.sheets = 2, .escl = true, .pages = {paper.path() / "card.jpg"}});
  counter.set_daemon_environment({{"TZ", kAhead}});
  counter.start();
  const std::string yesterday = day(14);
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit, .resolution_dpi = 200});
  ASSERT_EQ(job.pages, 2) << "his card twice";
  close(counter, visit);
  EXPECT_EQ(value(counter, "citizens", "", yesterday), 1) << "a day under way is told as it stands";
  counter.stop_daemon();
  const std::vector<std::string> secrets = secrets_of_the_day(counter);
  ASSERT_EQ(secrets.size(), 2U) << "a key and a mark";
  for (const std::string& secret : secrets) {
    ASSERT_THAT(files_with(counter.path() / "state", secret), Not(IsEmpty())) << "the search is worth something";
  }

  counter.set_daemon_environment({{"TZ", kBehind}});  // the same machine on another day
  counter.start();
  const auto gone = [&] {
    return files_with(counter.path() / "state", secrets[0]).empty() &&
           files_with(counter.path() / "state", secrets[1]).empty();
  };
  EXPECT_TRUE(rig::wait_until(gone, Milliseconds(20'000)));
  EXPECT_EQ(value(counter, "citizens", "", yesterday), 1);
  EXPECT_THAT(files_with(counter.path() / "state", kNumber), IsEmpty());
  counter.stop_daemon();
  EXPECT_TRUE(gone());
  EXPECT_THAT(secrets_of_the_day(counter), IsEmpty());
}

}  // namespace
}  // namespace quay::system_test
