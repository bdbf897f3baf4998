// SPDX-License-Identifier: Apache-2.0
// Visits as front ends meet them: consents, limits, delivery, restarts; and who saw what.
#include <csignal>
#include <fstream>

#include <sqlite3.h>

#include "tests/rig/support/wait_until.hpp"
#include "tests/system/counter.hpp"
#include "tests/system/disk_image.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;

std::string state_of(Counter& counter, const std::string& visit) {
  client::Client client = counter.connect();
  const auto seen = client.call_as<protocol::VisitDetails>("visit.get", protocol::VisitArguments{{}, visit});
  return seen ? seen->state + " " + seen->reason.value_or("") : describe(seen.error());
}

bool becomes(Counter& counter, const std::string& visit, const std::string& state) {
  return rig::wait_until([&] { return state_of(counter, visit) == state; }, Milliseconds(15'000));
}

std::string code_of(const Error& error) { return protocol::to_body(error).code; }

void consent(client::Client& client, const std::string& visit, bool given) {
  protocol::ConsentArguments arguments;
  arguments.visit = visit;
  arguments.kind = protocol::ConsentKind::id_card_image;
  arguments.given = given;
  const auto done = client.call_as<protocol::VisitDetails>("visit.consent", arguments);
  ASSERT_TRUE(done) << describe(done.error());
}

Result<protocol::JobAccepted> scan_card(client::Client& client, const std::string& visit) {
  protocol::ScanStartArguments arguments;
  arguments.visit = visit;
  arguments.device = kScanner;
  arguments.profile = "card";
  arguments.settings.resolution_dpi = 75;
  arguments.settings.source = protocol::ScanSource::adf;
  return client.call_as<protocol::JobAccepted>("scan.start", arguments);
}

TEST(Visit, ACardIsScannedOnlyWithTheCitizensConsentAndNotAfterItIsTakenBack) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  const auto refused = scan_card(client, visit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(code_of(refused.error()), "visit.consent_missing");
  EXPECT_EQ(counter.script().sheets_left(), 1) << "no paper moved";
  consent(client, visit, true);
  const auto accepted = scan_card(client, visit);
  ASSERT_TRUE(accepted) << describe(accepted.error());
  const protocol::Job job = counter.await_end(accepted->job);
  EXPECT_EQ(counter.script().sheets_left(), 0) << counter.daemon().transcript();
  EXPECT_EQ(job.pages, 1);
  EXPECT_EQ(counter.code_of(job), "card.not_found") << "what lay there was no card: said, and the raw page kept";
  consent(client, visit, false);
  const auto again = scan_card(client, visit);
  ASSERT_FALSE(again);
  EXPECT_EQ(code_of(again.error()), "visit.consent_missing");
}

TEST(Visit, ANameInPlaceOfAStaffCodeIsRefused) {
  Counter counter;
  counter.start();
  client::Client client = counter.connect();
  protocol::VisitOpenArguments who;
  who.operator_id = "Nguyễn Văn A";
  const auto refused = client.call_as<protocol::Visit>("visit.open", who);
  ASSERT_FALSE(refused);
  EXPECT_EQ(code_of(refused.error()), "request.bad_argument");
}

TEST(Visit, ThatNobodyUsesIsPurgedByItself) {
  Counter counter({.sheets = 1});
  counter.write_config("[visits]\nidle_ms = 3000\nwarning_ms = 1000\n");
  counter.start();
  const std::string visit = counter.open_visit();
  counter.scan({.visit = visit});
  EXPECT_TRUE(becomes(counter, visit, "closed idle")) << counter.daemon().transcript();
  EXPECT_TRUE(counter.captures(visit).empty());
  EXPECT_TRUE(std::filesystem::is_empty(counter.path() / "state/spool"));
}

TEST(Visit, TheHardLimitCancelsWhatRunsAndPurges) {
  Counter counter({.sheets = 200});
  counter.script().set("ppm 60");
  counter.write_config("[visits]\nidle_ms = 600000\nlongest_ms = 4000\nwarning_ms = 1000\n");
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  EXPECT_TRUE(becomes(counter, visit, "closed too_old")) << counter.daemon().transcript();
  EXPECT_EQ(counter.await_end(*job).state, JobState::cancelled);
  EXPECT_TRUE(counter.captures(visit).empty());
}

TEST(Visit, DeliveredIsPurgedAtOnceWhereTheConfigurationSaysSo) {
  Counter counter({.sheets = 1});
  counter.write_config("[visits]\npurge_when_delivered = true\n");
  counter.start();
  const std::string visit = counter.open_visit();
  counter.scan({.visit = visit});
  client::Client client = counter.connect();
  protocol::DeliveredArguments arguments;
  arguments.visit = visit;
  const auto delivered = client.call_as<protocol::VisitDetails>("visit.delivered", arguments);
  ASSERT_TRUE(delivered) << describe(delivered.error());
  EXPECT_TRUE(delivered->delivered_at);
  EXPECT_TRUE(becomes(counter, visit, "closed delivered"));
}

/// Makes the journal say that visits were used last in an earlier run of the machine, and what `changes` says.
void pretend_a_restart(const std::filesystem::path& journal, const std::string& changes) {
  sqlite3* database = nullptr;
  ASSERT_EQ(::sqlite3_open(journal.c_str(), &database), SQLITE_OK);
  const std::string sql = "UPDATE visit SET boot_id = 'another', " + changes;
  EXPECT_EQ(::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  ::sqlite3_close(database);
}

TEST(Visit, ARestartOfTheMachineDoesNotMakeItYounger) {
  struct Case {
    const char* changes;
    const char* state;
  };
  for (const Case& one : {Case{"wall_ms = wall_ms - 1860000", "closed idle"},
                          Case{"wall_ms = wall_ms - 60000, age_ms = 86390000", "closed too_old"},
                          Case{"wall_ms = wall_ms + 3600000", "closed clock"}}) {
    Counter counter({.sheets = 1});
    counter.start();
    const std::string visit = counter.open_visit();
    counter.daemon().stop();
    pretend_a_restart(counter.path() / "state/journal.db", one.changes);
    counter.start();
    EXPECT_TRUE(becomes(counter, visit, one.state)) << one.state << "\n" << state_of(counter, visit);
  }
}

TEST(Visit, ClosedInTheLastMomentOfItsJobWaitsForItsEnd) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  const auto job = counter.start_scan({.visit = visit});
  ASSERT_TRUE(job);
  client::Client client = counter.connect();
  const auto closed = client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit});
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(closed->pages, 1);
}

