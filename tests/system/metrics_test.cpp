// SPDX-License-Identifier: Apache-2.0
// The metrics of a real quayd: what happened at the counter is in them, nothing of a citizen is, Prometheus' own tools
// take them, and the real collector reads the file.
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

#include "protocol/client/usage.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/front_end.hpp"

namespace quay::system_test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// Runs a program that reads `typed` and gives what it said.
Said run(const Counter& counter, std::vector<std::string> words, const std::string& typed) {
  rig::ChildOptions options;
  options.arguments = std::move(words);
  options.output_directory = counter.path();
  options.output_name = "tool";
  options.pipe_input = true;
  auto child = rig::ChildProcess::start(options);
  if (child) {
    EXPECT_EQ(::write(child->input().get(), typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
    child->input().reset();
  }
  const auto ended = child ? child->wait(Milliseconds(60'000)) : tl::unexpected(child.error());
  return {ended ? ended->code : -1, child ? child->output() : "", child ? child->errors() : child.error().detail};
}

std::string metrics(Counter& counter) {
  client::Client client = counter.connect();
  const auto result = client.call_as<protocol::MetricsResult>("metrics.get", protocol::NoArguments{});
  return result ? result->text : describe(result.error());
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Metrics, SayWhatHappenedAtTheCounterAndNothingOfWhoWasThere) {
  Counter counter({.sheets = 3});
  counter.start();
  const std::string visit = counter.open_visit({{}, "nv-042", "1.004222"});
  EXPECT_EQ(counter.scan({.visit = visit}).pages, 3);
  const std::string open = metrics(counter);
  EXPECT_THAT(open, HasSubstr("\nquay_pages_captured_total{source=\"scanner\"} 3\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_page_ready_seconds_count{source=\"scanner\"} 3\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_jobs_total{kind=\"scan\",state=\"done\"} 1\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_device_status{device=\"scanner-1\",kind=\"scanner\",status=\"ready\"} 1\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_device_status{device=\"scanner-1\",kind=\"scanner\",status=\"faulty\"} 0\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_commands_total{command=\"scan.start\",code=\"ok\"} 1\n"));
  EXPECT_THAT(open, HasSubstr("\nquay_visits_open 1\n"));
  EXPECT_THAT(open, Not(HasSubstr("\nquay_spool_objects 0\n")));
  client::Client client = counter.connect();
  ASSERT_TRUE(client.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit}));
  const std::string closed = metrics(counter);
  EXPECT_THAT(closed, HasSubstr("\nquay_visits_closed_total{reason=\"closed\"} 1\n"));
  EXPECT_THAT(closed, HasSubstr("\nquay_visits_open 0\n"));
  EXPECT_THAT(closed, HasSubstr("\nquay_spool_objects 0\n"));
  for (const char* mark : {visit.c_str(), "nv-042", "1.004222"}) {
    EXPECT_THAT(open + closed, Not(HasSubstr(mark)));
  }
}

TEST(Metrics, FailuresDeadWorkersAndRefusedCommandsAreCountedByWhatTheyWere) {
  Counter counter({.sheets = 3});
  counter.script().fault("start JAMMED page=2");
  counter.start();
  const std::string visit = counter.open_visit();
  const protocol::Job jammed = counter.scan({.visit = visit});
  EXPECT_EQ(counter.code_of(jammed), "paper.jam");
  client::Client client = counter.connect();
  EXPECT_EQ(call(client, "job.get", {{"job", "none"}}), "job.unknown");
  EXPECT_EQ(call(client, "personal.name", {}), "request.unknown_command");
  const auto count = [&] { return counter.workers("quay-scanner").size(); };
  ASSERT_EQ(count(), 1U);
  ::kill(counter.workers("quay-scanner").front(), SIGKILL);
  const auto counted = [&] {
    return metrics(counter).find("\nquay_worker_exits_total{program=\"quay-scanner\",how=\"signal\"} 1\n") !=
           std::string::npos;
  };
  EXPECT_TRUE(rig::wait_until(counted, Milliseconds(20'000)));
  const std::string text = metrics(counter);
  EXPECT_THAT(text, HasSubstr("\nquay_job_failures_total{device=\"scanner-1\",code=\"paper.jam\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nquay_commands_total{command=\"job.get\",code=\"job.unknown\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nquay_commands_total{command=\"unknown\",code=\"request.unknown_command\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("personal.name"))) << "a label is not the sender's to choose";
}

TEST(Metrics, SubscriptionsAreCountedAndGoWithTheirConnection) {
  Counter counter;
  counter.start();
  const auto subscriptions = [&](const char* wanted) {
    return [&counter, wanted] {
      return metrics(counter).find(std::string("\nquay_event_subscriptions ") + wanted + "\n") != std::string::npos;
    };
  };
  EXPECT_TRUE(rig::wait_until(subscriptions("0"), Milliseconds(20'000)));
  {
    zmq::context_t context;
    zmq::socket_t events(context, zmq::socket_type::sub);
    events.connect("ipc://" + (counter.run_directory() / "events").string());
    events.set(zmq::sockopt::subscribe, "capture.");
    events.set(zmq::sockopt::subscribe, "job.");
    EXPECT_TRUE(rig::wait_until(subscriptions("2"), Milliseconds(20'000)));
  }
  EXPECT_TRUE(rig::wait_until(subscriptions("0"), Milliseconds(20'000))) << "nobody is left";
}

TEST(Metrics, PrometheusOwnToolFindsThemSound) {
  Counter counter({.sheets = 1});
  counter.start();
  counter.scan({.visit = counter.open_visit()});
  const Said shown = counter.quayctl({"metrics"});
  ASSERT_EQ(shown.code, 0) << shown.errors;
  EXPECT_THAT(shown.output, HasSubstr("# TYPE quay_build_info gauge\n"));
  const Said judged = run(counter, {"promtool", "check", "metrics"}, shown.output);
  EXPECT_EQ(judged.code, 0) << judged.output << judged.errors;
  EXPECT_EQ(judged.output + judged.errors, "");
  EXPECT_THAT(counter.quayctl({"--json", "metrics"}).output, HasSubstr("\"content_type\":\"text/plain; version=0.0.4"));
}

TEST(Metrics, AreForTechnicians) {
  Counter counter;
  counter.write_config("[[peer]]\nuid = " + std::to_string(::getuid()) + "\nroles = [\"front_end\"]\n");
  counter.start();
  EXPECT_THAT(metrics(counter), HasSubstr("has no role for it"));
}

TEST(MetricsFile, IsReadByTheRealCollectorThroughALinkAndGoesWhenTheDaemonStops) {
  Counter counter({.sheets = 1});
  const std::filesystem::path file = counter.path() / "out" / "quay.prom";
  std::filesystem::create_directory(file.parent_path());
  std::filesystem::create_directory(counter.path() / "collector");
  std::filesystem::create_symlink(file, counter.path() / "collector" / "quay.prom");
  counter.write_config("[metrics]\ntextfile = \"" + file.string() + "\"\nevery_s = 1\n");
  counter.start();
  counter.scan({.visit = counter.open_visit()});
  const auto written = [&] {
    return text_of(file).find("\nquay_pages_captured_total{source=\"scanner\"} 1\n") != std::string::npos;
  };
  ASSERT_TRUE(rig::wait_until(written, Milliseconds(20'000)));
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U) << "the collector is in no group of ours";
  const Said scraped =
      run(counter, {"python3", std::string(QUAY_TESTS) + "/node_exporter.py", counter.path() / "collector"}, "");
  ASSERT_EQ(scraped.code, 0) << scraped.errors;
  EXPECT_THAT(scraped.output, HasSubstr("\nquay_pages_captured_total{source=\"scanner\"} 1\n"));
  EXPECT_THAT(scraped.output, HasSubstr("\nnode_textfile_scrape_error 0\n"));
  EXPECT_THAT(scraped.output, HasSubstr("\nprocess_open_fds ")) << "its own, which ours must not be called";
  EXPECT_THAT(scraped.output, HasSubstr("node_textfile_mtime_seconds{file="));
  counter.stop_daemon();
  EXPECT_FALSE(std::filesystem::exists(file)) << "numbers of a daemon that is gone look like those of an idle one";
  EXPECT_TRUE(std::filesystem::is_empty(file.parent_path())) << "and nothing half written stays";
}

TEST(MetricsFile, ThatCannotBeWrittenIsToldOnceAndDisturbsNothing) {
  Counter counter({.sheets = 1});
  counter.write_config("[metrics]\ntextfile = \"/nowhere/quay.prom\"\nevery_s = 1\n");
  counter.start();
  EXPECT_EQ(counter.scan({.visit = counter.open_visit()}).state, protocol::JobState::done);
  const auto complaints = [&] {
    const std::string said = counter.daemon().errors();
    std::size_t found = 0;
    for (std::size_t at = said.find("metrics: "); at != std::string::npos; at = said.find("metrics: ", at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_TRUE(rig::wait_until([&] { return complaints() > 0; }, Milliseconds(20'000)));
  counter.stop_daemon();
  EXPECT_EQ(complaints(), 1U);
}

}  // namespace
}  // namespace quay::system_test