TEST(Visit, ClosedTwiceGivesTheSameReplyToTheSameWish) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  counter.scan({.visit = visit});
  client::Client client = counter.connect();
  client::CallOptions options;
  options.request_id = "close-once";
  const auto first = client.call("visit.close", {{"visit", visit}}, options);
  const auto again = client.call("visit.close", {{"visit", visit}}, options);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(boost::json::serialize(*first), boost::json::serialize(*again));
  EXPECT_NE(first->if_contains("receipt"), nullptr);
}

protocol::AccessReport verify(Counter& counter) {
  client::Client client = counter.connect();
  const auto report = client.call_as<protocol::AccessReport>("audit.verify", protocol::NoArguments{});
  EXPECT_TRUE(report) << describe(report.error());
  return report ? *report : protocol::AccessReport{};
}

std::vector<std::string> logged_actions(Counter& counter) {
  client::Client client = counter.connect();
  const auto list = client.call_as<protocol::AuditListResult>("audit.list", protocol::AuditListArguments{});
  EXPECT_TRUE(list);
  std::vector<std::string> actions;
  for (const auto& line : list->lines) {
    actions.push_back(std::string(line.at("action").as_string()) + " " + std::string(line.at("result").as_string()));
  }
  return actions;
}

TEST(AccessLog, TellsWhoDidWhatAndSurvivesAKill) {
  Counter counter({.sheets = 1});
  counter.start();
  const std::string visit = counter.open_visit();
  client::Client client = counter.connect();
  const auto refused = scan_card(client, visit);
  EXPECT_FALSE(refused);
  const protocol::Job job = counter.scan({.visit = visit});
  ASSERT_FALSE(job.captures.empty());
  ASSERT_TRUE(client::fetch_image(client, job.captures[0], "page", deadline_in(Milliseconds(10'000))));
  counter.kill_daemon();
  counter.start();
  client::Client anew = counter.connect();
  ASSERT_TRUE(anew.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit}));
  EXPECT_EQ(logged_actions(counter), (std::vector<std::string>{"visit.open ok", "scan.start visit.consent_missing",
                                                               "scan.start ok", "images.fetch ok", "visit.close ok"}));
  const protocol::AccessReport report = verify(counter);
  EXPECT_TRUE(report.good);
  EXPECT_TRUE(report.end_checked);
}

TEST(AccessLog, QuayctlNamesTheLineThatWasEdited) {
  Counter counter({.sheets = 1});
  counter.start();
  counter.open_visit();
  counter.open_visit();
  counter.open_visit();
  const std::filesystem::path file = counter.path() / "state/access.log";
  const auto check = [&](const std::vector<std::string>& more) {
    rig::ChildOptions child;
    child.arguments = {std::string(QUAY_BIN_DIRECTORY) + "/quayctl",
                       "--lang",
                       "en",
                       "--run",
                       counter.run_directory().string(),
                       "audit",
                       "verify"};
    child.arguments.insert(child.arguments.end(), more.begin(), more.end());
    child.output_directory = counter.path();
    child.output_name = "quayctl";
    auto started = rig::ChildProcess::start(child);
    EXPECT_TRUE(started);
    const auto ended = started->wait();
    return std::to_string(ended ? ended->code : -1) + " " + started->output();
  };
  EXPECT_TRUE(check({}).starts_with("0 3 lines, as they were written")) << check({});
  std::string text;
  {
    std::ifstream stream(file);
    text.assign(std::istreambuf_iterator<char>(stream), {});
  }
  const std::size_t at = text.find("visit.open", text.find('\n'));
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 10, "visit.shut");
  std::ofstream(file, std::ios::trunc) << text;
  EXPECT_NE(check({}).find("access.log:2: record 2: its text is not what was written"), std::string::npos);
  EXPECT_NE(check({file.string()}).find(":2: record 2: its text"), std::string::npos) << "without daemon and key";
  EXPECT_TRUE(check({}).starts_with("1 "));
}

TEST(FullDisk, RefusesANewScanBeforeThePaperMovesAndGoesOnWhenThereIsRoom) {
  Counter counter({.sheets = 2, .keep_free_mib = 40});
  const DiskImage disk(counter.path() / "state", 80ULL << 20U);
  ASSERT_TRUE(disk.mounted()) << "needs to mount a tmpfs";
  counter.start();
  const std::string visit = counter.open_visit();
  std::ofstream(counter.path() / "state/ballast") << std::string(32 << 20U, 'x');
  const auto refused = counter.start_scan({.visit = visit});
  ASSERT_FALSE(refused);
  EXPECT_EQ(code_of(refused.error()), "spool.full");
  EXPECT_EQ(counter.script().sheets_left(), 2);
  std::filesystem::remove(counter.path() / "state/ballast");
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done) << counter.daemon().transcript();
}

/// Fills the disk under `folder` until a scan at 75 dpi is refused.
void fill(const std::filesystem::path& folder, std::uint64_t keep_free) {
  const std::uint64_t spare = std::filesystem::space(folder).available - keep_free;
  std::ofstream(folder / "ballast") << std::string(spare - (3U << 20U), 'x');
}

TEST(FullDisk, OriginalsThatTheFrontEndHasSafeMakeRoomAndNothingElse) {
  Counter counter({.sheets = 6, .keep_free_mib = 40});
  const DiskImage disk(counter.path() / "state", 80ULL << 20U);
  ASSERT_TRUE(disk.mounted()) << "needs to mount a tmpfs";
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job first = counter.scan({.visit = visit});
  ASSERT_EQ(first.captures.size(), 6U) << counter.daemon().transcript();
  fill(counter.path() / "state", 40ULL << 20U);
  counter.script().load(1);
  ASSERT_FALSE(counter.start_scan({.visit = visit})) << "nobody has any page: nothing may go";
  client::Client client = counter.connect();
  const std::vector<std::string> safe(first.captures.begin(), first.captures.begin() + 5);
  ASSERT_TRUE(client.call_as<protocol::AcknowledgeResult>("capture.ack",
                                                          protocol::AcknowledgeArguments{visit, "portal", safe, {}}));
  EXPECT_EQ(counter.scan({.visit = visit}).state, JobState::done) << counter.daemon().transcript();
  std::vector<std::string> gone;
  for (const protocol::Capture& page : counter.captures(visit)) {
    if (!page.raw_kept) {
      gone.push_back(page.capture);
    }
    EXPECT_TRUE(client::fetch_image(client, page.capture, "page", deadline_in(Milliseconds(10'000))));
  }
  EXPECT_EQ(gone, std::vector<std::string>(safe.begin(), safe.begin() + 4)) << "the oldest four";
  const auto events =
      client.call_as<protocol::ReplayResult>("replay", protocol::ReplayArguments{{}, 1, 200, {"capture.raw_dropped"}});
  ASSERT_TRUE(events && events->events.size() == 1);
  EXPECT_EQ(boost::json::serialize(events->events[0].at("data").at("captures")),
            boost::json::serialize(boost::json::value_from(gone)));
  protocol::CaptureReworkArguments again;
  again.capture = gone.front();
  const auto rework = client.call_as<protocol::CaptureReworkResult>("capture.rework", again);
  ASSERT_FALSE(rework);
  EXPECT_EQ(rework.error().code, Errc::capture_original_gone);
}

TEST(FullDisk, InTheMiddleOfAJobKeepsWhatIsSafeAndTheVisitCanBePurged) {
  Counter counter({.sheets = 12});
  const DiskImage disk(counter.path() / "state", 24ULL << 20U);
  ASSERT_TRUE(disk.mounted()) << "needs to mount a tmpfs";
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job job = counter.scan({.visit = visit, .resolution_dpi = 100});
  EXPECT_EQ(counter.code_of(job), "spool.full") << counter.daemon().transcript();
  EXPECT_GT(job.pages, 0);
  EXPECT_TRUE(counter.daemon().running());
  client::Client client = counter.connect();
  const auto closed = client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit});
  ASSERT_TRUE(closed) << describe(closed.error());
  EXPECT_EQ(closed->pages, job.pages);
  counter.script().load(2);
  const std::string next = counter.open_visit();
  EXPECT_EQ(counter.scan({.visit = next}).state, JobState::done) << counter.daemon().transcript();
}

}  // namespace
}  // namespace quay::system_test
